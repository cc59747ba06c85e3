"""What the reports ask of the storage beside the figures of cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from knowledge.vocabulary import Category


@dataclass(frozen=True, slots=True)
class Service:
    """What the bot was asked, all channels and unions together; who deletes their talk takes their verdicts along."""

    messages: int = 0  # answered
    refused: int = 0  # questions that the index does not hold
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was refused or judged; telephones, numbers and names were taken out of it before it was kept."""

    question: str
    chat: str  # digest: how many people asked, and not who
    at: datetime


@dataclass(frozen=True, slots=True)
class Workplace:
    """Several workers who came about one employer, whose name is not known here."""

    organization: str  # the union that most of the cases lie with
    category: Category  # of most of them
    workers: int
    cases: tuple[str, ...]  # numbers, the newest first


class ServiceFigures(Protocol):
    """Counts what is no case."""

    async def service(self, start: datetime, end: datetime) -> Service:
        """Count what was asked from `start` until before `end`."""
        ...

    async def warnings(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> int:
        """Count how often several workers of one employer made the bot call staff; None asks for all unions."""
        ...

    async def asked(self, start: datetime, end: datetime) -> Sequence[Asked]:
        """Return what was asked from `start` until before `end`, as far as it was refused or judged, newest first."""
        ...

    async def workplaces(
        self, organizations: Sequence[str] | None, start: datetime, end: datetime, least: int
    ) -> Sequence[Workplace]:
        """Return the employers about which most workers came, `least` or more; None asks for all unions."""
        ...

    async def scores(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> Sequence[int]:
        """Return the scores, 1 to 5, that workers gave, of each the last; None asks for all unions."""
        ...
