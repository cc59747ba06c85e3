"""What the desk in the messenger asks of the storage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.audit import Entry
from bot.desk.staff import Staff


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code that links an account, once."""

    token: str  # its digest
    expires_at: datetime


class Messengers(Protocol):
    """Where it is kept whose an account in the messenger is; each change is in the audit with it."""

    async def staff_of(self, account: str) -> Staff | None:
        """Return whose account it is, unless theirs at the desk is closed."""
        ...

    async def since(self, staff_id: str) -> datetime | None:
        """Return since when somebody's account is linked; None if none is."""
        ...

    async def offer(self, staff_id: str, pairing: Pairing) -> None:
        """Keep a code with which somebody links an account, in place of the one before."""
        ...

    async def pair(self, token: str, account: str) -> Staff | None:
        """Use up a code by its digest and link the account, to nobody else from now on; None if the code is gone."""
        ...

    async def void(self, token: str) -> None:
        """Let the code with this digest be good no more."""
        ...

    async def part(self, staff_id: str, entry: Entry) -> None:
        """Unlink somebody's account, and take back a code that they hold."""
        ...
