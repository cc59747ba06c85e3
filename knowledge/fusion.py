"""Merge ranked lists into one.

Scores of different kinds cannot be added as they stand: BM25 grows with the question's length, cosine does not. Each
list is scaled, mostly to its own best, which keeps how far ahead the first is, where reciprocal ranks would forget it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """One list, best first, with its scores and its say in the whole."""

    rows: Sequence[int]
    scores: Sequence[float]
    weight: float
    full: float | None = None  # the score that earns the whole weight; the list's own best if None
    cut: bool = False  # whether rows are missing only because the list is long enough


def fuse(lists: Sequence[Ranked]) -> Mapping[int, float]:
    """Return each row's fused score, between 0 and the sum of the weights, best first.

    A row that a cut list does not hold may be as good there as its last row, so only what exceeds that one counts.
    """
    fused: dict[int, float] = {}
    for one in lists:
        full = one.full if one.full is not None else max(one.scores, default=0.0)
        floor = max(one.scores[-1], 0.0) if one.cut else 0.0
        for row, score in zip(one.rows, one.scores, strict=True):
            earned = (min(max(score, 0.0), full) - floor) / full if full > 0 else 0.0
            fused[row] = fused.get(row, 0.0) + one.weight * earned
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))
