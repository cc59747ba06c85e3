"""Hold the index as a row of immutable generations, one folder each, of which `CURRENT` names the one that serves.

Nothing ever writes into a folder that somebody reads: a new generation is built beside the others and takes over by
one atomic rename, so readers in any process are safe, and deleted text is gone with its folder.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.archive import Archive
from knowledge.embedder import Embedder
from knowledge.errors import NiangjiaError
from knowledge.files import sync_folder
from knowledge.filters import Filters
from knowledge.keyword import Hits, KeywordIndex, Mask
from knowledge.manifest import Manifest
from knowledge.model import Document, Passage
from knowledge.store import VectorStore

KEPT = 3  # generations that pruning leaves, the current one counted in
STAGING = ".building-"  # how the folder of an unfinished generation begins
_EXACT_SHARE = 0.2  # admitted rows below this share are compared one by one, which is exact and then cheaper too
_EXACT_ROWS = 4096  # so many rows are always compared so: a millisecond at most, where Chroma takes two
_OVERFETCH = 2  # how many times more rows to take from Chroma where some are not admitted

Vectors = NDArray[np.float32]


class GenerationError(NiangjiaError):
    """Say why there is no index to answer from and what to do."""


class Generation:
    """One generation, opened to read. Safe to share between threads; `close` frees its memory."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open a folder; raise GenerationError or StoreError if it is damaged or was built for another embedder."""
        self.folder = folder
        self.manifest = _manifest(folder)
        _check(self.manifest, embedder)
        rows = self.manifest.passages
        try:
            self.archive = Archive(folder / "texts.sqlite3", rows)
            self.keyword = KeywordIndex.load(folder / "keyword", rows)
            self.questions = KeywordIndex.load(folder / "questions", rows)
            self.vectors: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            self.filters = Filters.load(folder)
        except (OSError, ValueError, sqlite3.Error) as error:
            raise GenerationError(
                f"The index {folder} is damaged ({error}); run `niangjia ingest` to build it anew."
            ) from error
        self._store = VectorStore.open(folder / "chroma")
        self.admitted = lru_cache(maxsize=32)(self.filters.admitted)  # the same days and regions, question by question
        self._documents = lru_cache(maxsize=64)(self.archive.document)  # every quote is held against its own

    @property
    def id(self) -> str:
        """Return the folder's name."""
        return self.manifest.id

    def dense(self, vector: Vectors, limit: int, admitted: Mask) -> Hits:
        """Return the admitted rows whose vectors are nearest to `vector`, and their cosines."""
        if not vector.any():
            return self._store.search(vector, 0)
        allowed = int(admitted.sum())
        if allowed > _EXACT_ROWS and allowed == len(admitted):
            return self._store.search(vector, limit)
        if allowed > max(_EXACT_ROWS, _EXACT_SHARE * len(admitted)):
            found = self._store.search(vector, limit * _OVERFETCH)
            keep = np.flatnonzero(admitted[found.rows])[:limit]
            if len(keep) == min(limit, allowed):
                return Hits(found.rows[keep], found.scores[keep])
        rows = np.flatnonzero(admitted)
        cosines = self.vectors[rows] @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return Hits(rows[best], cosines[best])

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Return how near the rows' vectors are to `vector`."""
        cosines: Vectors = self.vectors[rows] @ vector
        return cosines

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of the rows, in the order asked for."""
        return self.archive.passages(rows)

    def passage(self, row: int) -> Passage:
        """Return the passage of a row."""
        return self.archive.passages([row])[0]

    def document(self, source: str, record: int | str | None = None) -> Document | None:
        """Return the document of a source, or of one record in it; None if there is none."""
        return self._documents(source, record)

    def sources(self) -> tuple[str, ...]:
        """Return every file that the generation was made of."""
        return tuple(self.manifest.files)

    def close(self) -> None:
        """Release files and memory."""
        self._store.close()
        self.archive.close()


class Generations:
    """The generations of one home: which there are, and which one serves."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "index"
        self.pointer = self.folder / "CURRENT"
        self._offer = self.folder / "NEXT"
        self._choice = self.folder / "CHOSEN"

    def current(self) -> str | None:
        """Return the id of the generation that serves, None before the first ingest."""
        return _line(self.pointer)

    def current_manifest(self) -> Manifest | None:
        """Return what the serving generation states of itself, None if there is none that can be read."""
        current = self.current()
        if current is None:
            return None
        try:
            return _manifest(self.folder / current)
        except GenerationError:
            return None

    def open(self, embedder: Embedder, generation: str | None = None) -> Generation:
        """Open a generation, the serving one by default; raise GenerationError where there is none."""
        chosen = generation or self.current()
        if chosen is None:
            raise GenerationError(f"There is no index in {self.folder} yet; run `niangjia ingest` first.")
        return Generation(self.folder / chosen, embedder)

    def manifests(self) -> list[Manifest]:
        """Return the manifests of all generations, newest first."""
        return sorted(self._readable(), key=lambda manifest: (manifest.created, manifest.id), reverse=True)

    def waiting(self) -> str | None:
        """Return the id of the generation that lies ready for somebody to look at and switch to, None if none does."""
        return _line(self._offer)

    def offer(self, generation: str | None) -> None:
        """Let a generation lie ready, or none; the one that did so far is deleted unless it serves by now."""
        before = self.waiting()
        if before not in (None, generation, self.current()):
            shutil.rmtree(self.folder / str(before), ignore_errors=True)
        if generation is None:
            self._offer.unlink(missing_ok=True)
        else:
            self._offer.write_text(f"{generation}\n", "utf8")

    def switch(self, generation: str) -> None:
        """Let a generation serve, by one atomic rename."""
        _manifest(self.folder / generation)
        fresh = self.pointer.with_name(f"CURRENT.{os.getpid()}")
        with fresh.open("w", encoding="utf8") as file:
            file.write(f"{generation}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.pointer)
        sync_folder(self.folder)
        if generation == self.waiting():
            self.offer(None)

    def rollback(self) -> str:
        """Let the generation before the serving one serve and return its id; raise GenerationError if there is none."""
        waiting, current = self.waiting(), self.current()  # what lies ready has never served
        ids = [manifest.id for manifest in self.manifests() if manifest.id != waiting]
        older = ids[ids.index(current) + 1 :] if current in ids else ids
        if not older:
            raise GenerationError("There is no older generation to go back to; `niangjia generations` lists them.")
        self.switch(older[0])
        return older[0]

    def discard(self) -> str | None:
        """Throw away the generation that lies ready and return its id; what serves is then somebody's choice."""
        waiting, current = self.waiting(), self.current()
        self.offer(None)
        if waiting is not None and current is not None:
            self._choice.write_text(f"{current}\n", "utf8")
        return waiting

    def chosen(self) -> bool:
        """Tell whether somebody wants the serving generation though the sources may say otherwise.

        They went back from a newer one, have not let it serve yet, or threw it away; `release` ends that.
        """
        current, ids = self.current(), [manifest.id for manifest in self.manifests()]
        return current is not None and (current in ids[1:] or current == _line(self._choice))

    def release(self) -> None:
        """Let the next start go forward again: somebody has asked for what the sources say."""
        self._choice.unlink(missing_ok=True)

    def prune(self, keep: int = KEPT) -> list[str]:
        """Delete all but the newest `keep` generations and the serving one; return the ids deleted."""
        current = self.current()
        kept = [manifest.id for manifest in self.manifests() if manifest.id != current][: keep - 1]
        deleted = [manifest.id for manifest in self._readable() if manifest.id not in {*kept, current}]
        for generation in deleted:
            shutil.rmtree(self.folder / generation, ignore_errors=True)
        return deleted

    def clean(self) -> None:
        """Delete what an ingest that was killed left behind; only the holder of the lock may call this."""
        for leftover in [*self.folder.glob(f"{STAGING}*"), *self.folder.glob("CURRENT.*")]:
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)

    def _readable(self) -> Iterator[Manifest]:
        for path in self.folder.glob("*/manifest.json"):
            if not path.parent.name.startswith(STAGING):
                try:
                    yield _manifest(path.parent)
                except GenerationError:  # of another version of Niangjia: not ours to list, nor to delete
                    continue


def _line(file: Path) -> str | None:
    try:
        return file.read_text("utf8").strip() or None
    except FileNotFoundError:
        return None


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.load(folder)
    except (OSError, ValueError) as error:
        raise GenerationError(
            f"The index {folder} cannot be read ({error}); run `niangjia ingest` to build it anew."
        ) from error


def _check(manifest: Manifest, embedder: Embedder) -> None:
    if (manifest.model, manifest.dimension) != (embedder.name, embedder.dimension):
        raise GenerationError(
            f"The index was built with the embedding model {manifest.model} ({manifest.dimension} dimensions), but "
            f"{embedder.name} ({embedder.dimension}) is set: run `niangjia ingest` to build it with this one, "
            "or set EMBEDDING_MODEL back."
        )
