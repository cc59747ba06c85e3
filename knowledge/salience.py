"""Know which words of a question its answer is likely to hold: 工伤 mostly, 老板 hardly ever.

BM25 weighs a term by how few passages hold it, as if every answer held half of the question's terms. A worker's 老板 or
咋个 is rare in the law and would weigh most. How often the passage that answers a question of the bank holds a term of
it puts that right (Robertson and Sparck Jones, 1976); a term that the bank hardly knows counts as BM25 has it.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.words import Codes, Weights

LEARNT = Path(__file__).parent / "salience.npz"  # by `benchmarks/calibrate.py`

USUAL = 0.15  # how often answers hold a term of which nothing is known
STRENGTH = 0.35  # of what was learnt; 1 would be the theory, which knows no other words than the bank's
_LEAST = 0.05  # rarity is not divided by less


class Salience:
    """Weighs terms."""

    def __init__(self, codes: Codes, surplus: NDArray[np.float32]) -> None:
        """`surplus` is by how much the log odds of each of the sorted terms exceed the usual ones."""
        self._codes = codes
        self._surplus = surplus

    @classmethod
    def of_counts(cls, codes: Codes, asked: NDArray[np.float64], held: NDArray[np.float64]) -> "Salience":
        """Learn from how many questions hold each of the sorted terms, and how many of their answers do too."""
        doubt = 10 * USUAL  # as if ten more questions were known, as usual as any
        return cls(codes, (_log_odds((held + doubt) / (asked + 10)) - _log_odds(USUAL)).astype(np.float32))

    @classmethod
    def of_nothing(cls) -> "Salience":
        """Know nothing, so that every term counts as BM25 has it."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.float32))

    def factors(self, codes: Codes, rarity: Weights) -> Weights:
        """Return what to multiply the BM25 weight of each term with, whose `rarity` (idf) is given; 0 at the least."""
        surplus = np.zeros(len(codes), np.float32)
        if len(self._codes):
            places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
            surplus = np.where(self._codes[places] == codes, self._surplus[places], surplus)
        factors: Weights = (np.maximum(rarity + STRENGTH * surplus, 0) / np.maximum(rarity, _LEAST)).astype(np.float32)
        return factors

    def save(self, file: Path) -> None:
        """Write what `load_salience` reads."""
        np.savez(file, codes=self._codes, surplus=self._surplus.astype(np.float16))


@cache
def load_salience(file: Path = LEARNT) -> Salience:
    """Read once what was learnt."""
    with np.load(file) as learnt:
        return Salience(learnt["codes"], learnt["surplus"].astype(np.float32))


def _log_odds(chance: NDArray[np.float64] | float) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.log(np.asarray(chance) / (1 - np.asarray(chance)))
    return odds
