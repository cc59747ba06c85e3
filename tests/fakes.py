"""Small working stand-ins that several rooms' tests share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.words import occurrences

Vectors = NDArray[np.float32]


class HashingEmbedder:
    """Gives texts that share characters near vectors, and remembers what it was asked to embed."""

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self._vectors(texts)

    def embed_query(self, text: str) -> Vectors:
        vector: Vectors = self._vectors([text])[0]
        return vector

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        codes, rows = occurrences(texts)
        np.add.at(vectors, (rows, (codes % np.uint64(self.dimension)).astype(np.intp)), 1)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Vectors = np.divide(vectors, norms, out=vectors, where=norms > 0)
        return unit
