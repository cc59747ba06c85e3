"""What a form would make of the directory, until somebody has looked it over and lets it hold."""

import asyncio
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

from bot.audit import Entry
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.doors import Visit
from bot.desk.rooms import Rooms
from knowledge.organizations import Organizations, OwnEntries

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft(Generic[T]):
    """An entry as it is and as it would be, with all of a home's entries."""

    own: OwnEntries  # that it was made from
    entries: OwnEntries
    before: T | None
    after: T
    later: Organizations

    @property
    def seen(self) -> str:
        """Return what tells what somebody looked at from every other draft."""
        return blake2b(repr((self.own, self.entries)).encode(), digest_size=16).hexdigest()


async def enter(made: Draft[T], visit: Visit, entry: Entry, rooms: Rooms, ledger: Ledger) -> None:
    """Record a draft that was looked over and let it hold; raise Unfit where anything changed since the look."""
    if made.seen != visit.field("draft"):
        raise Unfit(words.CHANGED_MEANWHILE)
    await rooms.audit.record(entry)
    if not await asyncio.to_thread(ledger.enter_own, made.own, made.entries):
        raise Unfit(words.CHANGED_MEANWHILE)
