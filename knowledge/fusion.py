"""Merge ranked lists into one.

Scores of different kinds cannot be added as they stand: BM25 grows with the question's length, cosine does not. Each
list is scaled to its own best, which keeps how far ahead the first is, where reciprocal ranks would forget it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """One list, best first, with its scores and its say in the whole."""

    rows: Sequence[int]
    scores: Sequence[float]
    weight: float


def fuse(lists: Sequence[Ranked]) -> Mapping[int, float]:
    """Return each row's fused score, between 0 and the sum of the weights, best first.

    A list that a row is missing from gives it what the list's last row has, less a little: it was at best that good.
    """
    weighed = [one for one in lists if len(one.rows)]
    floors = [one.weight * max(one.scores[-1], 0.0) / one.scores[0] if one.scores[0] > 0 else 0.0 for one in weighed]
    fused: dict[int, float] = {}
    for one, floor in zip(weighed, floors, strict=True):
        for row, score in zip(one.rows, one.scores, strict=True):
            fused[row] = fused.get(row, 0.0) + (one.weight * max(score, 0.0) / one.scores[0] - floor)
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))
