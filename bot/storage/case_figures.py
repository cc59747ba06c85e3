"""Figures of cases over SQL, out of what of them and of their events is not sealed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.desk.cases.ports import Tally
from bot.storage.case_ledger import Ledger
from bot.storage.database import Database

_KEPT = 8  # counts that are kept in memory; they hold no person and no case


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted, and of what."""

    known: tuple[int, int]  # how many cases and events there were
    overdue: str  # which cases were, for this changes as time goes by, and where clocks are set anew without an event
    tallies: Sequence[Tally]


class SqlFigures:
    """Implements `Figures`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._ledger = Ledger()
        self._counted: OrderedDict[tuple[object, ...], _Counted] = OrderedDict()
        self._lock = threading.Lock()  # of the ledger and of what was counted

    async def tallies(
        self, organizations: Sequence[str] | None, bounds: Sequence[datetime], done_from: int = 0
    ) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out.

        In stretches before `done_from` only what was taken in is counted, and what of it is overdue.
        What was counted is kept until something happens to any case, or more or less is overdue.
        """
        asked = (None if organizations is None else frozenset(organizations), tuple(bounds), done_from)

        def count(connection: Connection) -> Sequence[Tally]:
            with self._lock:
                self._ledger.follow(connection, self._now())
                known, overdue = self._ledger.known, self._ledger.overdue
                counted = self._counted.pop(asked, None)
                if counted is None or (counted.known, counted.overdue) != (known, overdue):
                    counted = _Counted(known, overdue, self._ledger.tallies(*asked))
                self._counted[asked] = counted
                while len(self._counted) > _KEPT:
                    self._counted.popitem(last=False)
                return counted.tallies

        return await self._database.snapshot(count)
