"""The acts that documents and questions may name: which articles they have, and whether they are in force."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.readers import ReadError, iter_documents
from ingest.sources import Failure, walk
from ingest.statutes import short_name
from knowledge.errors import NiangjiaError
from knowledge.model import Document, Statute
from knowledge.superseded import load_superseded


class CorpusError(NiangjiaError):
    """Say which corpus of the check cannot be read."""


@dataclass(frozen=True, slots=True)
class Place:
    """An article of an act, or a section of an act or a case, with its words."""

    name: str  # 第八十五条, or the heading
    text: str


def act_name(name: str) -> str:
    """Return an act's name as all texts of it are compared by: without 中华人民共和国, date, and form of brackets."""
    return unicodedata.normalize("NFKC", short_name(name))


class Acts:
    """Knows acts by name and by article; a `complete` one holds every act that may be cited."""

    def __init__(self, documents: Iterable[Document], *, complete: bool = False) -> None:
        self._complete = complete
        self._superseded = load_superseded()
        self._places: dict[str, dict[str, Place]] = {}
        for document in documents:
            if self._superseded.of(document) is None:
                self._add(document)

    def places(self, act: str) -> dict[str, Place]:
        """Return what an act consists of, by article and heading; nothing where no text of it is known."""
        return self._places.get(act_name(act), {})

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all acts that are in force."""
        return tuple(self._places)

    def fault(self, statute: Statute) -> str | None:
        """Return what is wrong with the citation, or None where nothing is or nothing is known."""
        places = self.places(statute.law)
        if not places and (act := self._superseded.named(statute.law)) is not None:
            return f"{statute.law} was replaced by {act.replaced_by} on {act.since}"
        if not places:
            if not self._complete:
                return None
            return f"no corpus holds {statute.law}: correct the name, or list it under unverified"
        if statute.article is not None and statute.article not in places:
            return f"{statute.law} has no {statute.article}"
        return None

    def _add(self, document: Document) -> None:
        places = self._places.setdefault(act_name(document.law or document.title), {})
        for block in document.blocks:
            if key := block.article or (block.path[-1] if block.path else None):
                places.setdefault(key, Place(key, document.text[block.start : block.end]))


def read_corpus(paths: Sequence[Path]) -> list[Document]:
    """Read all documents at and below the paths; raise CorpusError at the first that cannot be read."""
    return [document for path in paths for document in _documents(path)]


def _documents(path: Path) -> Iterable[Document]:
    for file in walk(path):
        if isinstance(file, Failure):
            raise CorpusError(f"{file.source} {file.reason}.")
        try:
            for document in iter_documents(file):
                if isinstance(document, Failure):
                    raise CorpusError(f"{document.source} {document.reason}.")
                yield document
        except ReadError as error:
            raise CorpusError(f"{file.source} {error}.") from error
