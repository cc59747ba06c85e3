"""What the desk asks of the storage; each change is written together with its entry in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.audit import Entry
from bot.desk.staff import Role, Staff
from bot.pages.limits import Rate


@dataclass(frozen=True, slots=True)
class Link:
    """A link that lets somebody set a password, once."""

    token: str  # its digest
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a person is known by."""

    password: str | None = None  # hash
    totp: str | None = None  # secret
    codes: int = 0  # recovery codes that are left


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody has logged in with."""

    id: str  # the digest of its token
    staff: Staff
    whole: bool  # False while the second factor is still asked for
    device: str
    created_at: datetime
    seen_at: datetime
    strong: bool = False  # the identity provider asked for a second factor

    @property
    def must_add_factor(self) -> bool:
        """Tell whether nothing is open to them before there is a second factor."""
        return self.staff.role is Role.ADMIN and not self.staff.second_factor and not self.strong


class StaffBook(Protocol):
    """Where accounts are kept."""

    async def everybody(self) -> Sequence[Staff]:
        """Return all accounts in the order of their logins."""
        ...

    async def find(self, staff_id: str) -> Staff | None:
        """Return the account with this id."""
        ...

    async def by_login(self, login: str) -> Staff | None:
        """Return the account with this login."""
        ...

    async def by_email(self, email: str) -> Staff | None:
        """Return the account whose invitation names this mail address."""
        ...

    async def by_identity(self, identity: str) -> Staff | None:
        """Return the account that is bound to what an identity provider knows somebody by."""
        ...

    async def proofs(self, staff_id: str) -> Proofs:
        """Return what the person is known by."""
        ...

    async def add(self, staff: Staff, link: Link, entry: Entry) -> bool:
        """Add an account with its first link; return False if the login or the mail address is taken."""
        ...

    async def linked(self, token: str, now: datetime) -> Staff | None:
        """Return whose link has this digest, if it is still good."""
        ...

    async def join(self, token: str, name: str, password: str, entry: Entry) -> bool:
        """Use up the link and set name and password; return False if the link is gone."""
        ...

    async def bind(self, staff_id: str, identity: str, link: str | None, entry: Entry) -> bool:
        """Let the person come in by this identity instead of a password, and use up their link.

        Return False if the identity is another's already, or `link`, the digest of a token, is gone.
        """
        ...

    async def reset(self, staff_id: str, link: Link, entry: Entry) -> None:
        """Take away password, second factor and sessions, and replace the link."""
        ...

    async def change(self, staff_id: str, role: Role, unions: Sequence[str], entry: Entry) -> None:
        """Give the person another role and other unions."""
        ...

    async def disable(self, staff_id: str, entry: Entry) -> None:
        """Close the account, and end its sessions and links."""
        ...

    async def enable(self, staff_id: str, entry: Entry) -> None:
        """Open a closed account again."""
        ...

    async def set_password(self, staff_id: str, password: str, keep: str, entry: Entry) -> None:
        """Set the hash and end all sessions but `keep`."""
        ...

    async def set_totp(self, staff_id: str, secret: str | None, step: int, codes: Sequence[str], entry: Entry) -> None:
        """Set or take away the second factor; `step` is used already, `codes` are digests."""
        ...

    async def set_codes(self, staff_id: str, codes: Sequence[str], entry: Entry) -> None:
        """Replace the recovery codes by these digests."""
        ...

    async def use_step(self, staff_id: str, step: int) -> bool:
        """Use up a step of the one-time password; return False if it, or a later one, was used before."""
        ...

    async def use_code(self, staff_id: str, code: str, entry: Entry) -> bool:
        """Use up a recovery code by its digest; return False if there is none like it."""
        ...


class Sessions(Protocol):
    """Where it is kept who has logged in, by the digests of their tokens."""

    async def open(self, session: Session, ended: datetime, entry: Entry | None) -> None:
        """Add a session, and forget those begun before `ended`."""
        ...

    async def find(self, session_id: str) -> Session | None:
        """Return the session, unless its account is closed."""
        ...

    async def of(self, staff_id: str) -> Sequence[Session]:
        """Return a person's sessions, the last used first."""
        ...

    async def seen(self, session_id: str, now: datetime) -> None:
        """Note that it was used."""
        ...

    async def missed(self, session_id: str, entry: Entry) -> int:
        """Count a wrong second factor and return how many there were."""
        ...

    async def complete(self, session_id: str, new_id: str, entry: Entry) -> None:
        """Make it a whole session under another token."""
        ...

    async def end(self, session_id: str, entry: Entry | None) -> None:
        """End one session."""
        ...

    async def end_others(self, staff_id: str, keep: str, entry: Entry) -> None:
        """End all sessions of a person but `keep`."""
        ...


class Throttle(Protocol):
    """Where tries are counted, by all replicas together."""

    async def take(self, *buckets: tuple[str, Rate]) -> float:
        """Take one try out of each bucket; return the seconds to wait, 0 if every one held one."""
        ...
