"""Tells from its words alone whether a question is one that a union's documents may answer.

Three logistic regressions over characters and pairs of characters, learnt by `benchmarks/calibrate.py` from written
questions: the topic (labour and the union, or small talk and other law), the detail (a figure that reports tell, or an
address, a fee, an hour that they leave out), and the local standard (what the law itself says, or an amount that each
province sets). Places are masked: where somebody lives tells nothing.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.regions import Regions
from knowledge.words import occurrences

WEIGHTS = Path(__file__).parent / "scope.npy"
BITS = 15  # terms share 2 ** BITS weights
LIMIT = 6.0

_PLACE = "某地"
_MIX = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash

Features = NDArray[np.float32]


class Scope:
    """Gives a question log odds, within -6 and 6."""

    def __init__(self, weights: Features, regions: Regions) -> None:
        """`weights` are float32[3, 2 ** BITS + 1]: of topic, detail and local, the last of each the bias."""
        self._topic, self._detail, self._local = weights
        self._regions = regions

    def topic(self, question: str) -> float:
        """Return the log odds that the question is about work, rights or the union."""
        return self._logit(question, self._topic)

    def detail(self, question: str) -> float:
        """Return the log odds that it asks for the kind of thing that is written down."""
        return self._logit(question, self._detail)

    def local(self, question: str) -> float:
        """Return the log odds that the law itself answers it, rather than a standard that each place sets."""
        return self._logit(question, self._local)

    def _logit(self, question: str, weights: Features) -> float:
        columns = features(question, self._regions)
        told = weights[columns].sum() / np.sqrt(max(len(columns), 1))
        return float(np.clip(told + weights[-1], -LIMIT, LIMIT))


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
