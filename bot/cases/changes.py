"""What is to be stored: effects as data, applied whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.cases.model import Actor, Event, Evidence
from bot.messages import Channel, Reply


@dataclass(frozen=True, slots=True)
class NewClaimant:
    """A claimant to be; account, name and telephone are sealed, the receipt is kept as an HMAC only."""

    number: int  # from 1 within the case
    channel: Channel
    chat: str  # "" of somebody for whom staff wrote it down: they find it again by the receipt
    receipt: str  # 16 digits, see `receipt.new`
    consent_at: datetime
    anonymous: bool = True  # staff see neither account nor name nor telephone
    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Store a new case; its events are those of `lifecycle.opened`."""

    events: tuple[Event, ...]
    claimants: tuple[NewClaimant, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """Add events to a case, as `lifecycle.decide` returned them for the case as it was read.

    `claimants` and `evidence` belong to events JOIN and ATTACH among them; a claimant who is there already but without
    a chat is given one.
    """

    case: str
    seen: int  # number of the last event when it was read: if there is a later one now, nothing is stored
    events: tuple[Event, ...]
    claimants: tuple[NewClaimant, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """Change how a claimant can be reached, and whether staff may see it."""

    case: str
    claimant: int
    anonymous: bool
    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Send something to a claimant, or to all; a change of state is told by itself, see `telling.py`."""

    case: str
    reply: Reply
    claimant: int | None = None


class NoticeKind(StrEnum):
    """Why staff are called."""

    NEW_CASE = "new-case"  # to be triaged
    DISPATCHED = "dispatched"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    EMERGENCY = "emergency"  # danger; again every five minutes until acknowledged
    WARNING = "warning"  # 80 % of a limit is used up
    OVERDUE = "overdue"
    REPLY = "reply"  # the worker wrote
    REOPENED = "reopened"  # or the worker asks for it
    WITHDRAWN = "withdrawn"
    UNREACHED = "unreached"  # three tries in vain: a supervisor decides
    SEVERAL = "several"  # workers at one employer: a count, never names


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Call a union's staff to a case."""

    kind: NoticeKind
    case: str
    organization: str  # a name of organizations.yaml
    due_at: datetime | None = None  # the deadline that it is about
    call: int = 1  # of an emergency: how many times it was called with this one
    level: int = 0  # how far it is escalated, 0 to 3
    count: int | None = None  # of workers, for SEVERAL


@dataclass(frozen=True, slots=True)
class EraseCase:
    """Destroy a case's key, its claimants and its evidence; bare events stay."""

    case: str
    actor: Actor


Change = OpenCase | Append | Reach | Tell | CallStaff | EraseCase
