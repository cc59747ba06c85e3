"""Keep the vectors of one generation in Chroma, and nothing else there: no text, so none can linger in its files.

A vector's id is the row of its passage. Filters stay outside: `where` over 58,582 rows costs Chroma 137 ms a question,
while fetching a few more rows and masking them costs nothing that can be measured.
"""

import ctypes
from collections.abc import Callable
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from knowledge.errors import NiangjiaError
from knowledge.keyword import Hits

_COLLECTION = "passages"
_BATCH = 5000  # Chroma takes 5,461 at most
# Measured on 58,582 vectors: a search width of 200 finds 98 % of the true hundred nearest at 1.8 ms, Chroma's own 100
# finds 92 % at 1.3 ms; a build width below Chroma's own saves a fifth of the build and no search notices.
_GRAPH: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_construction": 64, "ef_search": 200}}

Vectors = NDArray[np.float32]


def _silent(done: int) -> None:
    """Report nothing."""


class StoreError(NiangjiaError):
    """Say that the vectors could not be kept or found."""


class VectorStore:
    """Find the nearest vectors. One long-lived client a folder; `close` gives its memory back."""

    def __init__(self, client: Client, collection: chromadb.Collection) -> None:
        self._client = client
        self._collection = collection
        self._count = collection.count()

    @classmethod
    def create(cls, folder: Path, vectors: Vectors, report: Callable[[int], None] = _silent) -> "VectorStore":
        """Write float32[n, d] into a new folder; rows of zeros (texts without a known token) are left out.

        `report` hears how many rows are done.
        """
        client = _client(folder)
        try:
            collection = client.create_collection(_COLLECTION, embedding_function=None, configuration=_GRAPH)
            for start in range(0, len(vectors), _BATCH):
                batch = np.asarray(vectors[start : start + _BATCH])
                rows = np.flatnonzero(batch.any(axis=1))
                if len(rows):
                    collection.upsert(ids=[str(start + row) for row in rows], embeddings=batch[rows])
                report(min(start + _BATCH, len(vectors)))
        except ChromaError as error:
            client.close()
            raise StoreError(f"Chroma could not write {folder}: {error}.") from error
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> "VectorStore":
        """Open a folder written by `create`, and load it into memory with a first question."""
        if not (folder / "chroma.sqlite3").exists():  # or Chroma would make an empty database there
            raise StoreError(f"{folder} holds no vectors; run `niangjia ingest` to build the index anew.")
        client = None
        try:
            client = _client(folder)
            store = cls(client, client.get_collection(_COLLECTION, embedding_function=None))
            store._probe()
        except Exception as error:  # of a damaged folder Chroma raises what its Rust core does, panics too
            if client is not None:
                client.close()
            raise StoreError(
                f"Chroma could not open {folder} ({error}); run `niangjia ingest` to build the index anew."
            ) from error
        return store

    def search(self, vector: Vectors, limit: int) -> Hits:
        """Return the rows nearest to float32[d] and their cosines, best first."""
        wanted = min(limit, self._count)
        if wanted <= 0 or not vector.any():
            return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
        found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=wanted, include=["distances"])
        distances = found["distances"] or [[]]
        return Hits(np.array(found["ids"][0], np.int64), 1 - np.array(distances[0], np.float32))

    def close(self) -> None:
        """Release the files and the memory; closing twice does no harm."""
        self._client.close()
        _return_memory()

    def _probe(self) -> None:
        if self._count:
            sample = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            assert sample is not None  # noqa: S101 - asked for in `include`
            self.search(np.asarray(sample[0], np.float32), 1)


def _client(folder: Path) -> Client:
    settings = Settings(is_persistent=True, persist_directory=str(folder), anonymized_telemetry=False)
    return Client(settings=settings)


def _return_memory() -> None:
    """Hand freed memory back to the system.

    glibc keeps it otherwise: over twenty switches of 58,582 vectors the process grew by 30 %, and by 2 % with this.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none and need none
    if trim is not None:
        trim(0)
