"""What the dialogue, the desk and the clockwork ask of the cases; the storage answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.cases.changes import Change
from bot.cases.model import OPEN, Case, Claimant, Evidence, KeptFile, State
from bot.messages import Channel
from knowledge.errors import NiangjiaError
from knowledge.vocabulary import Category, Urgency


class CaseError(NiangjiaError):
    """Say why a case cannot be read or changed."""


class Conflict(CaseError):  # noqa: N818 - named by what it says
    """Say that somebody else changed the case meanwhile: read it again and decide again."""


class TooManyGuesses(CaseError):  # noqa: N818 - named by what it says
    """Say that too many wrong receipts were tried."""


class EvidenceRefused(CaseError):  # noqa: N818 - named by what it says
    """Say that a file is not kept, and why."""

    def __init__(self, fault: "Fault") -> None:
        super().__init__(f"The file is not kept: {fault.value}.")
        self.fault = fault


class EvidenceFull(CaseError):  # noqa: N818 - named by what it says
    """Say that there is no room for a file now; it may be sent again later."""


class Fault(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    TYPE = "of a type that is not taken"
    GONE = "no longer to be had where it was sent"


@dataclass(frozen=True, slots=True)
class Mine:
    """A case as one of its claimants holds it."""

    case: Case
    claimant: Claimant  # with name and telephone, for they are the claimant's own


class Order(StrEnum):
    """What comes first in a queue."""

    DUE = "due"  # emergencies, then what is due next
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Queue:
    """Which cases a queue shows; an empty tuple of organizations shows none, None all."""

    organizations: tuple[str, ...] | None = None
    states: frozenset[State] = OPEN
    category: Category | None = None
    urgency: Urgency | None = None
    region: str | None = None
    handler: str | None = None
    unclaimed: bool = False  # only those that no handler has
    overdue: bool = False  # only these
    due_after: datetime | None = None
    due_before: datetime | None = None
    order: Order = Order.DUE
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in a queue; nothing of it is sealed."""

    id: str
    number: str
    state: State
    category: Category
    urgency: Urgency
    region: str | None
    organization: str
    opened_at: datetime
    due_at: datetime | None  # of its next deadline
    level: int  # overdue: 0 to 3
    claimants: int
    claimed: bool = False  # by a handler


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue, and how many cases there are on all pages."""

    rows: tuple[QueueRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Similar:
    """An open case at the same employer about the same matter."""

    id: str
    number: str
    opened_at: datetime
    claimants: int
    organization: str


class CaseBook(Protocol):
    """All cases."""

    async def apply(self, changes: Sequence[Change], now: datetime) -> None:
        """Store all changes in one transaction, or raise `Conflict` and store nothing.

        What follows from them is stored with them: due moments, what workers are told of, whom an emergency calls.
        """
        ...

    async def case(self, id: str) -> Case | None:
        """Return the case with this id."""
        ...

    async def by_number(self, number: str) -> Case | None:
        """Return the case with this number, such as JZ-2026-000123."""
        ...

    async def by_receipt(self, receipt: str, channel: Channel, chat: str) -> Mine | None:
        """Return the case and the claimant of a receipt's 16 digits; None if there is none, which counts as a guess.

        Raise `TooManyGuesses` if this chat, or all together, guessed too often within the hour.
        """
        ...

    async def of_chat(self, channel: Channel, chat: str) -> Sequence[Mine]:
        """Return a chat's cases, newest first, without those that the worker left or had erased."""
        ...

    async def queue(self, query: Queue) -> QueuePage:
        """Return the cases of a queue."""
        ...

    async def claimants(self, case: str) -> Sequence[Claimant]:
        """Return a case's claimants as staff may see them; those of cases merged into it are not among them."""
        ...

    async def evidence(self, case: str) -> Sequence[Evidence]:
        """Return a case's files, oldest first."""
        ...

    async def ringing(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of cases with an alarm that is due: emergencies first, then the longest due."""
        ...

    async def late(self, before: datetime) -> int:
        """Return how many cases have an alarm that was due before then and has not rung."""
        ...

    async def reckon(self, id: str) -> None:
        """Store anew when a case is due, by the limits and holidays of today."""
        ...

    async def next_alarm(self) -> datetime | None:
        """Return when the next alarm of any case is due."""
        ...

    async def merged(self, case: str) -> Sequence[Case]:
        """Return the cases that are merged into this one."""
        ...

    async def similar(self, employer: str, category: Category, within: timedelta = timedelta(days=90)) -> list[Similar]:
        """Return open cases at the same employer, by its name however it is written, and in the same category."""
        ...


class EvidenceRoom(Protocol):
    """Where files are kept, sealed and by random names."""

    async def keep(self, data: bytes) -> KeptFile:
        """Check, seal and store a file before it belongs to a case.

        Raise `EvidenceRefused` with the reason, and `EvidenceFull` where there is no room for it.
        A file that no case takes within the retention days is removed. Keep the record sealed until then, for it holds
        the file's key.
        """
        ...

    async def read(self, kept: KeptFile) -> bytes:
        """Return what was sent; raise `CaseError` if it is gone or was changed."""
        ...
