"""Tells questions that a union's documents may answer from small talk, other law, and details that nobody wrote down.

A logistic regression over characters and pairs of characters, learnt by `benchmarks/calibrate.py` from the question
bank (what is answered) and from `knowledge/questions/unanswerable` (what is not). Places are masked: where somebody
lives tells nothing.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.regions import Regions
from knowledge.words import occurrences

WEIGHTS = Path(__file__).parent / "scope.npy"
BITS = 15  # terms share 2 ** BITS weights

_PLACE = "某地"
_MIX = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash

Features = NDArray[np.float32]


class Scope:
    """Gives a question the log odds of being one that documents may answer."""

    def __init__(self, weights: Features, regions: Regions) -> None:
        """`weights` are float32[2 ** BITS + 1], the last one the bias."""
        self._weights = weights
        self._regions = regions

    def logit(self, question: str) -> float:
        """Return the log odds, above 0 where it more likely is."""
        columns = features(question, self._regions)
        if not len(columns):
            return float(self._weights[-1])
        return float(self._weights[columns].sum() / np.sqrt(len(columns)) + self._weights[-1])


def features(question: str, regions: Regions) -> NDArray[np.intp]:
    """Return the columns of the question's terms, each once; each weighs one over the root of their number."""
    codes, _ = occurrences([regions.masked(question, _PLACE)])
    hashed: NDArray[np.intp] = np.unique((codes * _MIX) >> np.uint64(64 - BITS)).astype(np.intp)
    return hashed


@cache
def load_weights(path: Path = WEIGHTS) -> Features:
    """Read the weights that are shipped."""
    weights: Features = np.load(path).astype(np.float32)
    return weights
