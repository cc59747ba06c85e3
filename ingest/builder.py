"""Write one generation's folder: texts, keyword index, vectors, and Chroma from the vectors."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ingest.progress import Report
from knowledge.archive import Archive, ArchiveWriter, Kept, encode
from knowledge.embedder import Embedder
from knowledge.filters import Conditions, Filters
from knowledge.keyword import KeywordIndex
from knowledge.model import Document, Passage
from knowledge.store import VectorStore
from knowledge.words import indexed_text

_BATCH = 2048  # passages embedded at once

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reusable:
    """The vectors of an earlier generation of the same embedder, by what each was made from."""

    rows: dict[bytes, int]
    vectors: Vectors

    @classmethod
    def of(cls, archive: Archive, folder: Path) -> "Reusable":
        """Open those of a generation's folder."""
        return cls(archive.keys(), np.load(folder / "vectors.npy", mmap_mode="r"))


NOTHING = Reusable({}, np.empty((0, 0), np.float32))


@dataclass(slots=True)
class Stopwatch:
    """Adds up the seconds of each phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count the time inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


class Builder:
    """Take documents with their passages one after the other, then build all indexes over them."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty folder."""
        self._folder = folder
        self._archive = ArchiveWriter(folder / "texts.sqlite3")
        self._texts: list[str] = []
        self._keys: list[bytes] = []
        self._conditions: list[Conditions] = []
        self._asked: list[tuple[str, ...]] = []
        self._questions: list[str] = []
        self._owners: list[int] = []

    @property
    def questions(self) -> int:
        """Return how many questions the passages are known to answer."""
        return len(self._questions)

    def add(self, document: Document, kept: Kept, passages: Sequence[Passage]) -> None:
        """Append a document and its passages."""
        first = len(self._texts)
        for row, passage in enumerate(passages, first):
            text = indexed_text(passage)
            self._texts.append(text)
            self._keys.append(blake2b(text.encode("utf8", "surrogatepass"), digest_size=16).digest())
            self._conditions.append(Conditions.of(passage))
            self._asked.append(passage.questions)
            self._questions += passage.questions
            self._owners += [row] * len(passage.questions)
        self._archive.add_document(document, kept)
        self._archive.add_passages(
            first, (Kept(encode(passage), key) for passage, key in zip(passages, self._keys[first:], strict=True))
        )

    def finish(self, embedder: Embedder, reusable: Reusable, watch: Stopwatch, report: Report) -> int:
        """Write everything and return how many passages were embedded anew.

        Raises OSError, sqlite3.Error or StoreError where the disk does not take it.
        """
        with watch.phase("texts"):
            self._archive.finish()
            Filters.build(self._conditions).save(self._folder)
        with watch.phase("keyword"):
            report("keyword", 0, None)
            # A passage's questions are words of its own: together they say in workers' words what it says in the law's.
            worded = ["\n".join((text, *asked)) for text, asked in zip(self._texts, self._asked, strict=True)]
            KeywordIndex.build(worded).save(self._folder / "keyword")
            KeywordIndex.build(self._questions, self._owners, len(self._texts)).save(self._folder / "questions")
        with watch.phase("embed"):
            embedded = self._write_vectors(embedder, reusable, report)
        with watch.phase("chroma"):
            vectors = np.load(self._folder / "vectors.npy", mmap_mode="r")
            VectorStore.create(
                self._folder / "chroma", vectors, lambda done: report("chroma", done, len(vectors))
            ).close()
        return embedded

    def close(self) -> None:
        """Let go of the files, finished or not."""
        self._archive.close()

    def _write_vectors(self, embedder: Embedder, reusable: Reusable, report: Report) -> int:
        """Write vectors.npy, a batch at a time, and return how many of them are new.

        Not through a memory map: where the disk is full, a written map kills the process instead of raising an error.
        """
        shape = (len(self._texts), embedder.dimension)
        header = {"descr": npy.dtype_to_descr(np.dtype(np.float32)), "fortran_order": False, "shape": shape}
        with (self._folder / "vectors.npy").open("wb") as file:
            npy.write_array_header_1_0(file, header)
            for start in range(0, shape[0], _BATCH):
                file.write(self._vectors(slice(start, start + _BATCH), embedder, reusable).tobytes())
                report("embed", min(start + _BATCH, shape[0]), shape[0])
        return sum(key not in reusable.rows for key in self._keys)

    def _vectors(self, part: slice, embedder: Embedder, reusable: Reusable) -> Vectors:
        known = [reusable.rows.get(key) for key in self._keys[part]]
        vectors = np.empty((len(known), embedder.dimension), np.float32)
        new = [index for index, row in enumerate(known) if row is None]
        old = [index for index, row in enumerate(known) if row is not None]
        if old:
            vectors[old] = reusable.vectors[[row for row in known if row is not None]]
        if new:
            texts = self._texts[part]
            vectors[new] = embedder.embed([texts[index] for index in new])
        return vectors
