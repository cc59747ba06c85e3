"""Outcomes as an evaluation keeps them."""

from datetime import UTC, datetime
from typing import Any

from bot.answers.model import AnswerStatus
from bot.evaluation.run import Answered, Run
from knowledge.evaluation import Outcome


def answered(name: str = "1", *, rank: int | None = 0, confidence: float = 0.9, **fields: Any) -> Answered:
    """Return an outcome: found first, cited and answered unless told otherwise."""
    search: dict[str, Any] = {
        "question": f"第{name}问",
        "group": "",
        "expected": "劳动法 第一条",
        "absent": False,
        "recall": (),
    }
    found = Outcome(
        id=name,
        rank=rank,
        found=("劳动法 第二条: 别的",),
        elapsed_ms=fields.pop("elapsed_ms", 1.0),
        **search | {key: fields.pop(key) for key in search if key in fields},
    )
    said: dict[str, Any] = {
        "status": AnswerStatus.ANSWERED,
        "cited": True,
        "citations": ("a",),
        "facts": None,
        "answer": "答。",
    }
    return Answered(search=found, confidence=confidence, **said | fields)


def refused(name: str = "1", **fields: Any) -> Answered:
    """Return an outcome that was refused."""
    said: dict[str, Any] = {"status": AnswerStatus.REFUSED, "cited": False, "confidence": 0.1}
    return answered(name, **said | fields)


def unanswerable(name: str = "1", *, status: AnswerStatus = AnswerStatus.REFUSED, **fields: Any) -> Answered:
    """Return the outcome of a question that nothing answers."""
    return answered(name, rank=None, expected="", cited=False, status=status, **{"confidence": 0.2} | fields)


def run(**sets: list[Answered]) -> Run:
    """Return an evaluation of these sets."""
    rows = {name: tuple(rows) for name, rows in sets.items()}
    return Run("20260101-000000-abcdef", "encoder@1", 12, datetime(2026, 1, 1, tzinfo=UTC), rows)
