"""Sum up what was answered: citations, refusals, calibration, and what changed between two runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.answers.model import AnswerStatus
from bot.evaluation.run import Answered, Run
from knowledge.evaluation import luck, share

BINS = 10
HIT = 5  # passages among which a find counts where questions are told apart by one figure


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What the answers of a set come to; shares are None where no question of the set tells."""

    cited: float | None  # of what something answers
    citations: float | None  # distinct articles and sources of an answer, on average
    facts: float | None
    false_refusal: float | None  # of what the index holds
    refused: float | None  # of what nothing answers

    @classmethod
    def of(cls, rows: Sequence[Answered]) -> "AnswerFigures":
        """Sum up."""
        asked = [row for row in rows if row.search.answerable]
        return cls(
            cited=share(row.cited for row in asked),
            citations=share(len(row.citations) for row in asked if row.status is AnswerStatus.ANSWERED),
            facts=share(row.facts for row in asked if row.facts is not None),
            false_refusal=share(row.refused for row in asked if row.answerable),
            refused=share(row.refused for row in rows if not row.search.answerable),
        )


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies within a tenth."""

    low: float
    high: float
    count: int
    confidence: float | None  # their mean
    answerable: float | None  # the share that the index could answer: equal to the mean if calibrated


@dataclass(frozen=True, slots=True)
class Threshold:
    """What would be refused if answers below this confidence were."""

    confidence: float
    false_refusal: float
    refused: float


@dataclass(frozen=True, slots=True)
class Change:
    """A question that two runs treat differently."""

    set: str
    before: Answered
    after: Answered


@dataclass(frozen=True, slots=True)
class Changes:
    """What the later run won and lost by one measure."""

    measure: str
    won: tuple[Change, ...]
    lost: tuple[Change, ...]

    @property
    def chance(self) -> float:
        """Return the probability that chance alone parts the changed questions as unequally, or more so."""
        fewer, more = sorted((len(self.won), len(self.lost)))
        return min(1.0, 2 * luck(fewer, more))


MEASURES: Mapping[str, Callable[[Answered], bool]] = {
    f"found within {HIT} passages": lambda row: row.search.hit(HIT),
    "answered with the right citation, or rightly refused": lambda row: row.right,
}


def calibration(rows: Iterable[Answered]) -> list[Bin]:
    """Return ten bins of equal width; what was met without looking into the index is left out."""
    tenths: list[list[Answered]] = [[] for _ in range(BINS)]
    for row in _judged(rows):
        tenths[min(int(row.confidence * BINS), BINS - 1)].append(row)
    return [
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=len(tenth),
            confidence=share(row.confidence for row in tenth),
            answerable=share(row.answerable for row in tenth),
        )
        for place, tenth in enumerate(tenths)
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return by how much confidence and truth differ on average (ECE), None of nothing."""
    count = sum(one.count for one in bins)
    off = sum(
        one.count * abs(one.confidence - one.answerable)
        for one in bins
        if one.confidence is not None and one.answerable is not None
    )
    return off / count if count else None


def refusal_curve(rows: Iterable[Answered]) -> list[Threshold]:
    """Return what each threshold would refuse; nothing unless there are questions of both kinds."""
    judged = list(_judged(rows))
    held = [row.confidence for row in judged if row.answerable]
    others = [row.confidence for row in judged if not row.search.answerable]
    if not held or not others:
        return []
    thresholds = [*sorted({0.0, *held, *others}), 1.01]
    return [
        Threshold(
            confidence=threshold,
            false_refusal=sum(confidence < threshold for confidence in held) / len(held),
            refused=sum(confidence < threshold for confidence in others) / len(others),
        )
        for threshold in thresholds
    ]


def area(curve: Sequence[Threshold]) -> float:
    """Return the area under a refusal curve: 1 tells the two kinds apart, 0.5 is a coin."""
    return sum(
        (after.false_refusal - before.false_refusal) * (after.refused + before.refused) / 2
        for before, after in pairwise(curve)
    )


def changes(before: Run, after: Run) -> list[Changes]:
    """Return, by each measure, what `after` won and lost of the questions that both were asked."""
    both = [
        Change(name, earlier[row.search.id], row)
        for name, rows in after.sets.items()
        for earlier in [{row.search.id: row for row in before.sets.get(name, ())}]
        for row in rows
        if row.search.id in earlier and earlier[row.search.id].search.question == row.search.question
    ]
    return [
        Changes(
            measure,
            won=tuple(one for one in both if holds(one.after) and not holds(one.before)),
            lost=tuple(one for one in both if holds(one.before) and not holds(one.after)),
        )
        for measure, holds in MEASURES.items()
    ]


def faults(row: Answered) -> list[str]:
    """Return what is wrong with an outcome, in words; nothing if all is well."""
    if not row.search.answerable:
        return [] if row.refused or row.status is AnswerStatus.CRISIS else ["answered, though nothing answers it"]
    if row.search.absent:
        return ["not in the index"]
    said = []
    if not row.search.hit(HIT):
        said.append("not found" if row.search.rank is None else f"found at {row.search.rank + 1}")
    if row.status is not AnswerStatus.ANSWERED:
        said.append("refused" if row.refused else "taken for danger")
    elif not row.cited:
        said.append("not cited")
    if row.facts is False:
        said.append("facts missing from the beginning of the answer")
    return said


def _judged(rows: Iterable[Answered]) -> Iterable[Answered]:
    return (row for row in rows if row.status in {AnswerStatus.ANSWERED, AnswerStatus.REFUSED})
