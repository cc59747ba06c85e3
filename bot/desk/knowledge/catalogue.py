"""What the generations hold, looked up without opening them to search."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from functools import lru_cache

from knowledge.archive import Archive, DocumentKey, Outline
from knowledge.difference import Difference, difference
from knowledge.generation import GenerationError, Generations
from knowledge.manifest import Manifest
from knowledge.model import Document, DocumentKind
from knowledge.review import Review, load_review
from knowledge.superseded import Supersession, load_superseded

_KEPT = 4  # generations whose outlines are kept at hand


class Catalogue:
    """Looks into the folders of generations beside the loop; a generation never changes, so what was seen is kept."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._outlined = lru_cache(maxsize=_KEPT)(self._outlines)
        self._replaced = lru_cache(maxsize=_KEPT)(self._outdated)
        self._compared = lru_cache(maxsize=_KEPT)(self._difference)

    async def manifests(self) -> list[Manifest]:
        """Return what the generations state of themselves, newest first."""
        return await asyncio.to_thread(self._generations.manifests)

    def current(self) -> str | None:
        """Return the id of the generation that serves."""
        return self._generations.current()

    def waiting(self) -> str | None:
        """Return the id of the generation that lies ready."""
        return self._generations.waiting()

    def chosen(self) -> bool:
        """Tell whether the bot keeps to the serving generation when it starts, whatever has changed since."""
        return self._generations.chosen()

    async def outlines(self, generation: str) -> Mapping[DocumentKey, Outline]:
        """Return what each document of a generation states; raise GenerationError where it is damaged or gone."""
        return await asyncio.to_thread(self._outlined, generation)

    async def outdated(self, generation: str, day: date) -> Mapping[DocumentKey, tuple[Supersession, ...]]:
        """Return the guides that rest on acts which others have replaced by that day, and these acts.

        Raise GenerationError where the generation is damaged or gone.
        """
        return await asyncio.to_thread(self._replaced, generation, day)

    async def difference(self, before: str, after: str) -> Difference:
        """Return what changed between two generations; raise GenerationError where one is damaged or gone."""
        return await asyncio.to_thread(self._compared, before, after)

    async def review(self, generation: str) -> Review | None:
        """Return the golden questions before and after; raise ReviewError where they cannot be read."""
        return await asyncio.to_thread(load_review, self._generations.folder / generation)

    async def document(self, generation: str, source: str, record: int | str | None) -> Document | None:
        """Return a document of a generation; raise GenerationError where that is damaged or gone."""
        return await asyncio.to_thread(self._document, generation, source, record)

    def _outlines(self, generation: str) -> Mapping[DocumentKey, Outline]:
        with closing(self._archive(generation)) as archive:
            return {(outline.source, outline.record): outline for outline in archive.outlines()}

    def _outdated(self, generation: str, day: date) -> Mapping[DocumentKey, tuple[Supersession, ...]]:
        superseded, found = load_superseded(), dict[DocumentKey, tuple[Supersession, ...]]()
        with closing(self._archive(generation)) as archive:
            for outline in archive.outlines():
                guide = archive.document(outline.source, outline.record) if outline.kind is DocumentKind.GUIDE else None
                acts = [superseded.named(law) for law in laws_of(guide)] if guide else []
                if replaced := tuple(act for act in acts if act is not None and act.since <= day):
                    found[outline.source, outline.record] = replaced
        return found

    def _difference(self, before: str, after: str) -> Difference:
        return difference(self._generations, self._manifest(before), self._manifest(after))

    def _document(self, generation: str, source: str, record: int | str | None) -> Document | None:
        with closing(self._archive(generation)) as archive:
            return archive.document(source, record)

    def _archive(self, generation: str) -> Archive:
        manifest = self._manifest(generation)
        try:
            return Archive(self._generations.folder / manifest.id / "texts.sqlite3", manifest.passages)
        except (ValueError, sqlite3.Error) as error:
            raise GenerationError(f"The generation {generation} is damaged: {error}.") from error

    def _manifest(self, generation: str) -> Manifest:
        """Return the manifest of one that is listed: an id from an address is never a path."""
        for manifest in self._generations.manifests():
            if manifest.id == generation:
                return manifest
        raise GenerationError(f"There is no generation {generation}; the page lists those that there are.")


def laws_of(document: Document) -> tuple[str, ...]:
    """Return the acts that a document rests on, as a whole or in one of its sections, each once."""
    named = (*document.statutes, *(statute for block in document.blocks for statute in block.statutes))
    return tuple(dict.fromkeys(statute.law for statute in named))
