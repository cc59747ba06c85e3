"""A small model of what messages mean: logistic regressions over characters, pairs of characters and cues.

Learnt by `benchmarks/triage.py` from `examples.jsonl` and the question bank. Places are masked, for where somebody
works tells nothing of what they want.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.triage.model import Danger, Intent
from knowledge.lexicon import Lexicon
from knowledge.regions import Regions
from knowledge.vocabulary import Category
from knowledge.words import Codes, asked_terms

WEIGHTS = Path(__file__).parent / "weights.npz"
CUE = 0.3  # what a cue counts; a term counts one over the root of their number

INTENTS = tuple(intent for intent in Intent if intent is not Intent.CRISIS)  # danger is told apart first
CATEGORIES = tuple(Category)
DANGERS = tuple(Danger)

_PLACE = "某地"

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each term and each cue tells of every label: columns are danger, its kinds, intents, urgency, categories."""

    codes: Codes  # sorted
    cues: tuple[str, ...]  # sorted
    table: Values  # float32[codes + cues + 1, labels], the last row the bias


@dataclass(frozen=True, slots=True)
class Guess:
    """Probabilities, 0 to 1; those of dangers and of intents sum to 1, each category stands for itself."""

    danger: float
    dangers: Mapping[Danger, float]
    intents: Mapping[Intent, float]
    urgent: float
    categories: Mapping[Category, float]


class Classifier:
    """Guesses labels from a corrected text and its cues."""

    def __init__(self, weights: Weights, lexicon: Lexicon, regions: Regions) -> None:
        self._weights = weights
        self._lexicon = lexicon
        self._regions = regions
        self._cue_rows = {cue: len(weights.codes) + row for row, cue in enumerate(weights.cues)}

    def guess(self, text: str, cues: Sequence[str]) -> Guess:
        """Return how likely each label is."""
        codes, values = features(text, self._lexicon, self._regions)
        table = self._weights.table
        rows = self._weights.codes.searchsorted(codes)
        known = self._weights.codes.take(rows, mode="clip") == codes
        logits = values[known] @ table[rows[known]] + table[-1]
        logits += CUE * table[[self._cue_rows[cue] for cue in cues if cue in self._cue_rows]].sum(axis=0)
        alone = _likelihoods(logits)
        return Guess(
            alone[0],
            dict(zip(DANGERS, _shares(logits[_DANGERS]), strict=True)),
            dict(zip(INTENTS, _shares(logits[_INTENTS]), strict=True)),
            alone[_INTENTS.stop],
            dict(zip(CATEGORIES, alone[_INTENTS.stop + 1 :], strict=True)),
        )


_DANGERS = slice(1, 1 + len(DANGERS))
_INTENTS = slice(_DANGERS.stop, _DANGERS.stop + len(INTENTS))


def features(text: str, lexicon: Lexicon, regions: Regions) -> tuple[Codes, Values]:
    """Return the sorted terms of a corrected text and what each counts: together one, whatever the length."""
    masked = regions.masked(text, _PLACE)
    codes, values = asked_terms(masked, lexicon.meanings(masked))
    return codes, values / np.float32(sqrt(max(len(codes), 1)))


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read the weights that are shipped."""
    with np.load(path) as stored:
        return Weights(stored["codes"], tuple(stored["cues"].tolist()), stored["table"].astype(np.float32))


def _likelihoods(logits: Values) -> list[float]:
    likelihoods: list[float] = np.reciprocal(1 + np.exp(-logits), dtype=np.float32).tolist()
    return likelihoods


def _shares(logits: Values) -> list[float]:
    raised = np.exp(logits - logits.max())
    shares: list[float] = (raised / raised.sum()).tolist()
    return shares
