"""The audit: who did what, in which role, on what, and when; never the content of anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

GENESIS = "0" * 64  # what the first record follows
_SEPARATOR = "\x1f"  # between a record's parts; no id and no word of ours holds it


class Act(StrEnum):
    """What was done; each has its Chinese name in `bot/desk/texts.py`."""

    LOGGED_IN = "login"
    LOGIN_FAILED = "login.failed"
    LOGGED_OUT = "logout"
    SESSIONS_ENDED = "sessions.ended"
    INVITED = "staff.invited"
    JOINED = "staff.joined"  # an invitation or a reset was taken up
    RESET = "staff.reset"
    DISABLED = "staff.disabled"
    ENABLED = "staff.enabled"
    CHANGED = "staff.changed"  # role or unions
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an act
    TOTP_ON = "totp.on"
    TOTP_OFF = "totp.off"
    RECOVERY_RENEWED = "recovery.renewed"
    RECOVERY_USED = "recovery.used"
    MESSENGER_LINKED = "messenger.linked"  # an account there acts for somebody at the desk
    MESSENGER_UNLINKED = "messenger.unlinked"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_VERIFIED = "audit.verified"
    INDEX_BUILT = "index.built"  # its building was begun
    INDEX_CANCELLED = "index.cancelled"
    INDEX_DISCARDED = "index.discarded"  # one that lay ready was thrown away
    INDEX_SERVED = "index.served"  # another generation was let serve
    DOCUMENT_DRAFTED = "document.drafted"
    DOCUMENT_DROPPED = "document.dropped"  # a draft was thrown away
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_RETIRED = "document.retired"
    GAP_CARED = "gap.cared"  # somebody looks after an unanswered question, or not any more
    GOLDEN_CHANGED = "golden.changed"
    ANSWER_PINNED = "answer.pinned"
    ANSWER_UNPINNED = "answer.unpinned"
    CASE_READ = "case.read"  # its story was opened
    CASE_FILE_READ = "case.file.read"
    CASE_PERSON_SHOWN = "case.person.shown"  # names and telephones were asked for
    CASES_SEARCHED = "cases.searched"  # words were looked for in what is sealed
    CANNED_CHANGED = "canned.changed"  # a reply that a union keeps ready
    FIGURES_EXPORTED = "figures.exported"
    PARAMETER_CONFIRMED = "parameter.confirmed"
    PARAMETER_WITHDRAWN = "parameter.withdrawn"
    STATIONS_TAKEN_IN = "stations.taken-in"
    HOLIDAYS_ENTERED = "holidays.entered"
    HOLIDAYS_WITHDRAWN = "holidays.withdrawn"
    WAY_CHANGED = "way.changed"  # who takes matters of a category
    CLOCK_CHANGED = "clock.changed"  # how long each step may take
    UNION_CHANGED = "union.changed"
    BODY_CHANGED = "body.changed"  # an authority outside the unions
    REGION_CHANGED = "region.changed"
    DUTY_CHANGED = "duty.changed"
    DUTY_TRIED = "duty.tried"
    REPORT_EXPORTED = "report.exported"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: `id` is a staff id, or one of the names below with a role of "system"."""

    id: str
    role: str


CLI = Actor("cli", "system")  # whoever holds the machine
SYSTEM = Actor("bot", "system")
STRANGER = Actor("stranger", "none")  # nobody has logged in


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into the audit.

    `subject` names what it was done to by kind and id: `staff/1f2e3d4c`, `case/12`. `detail` is a few words of ours,
    such as a role and its unions; nothing that a person wrote and no name, number or address of anybody.
    """

    actor: Actor
    act: str  # an `Act`; a record may be of a later version
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as it stands in the chain."""

    number: int  # 1, 2, 3 …
    at: datetime  # aware, UTC
    entry: Entry
    hash: str  # 64 hexadecimal digits, over this record and the hash of the one before

    def follows(self, previous: str) -> bool:
        """Tell whether it is unchanged and stands right after the record with that hash."""
        return self.hash == chained(previous, self.number, self.at, self.entry)


def chained(previous: str, number: int, at: datetime, entry: Entry) -> str:
    """Return the hash of a record that comes after the one with the hash `previous`."""
    parts = (
        previous,
        str(number),
        at.isoformat(timespec="microseconds"),
        entry.actor.id,
        entry.actor.role,
        entry.act,
        entry.subject,
        entry.detail,
    )
    return sha256(_SEPARATOR.join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in the audit; whatever is empty is not asked for."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    hash: str = ""  # the beginning of one: where a hash that was noted once still stands
    since: datetime | None = None
    until: datetime | None = None  # before which
    among: frozenset[str] | None = None  # staff ids: only what these did, and what was done to their accounts


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of checking the chain: `broken_at` is the number of the first record that does not fit."""

    records: int
    head: str
    broken_at: int | None = None
    since: int = 1  # the first record that was looked at; those before it fitted when they were checked last


class Audit(Protocol):
    """Where acts are recorded and looked up. What changes data records itself in the transaction of the change."""

    async def record(self, entry: Entry) -> None:
        """Record what changes no data, such as a look at personal data, before it happens."""
        ...

    async def search(self, search: Search, *, before: int | None = None, limit: int = 100) -> Sequence[Record]:
        """Return the records that fit, newest first, with numbers below `before`."""
        ...

    async def verify(self) -> Verification:
        """Go through the whole chain."""
        ...

    async def check(self, actor: Actor, *, whole: bool) -> Verification:
        """Go through what was added since the last check found everything in order, or through all, and record it."""
        ...
