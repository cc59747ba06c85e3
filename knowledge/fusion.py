"""Merge scores of different kinds into one.

They cannot be added as they stand: BM25 grows with the question's length, cosine does not. Each kind is scaled, mostly
to its own best, which keeps how far ahead the first is, where reciprocal ranks would forget it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOOR = 0.25  # share of the best below which a row is as good as any other: one voice alone condemns nothing

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one way of searching gives each candidate, and its say in the whole."""

    scores: Vector  # [candidates]
    weight: float
    full: float  # the score that earns the whole weight: the best there is, or what a perfect match would have


def fuse(voices: Sequence[Voice]) -> Vector:
    """Return the candidates' fused scores, between 0 and the sum of the weights; there must be a voice."""
    fused: Vector = np.sum([voice.weight * _earned(voice) for voice in voices], axis=0, dtype=np.float32)
    return fused


def _earned(voice: Voice) -> Vector:
    if voice.full <= 0:
        return np.zeros(len(voice.scores), np.float32)
    earned: Vector = np.clip(voice.scores / voice.full, FLOOR, 1.0) - FLOOR
    return earned
