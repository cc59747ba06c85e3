"""The roster's entries, as somebody at the desk may see and keep them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from bot.desk import texts
from bot.desk.staff import Staff, reach
from bot.notices.duty import Duty, IsWorking
from bot.notices.duty_file import RosterError, read_roster
from bot.notices.model import Undelivered
from bot.notices.ports import Notifier
from bot.notices.roster import Person, Roster
from knowledge.organizations import Organizations


@dataclass(frozen=True, slots=True)
class Board:
    """What the pages of the roster have at hand."""

    file: Path
    duty: Duty
    is_working: IsWorking
    notifiers: Mapping[str, Notifier]
    now: Callable[[], datetime]
    undelivered: Callable[[Collection[str], datetime], Awaitable[Sequence[Undelivered]]]  # to unions, since when


def key_of(name: str) -> str:
    """Return what stands for a name in addresses and in the audit."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


class Entries:
    """Reads the roster anew for each page."""

    def __init__(self, board: Board, organizations: Organizations) -> None:
        self._board = board
        self._organizations = organizations

    def unions(self, staff: Staff) -> frozenset[str]:
        """Return the unions whose entries they see, and keep if their role does: their own and those below."""
        return reach(staff.unions, self._organizations) & frozenset(self._organizations.organizations)

    def in_order(self, unions: Collection[str]) -> list[str]:
        """Return those of the unions that are there, as the directory has them."""
        return [name for name in self._organizations.active if name in unions]

    async def roster(self) -> Roster:
        """Return the roster; raise RosterError where its file has a fault."""
        return await asyncio.to_thread(read_roster, self._board.file)

    async def found(self, staff: Staff, key: str) -> tuple[Roster, Person]:
        """Return the roster and the entry of the key; refuse who does not keep all of its unions."""
        try:
            known = await self.roster()
        except RosterError as error:
            raise texts.not_found() from error
        person = next((each for each in known.people if key_of(each.name) == key), None)
        if person is None:
            raise texts.not_found()
        if not set(person.unions) <= self.unions(staff):
            raise texts.forbidden()
        return known, person
