"""What the pages of cases ask of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.answers.model import Answer
from bot.cases.model import Case
from bot.cases.ports import CaseBook, Queue
from bot.triage.model import People
from knowledge.vocabulary import Category, Urgency


class DeskCases(CaseBook, Protocol):
    """All cases, as staff look at them."""

    async def counts(self, whole: Queue, parts: Sequence[Queue]) -> Sequence[int]:
        """Return how many cases of the whole queue each of the others has too."""
        ...

    async def opened(self, query: Queue) -> Sequence[Case]:
        """Return the cases on a page of a queue with all that is sealed of them, for a search in memory."""
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one union, category and stretch of time."""

    organization: str
    category: Category
    stretch: int  # which of those asked for, from 0
    taken_in: int = 0
    closed: int = 0
    satisfied: int = 0  # of those closed: the worker said that it is settled
    reopened: int = 0
    overdue: int = 0  # of those taken in: still open, and a deadline has passed


class Figures(Protocol):
    """Counts what was done."""

    async def tallies(self, organizations: Sequence[str] | None, bounds: Sequence[datetime]) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out."""
        ...


class Answering(Protocol):
    """Knows what the index says."""

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer a question; nothing of it leaves the machine."""
        ...


class Referred(Protocol):
    """Where a matter is brought, and why."""

    @property
    def categories(self) -> tuple[Category, ...]:
        """Return its categories, the one that it is routed by first."""
        ...

    @property
    def urgency(self) -> Urgency:
        """Return how soon."""
        ...

    @property
    def region(self) -> str | None:
        """Return the id of its region."""
        ...

    @property
    def organization(self) -> str:
        """Return the union, "" if another city's unions have it."""
        ...

    @property
    def department(self) -> str:
        """Return the id of the department."""
        ...

    @property
    def reason(self) -> str:
        """Return why, in words."""
        ...

    @property
    def elsewhere(self) -> str:
        """Return the place whose unions have it, if it lies outside all of ours."""
        ...


class Referring(Protocol):
    """Brings matters to their unions."""

    def refer(
        self,
        story: str,
        *,
        place: str = "",
        region: str | None = None,
        category: Category | None = None,
        people: People | None = None,
        anywhere: bool = False,
    ) -> Referred:
        """Return whose matter the story is."""
        ...
