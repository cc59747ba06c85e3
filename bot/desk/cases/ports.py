"""What the pages of cases ask of others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.answers.model import Answer
from bot.audit import Entry
from bot.cases.model import Facts, KeptFile, Move
from bot.cases.ports import CaseBook, Queue, QueueRow
from bot.cases.written import Written
from bot.triage.model import People
from knowledge.vocabulary import Category, Urgency


class DeskCases(CaseBook, Protocol):
    """All cases, as staff look at them."""

    async def counts(self, whole: Queue, parts: Sequence[Queue]) -> Sequence[int]:
        """Return how many cases of the whole queue each of the others has too."""
        ...

    async def facts(self, ids: Sequence[str]) -> Mapping[str, Facts]:
        """Return what was told of the cases, as it was put right last; without those that are erased."""
        ...

    async def holding(self, query: Queue, sought: Sequence[re.Pattern[str]]) -> Sequence[tuple[QueueRow, Written]]:
        """Return the cases on a page of a queue that may hold what matches all patterns, and what is written there."""
        ...


class Tally(NamedTuple):
    """What was counted of one union, category and stretch of time; thousands are made for one page."""

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

    async def tallies(
        self, organizations: Sequence[str] | None, bounds: Sequence[datetime], done_from: int = 0
    ) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out.

        In stretches before `done_from` only what was taken in is counted, and what of it is overdue.
        """
        ...


MOST_VIEWS = 12  # of one person


@dataclass(frozen=True, slots=True)
class SavedView:
    """A way to look at the queue that somebody named."""

    id: str  # 32 random hexadecimal digits
    name: str
    query: str  # of an address


class Views(Protocol):
    """Where people keep their views; nobody sees another's."""

    async def of(self, staff: str) -> Sequence[SavedView]:
        """Return a person's views, the oldest first."""
        ...

    async def add(self, staff: str, view: SavedView) -> bool:
        """Add one; return False if the person has as many as anybody may have."""
        ...

    async def remove(self, staff: str, view: str) -> None:
        """Remove one of the person's own."""
        ...


@dataclass(frozen=True, slots=True)
class ReadyReply:
    """A reply that stands ready, as it is written: with variables such as {单位}."""

    id: str
    move: Move
    title: str
    text: str
    retired: bool = False


class ReadyReplies(Protocol):
    """Where unions keep replies of their own."""

    async def of(self, organizations: Sequence[str]) -> Sequence[tuple[str, ReadyReply]]:
        """Return the replies of these unions, each with the union that keeps it, in the order of their titles."""
        ...

    async def put(self, organization: str, reply: ReadyReply, entry: Entry) -> None:
        """Add a reply, or replace the one with this id."""
        ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was brought for a case to be."""

    kept: KeptFile
    name: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A registration that was begun: what the form held, and the papers that were brought."""

    id: str  # 32 random hexadecimal digits, of the case to be
    saved_at: datetime
    form: str
    fields: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...] = ()


class Drafts(Protocol):
    """Where registrations wait for the clerk who began them; nobody sees another's."""

    async def of(self, staff: str) -> Sequence[Begun]:
        """Return what a person has begun, the oldest first."""
        ...

    async def count(self, staff: str) -> int:
        """Return how much a person has begun, without opening any of it."""
        ...

    async def find(self, staff: str, id: str) -> Begun | None:
        """Return one of the person's own."""
        ...

    async def save(self, staff: str, begun: Begun) -> None:
        """Keep it in the place of what was saved before; another person's stays as it is."""
        ...

    async def drop(self, staff: str, id: str) -> None:
        """Destroy one of the person's own."""
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
