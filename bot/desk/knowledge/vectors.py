"""Vectors that are kept for a while, for the same questions are looked at again and again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from knowledge.embedder import Embedder

MOST = 8_192  # texts, of 1 kB each with the built-in encoder


class KeptVectors:
    """An `Embedder` that remembers the vectors of the texts embedded last, and by their digests, not the texts."""

    def __init__(self, embedder: Embedder, most: int = MOST) -> None:
        self._embedder = embedder
        self._most = most
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the encoder's own name: the vectors are its."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32[n, dimension], as the encoder does; each text is embedded once. Safe to share by threads."""
        digests = [blake2b(text.encode(), digest_size=16).digest() for text in texts]
        with self._lock:
            known = {digest: self._kept[digest] for digest in digests if digest in self._kept}
            missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
            known |= zip(missing, self._embedder.embed(list(missing.values())), strict=True)
            for digest in known:
                self._kept[digest] = known[digest]
                self._kept.move_to_end(digest)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.array([known[digest] for digest in digests], np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return float32[dimension] of a question."""
        return self._embedder.embed_query(text)
