"""What the notices ask of the rooms around them, and what those may ask of the notices."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.delivery import Sender
from bot.messages import Reply
from bot.notices.model import Address, Dispatch, Notice
from bot.notices.roster import Roster

Notifier = Sender[Dispatch]  # raises `RetryLater` for what may pass and `Undeliverable` for what will not


class Rosters(Protocol):
    """Where the duty roster is kept: a file now, the desk later."""

    def current(self) -> Roster:
        """Return the roster as it is at this moment; asked for often, and never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a notice goes, and not before when."""

    address: Address
    due: datetime


class Addressing(Protocol):
    """Says whom a notice is for."""

    def addressees(self, notice: Notice, at: datetime) -> tuple[Addressee, ...]:
        """Return everybody to be told, each address once; () if nobody is."""
        ...


class Writer(Protocol):
    """Writes into a group of a messenger, or to somebody in private; raises as a `Notifier` does."""

    def where(self, chat: str) -> str:
        """Return the address that a chat has by now, for a group may be given another."""
        ...

    async def post(self, chat: str, reply: Reply) -> str:
        """Write a short message that answers nobody and return its id."""
        ...

    async def edit(self, chat: str, message: str, reply: Reply) -> None:
        """Put a message right that was posted before."""
        ...


class Taken(StrEnum):
    """What came of somebody's word that they take an emergency."""

    TAKEN = "taken"
    ALREADY = "already"  # somebody was first
    GONE = "gone"  # there is no such emergency any more


class Takes(Protocol):
    """Notes who takes an emergency, which ends the calls."""

    async def take(self, case: str, by: str, at: datetime) -> Taken:
        """Note that `by`, a name of the roster or "", takes the case of this number; the same twice is ALREADY."""
        ...
