"""A small model of what messages mean: logistic regressions over characters, pairs of characters and cues.

Learnt by `benchmarks/triage.py` from `examples.jsonl` and the question bank. Places are masked, for where somebody
works tells nothing of what they want.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.triage.model import Danger, Intent
from knowledge.lexicon import Lexicon
from knowledge.regions import Regions
from knowledge.vocabulary import Category
from knowledge.words import Codes, counted_terms

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
        self._rows = {code: row for row, code in enumerate(weights.codes.tolist())}
        self._cue_rows = {cue: len(weights.codes) + row for row, cue in enumerate(weights.cues)}

    def guess(self, text: str, cues: Sequence[str]) -> Guess:
        """Return how likely each label is."""
        row_of, terms = self._rows.get, features(text, self._lexicon, self._regions)
        counts = {row: count for code, count in terms.items() if (row := row_of(code)) is not None}
        counts |= {self._cue_rows[cue]: CUE for cue in cues if cue in self._cue_rows}
        counts[len(self._weights.table) - 1] = 1.0  # the bias
        rows = np.fromiter(counts, np.intp, len(counts))
        weighing = np.fromiter(counts.values(), np.float32, len(counts))
        # So few numbers are quicker told one by one than by numpy.
        logits: list[float] = (weighing @ self._weights.table.take(rows, axis=0)).tolist()
        return Guess(
            _likelihood(logits[0]),
            dict(zip(DANGERS, _shares(logits[_DANGERS]), strict=True)),
            dict(zip(INTENTS, _shares(logits[_INTENTS]), strict=True)),
            _likelihood(logits[_INTENTS.stop]),
            dict(zip(CATEGORIES, map(_likelihood, logits[_INTENTS.stop + 1 :]), strict=True)),
        )


_DANGERS = slice(1, 1 + len(DANGERS))
_INTENTS = slice(_DANGERS.stop, _DANGERS.stop + len(INTENTS))


def features(text: str, lexicon: Lexicon, regions: Regions) -> dict[int, float]:
    """Return the terms of a corrected text and what each counts: together one, whatever the length."""
    masked = regions.masked(text, _PLACE)
    counts = counted_terms(masked, lexicon.meanings(masked))
    length = sqrt(max(len(counts), 1))
    return {code: count / length for code, count in counts.items()}


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read the weights that are shipped."""
    with np.load(path) as stored:
        return Weights(stored["codes"], tuple(stored["cues"].tolist()), stored["table"].astype(np.float32))


def _likelihood(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _shares(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    raised = [exp(logit - highest) for logit in logits]
    total = sum(raised)
    return [each / total for each in raised]
