"""Read all sources once: what goes in, what fails, and how it compares with the generation before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from ingest.readers import iter_documents
from ingest.result import Counts
from ingest.sources import Failure, SourceFile
from ingest.splitter import split
from knowledge.archive import DocumentKey, Kept, encode
from knowledge.bank import Bank
from knowledge.manifest import SourceEntry
from knowledge.model import Document, Passage, content_id
from knowledge.regions import Regions
from knowledge.superseded import Superseded

KEEP_SHARE = 0.7  # of its passages that a source must keep from one generation to the next
_LINES_NAMED = 3  # bad lines of one file that its reason names

Found = tuple[Document, Kept, list[Passage]]


def entries(files: Iterable[SourceFile | Failure]) -> tuple[list[SourceFile], dict[str, SourceEntry], list[Failure]]:
    """Return the files that can be opened, an entry with a content hash for every source, and what failed already."""
    readable: list[SourceFile] = []
    known: dict[str, SourceEntry] = {}
    failures: list[Failure] = []
    for file in files:
        if isinstance(file, SourceFile):
            try:
                with file.path.open("rb") as content:
                    known[file.source] = SourceEntry(_digest(content))
                readable.append(file)
                continue
            except OSError as error:
                file = Failure(file.source, f"cannot be opened: {error.strerror or error}")
        known[file.source] = SourceEntry(content_id(file.reason))
        failures.append(file)
    return readable, known, failures


def _digest(content: Iterable[bytes]) -> str:
    digest = blake2b(digest_size=16)
    for part in content:
        digest.update(part)
    return digest.hexdigest()


def reasons(failures: Iterable[Failure]) -> dict[str, str]:
    """Return one reason a file; where lines of records are bad, the first of them by number."""
    grouped: dict[str, list[str]] = {}
    for failure in failures:
        line = "" if failure.line is None else f"line {failure.line} "
        grouped.setdefault(failure.source, []).append(f"{line}{failure.reason}")
    return {source: _joined(lines) for source, lines in grouped.items()}


def _joined(lines: list[str]) -> str:
    more = f"; and {len(lines) - _LINES_NAMED} more" if len(lines) > _LINES_NAMED else ""
    return "; ".join(lines[:_LINES_NAMED]) + more


@dataclass(slots=True)
class Reading:
    """Go through the files and keep count."""

    superseded: Superseded
    bank: Bank
    earlier: Mapping[DocumentKey, bytes]  # digests of the generation before
    sources: dict[str, SourceEntry]
    failures: list[Failure]
    regions: Regions | None = None  # in which documents may hold; those that ship if None
    warnings: list[str] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    _added: int = 0
    _changed: int = 0
    _unchanged: int = 0
    _contents: dict[bytes, str] = field(default_factory=dict)

    def documents_of(self, files: Iterable[SourceFile]) -> Iterator[Found]:
        """Yield each document with its passages; failures, warnings and counts gather meanwhile."""
        for file in files:
            for found in iter_documents(file, regions=self.regions):
                if isinstance(found, Failure):
                    self.failures.append(found)
                elif not self._twin(found):
                    document = self.superseded.apply(found)
                    passages = self.bank.attach(split(document))
                    self._count(document, kept := _kept(document), len(passages))
                    yield document, kept, passages

    def counts(self) -> Counts:
        """Return the four counts, once everything is read."""
        return Counts(self._added, self._changed, self._unchanged, len(self.earlier) - self._changed - self._unchanged)

    def shrunk(self, before: Mapping[str, SourceEntry]) -> dict[str, tuple[int, int]]:
        """Return passages before and now of the sources that lost more than they may; vanished ones do not count."""
        return {
            source: (entry.passages, self.sources[source].passages)
            for source, entry in before.items()
            if source in self.sources and self.sources[source].passages < KEEP_SHARE * entry.passages
        }

    def _twin(self, document: Document) -> bool:
        """Tell whether another file already gave the same document; records of one file may repeat themselves."""
        if document.record is not None:
            return False
        content = blake2b(repr((document.title, document.text, document.regions)).encode("utf8", "backslashreplace"))
        first = self._contents.setdefault(content.digest(), document.source)
        if first == document.source:
            return False
        self.warnings.append(f"{document.source} is the same document as {first} and was left out")
        return True

    def _count(self, document: Document, kept: Kept, passages: int) -> None:
        entry = self.sources[document.source]
        self.sources[document.source] = replace(
            entry, documents=entry.documents + 1, passages=entry.passages + passages
        )
        self.warnings += [f"{document.source}: {warning}" for warning in document.warnings]
        self.documents += 1
        self.passages += passages
        before = self.earlier.get((document.source, document.record))
        self._added += before is None
        self._unchanged += before == kept.digest
        self._changed += before is not None and before != kept.digest


def _kept(document: Document) -> Kept:
    data = encode(document)
    return Kept(data, blake2b(data, digest_size=16).digest())
