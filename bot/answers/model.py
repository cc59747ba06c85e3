"""What an answer is."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Citation, ScoredPassage


class AnswerStatus(StrEnum):
    """How a question was met."""

    ANSWERED = "answered"
    REFUSED = "refused"  # the index does not hold it, and the answer says who would know
    HANDOFF = "handoff"  # a person is asked for
    CRISIS = "crisis"  # danger: emergency numbers, no retrieval


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker is shown, and what it rests on."""

    status: AnswerStatus
    text: str  # without the source list
    confidence: float = 0.0  # probability that the index can answer the question, 0 to 1
    citations: tuple[Citation, ...] = ()  # at most three
    passages: tuple[ScoredPassage, ...] = ()  # what was found, best first
    elapsed_ms: float = 0.0
