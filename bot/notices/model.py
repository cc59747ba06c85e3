"""What staff are told: a notice holds closed words and numbers, so that nothing about a person fits in."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge.errors import NiangjiaError
from knowledge.organizations import UNION_NAME
from knowledge.vocabulary import Category, Urgency

LONGEST_NAME = 64  # characters
_NUMBER = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6,9}")


class NoticeError(NiangjiaError):
    """Say what a notice must not hold."""


class Kind(StrEnum):
    """Why staff are called."""

    NEW_CASE = "new-case"  # to be triaged
    DISPATCHED = "dispatched"  # to this union
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    EMERGENCY = "emergency"  # danger; again until somebody says that they take it
    WARNING = "warning"  # 80 % of a limit is used up
    OVERDUE = "overdue"
    REPLY = "reply"  # the worker wrote
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    UNREACHED = "unreached"  # three tries in vain: a supervisor decides
    SEVERAL = "several"  # workers at one employer: a count, never names
    TAKEN = "taken"  # by a colleague, so that the others rest
    TRIAL = "trial"  # an admin tries an address


class Medium(StrEnum):
    """What carries a notice."""

    DESK = "desk"  # the stored row itself: the desk reads it
    EMAIL = "email"
    WECOM = "wecom"  # a group's robot in 企业微信
    DINGTALK = "dingtalk"  # a group's robot in 钉钉
    TELEGRAM = "telegram"  # the staff group, or somebody in private


@dataclass(frozen=True, slots=True)
class Address:
    """Where a notice goes; a robot's web address is a secret, so none of it is shown by `repr`."""

    medium: Medium
    target: str = field(repr=False)  # e-mail address, robot's web address, id of the Telegram chat
    secret: str | None = field(default=None, repr=False)  # DingTalk's signing secret
    entry: str = ""  # name of its entry in the roster, a person's or a group's


@dataclass(frozen=True, slots=True)
class Notice:
    """A call to look at something; refuses whatever is no closed word or number of ours."""

    kind: Kind
    union: str  # a name of organizations.yaml: whose staff
    urgency: Urgency = Urgency.NORMAL
    case: str | None = None  # its number as staff see it, such as JZ-2026-000123
    category: Category | None = None
    due: datetime | None = None  # aware; the deadline that it is about
    call: int = 1  # of an emergency: how many times it was called with this one
    level: int = 0  # how far it is escalated: 0 to 3
    count: int | None = None  # workers, of SEVERAL
    claimed: bool = False  # somebody handles the case already
    called: str = ""  # the union's name as people know it, where it was renamed
    by: str = ""  # who has taken or claimed it since: the name of an account of the desk or of an entry of the roster

    def __post_init__(self) -> None:
        if not all(UNION_NAME.fullmatch(name) for name in (self.union, self.called or self.union)):
            raise NoticeError("A notice goes to a union by its name, and nothing else stands in its place.")
        if self.case is not None and not _NUMBER.fullmatch(self.case):
            raise NoticeError("A notice names its case by a number such as JZ-2026-000123, and by nothing else.")
        if self.due is not None and self.due.tzinfo is None:
            raise NoticeError("A notice's deadline needs its time zone.")
        if len(self.by) > LONGEST_NAME or not self.by.isprintable():
            raise NoticeError("A notice says who has taken a case by a name, and nothing longer.")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A stored notice on its way to an address."""

    id: int
    lane: str  # the same for all of one address, but emergencies have their own; opaque
    notice: Notice
    address: Address
    amends: str | None = None  # the messenger's id of the message before that it puts right
    attempts: int = 0
    failures: int = 0  # attempts that ended in an error that nobody foresaw

    @property
    def channel(self) -> Medium:
        """Return what carries it."""
        return self.address.medium


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that will never arrive."""

    notice: Notice
    address: Address
    at: datetime  # when that was known
