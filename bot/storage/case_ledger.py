"""What figures count, held in memory: where each case lies, when it came in, and when it was closed and reopened."""

from array import array
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, bindparam, func, select

from bot.cases.model import ENDED, Move, State
from bot.desk.cases.ports import Tally
from bot.storage.case_tables import case_events, cases
from bot.storage.tables import Moment
from knowledge.vocabulary import Category

_OVERLAP = timedelta(minutes=10)  # transactions end, and clocks of several processes go, unevenly
_CATEGORIES = {category.value: category for category in Category}
_CLOSED, _CONFIRMED, _REOPENED = range(3)  # what an event did: what is confirmed is closed, too
_DID = {Move.CONFIRM: _CONFIRMED, Move.REOPEN: _REOPENED}  # by its move, of those that are counted

_CLOSING = case_events.c.after.in_(ENDED) & case_events.c.before.not_in(ENDED)
# What an event must lead to for any of these comes first: an index finds it by that.
_COUNTED = (case_events.c.after.in_(ENDED | {State.REOPENED}), _CLOSING | (case_events.c.move == Move.REOPEN))
_DONE = select(case_events.c.case_id, case_events.c.number, case_events.c.at, case_events.c.move).where(*_COUNTED)
_CASES = select(cases.c.id, cases.c.organization, cases.c.category, cases.c.opened_at, cases.c.seen)
# Naming all states lets the index by state and moment be used.
_TOUCHED = select(case_events.c.case_id).where(
    case_events.c.after.in_(list(State)), case_events.c.at >= bindparam("since", type_=Moment)
)
_late = cases.alias("late")
_OVERDUE = select(func.aggregate_strings(_late.c.id, ",")).where(
    _late.c.ended_at.is_(None), _late.c.due_at < bindparam("now", type_=Moment)
)
# Each event adds one to what its case has seen.
_LOOK: Select[Any] = select(
    func.count(), func.coalesce(func.sum(cases.c.seen), 0), _OVERDUE.scalar_subquery()
).select_from(cases)


class Ledger:
    """Follows the database by the events since the last look; holds no person and no story.

    A case is opened by its first event and by no other, and where it lies changes with an event only. So the numbers
    of cases and events tell whether all of them are known; if they are not, everything is read anew.
    Not to be shared by threads.
    """

    def __init__(self) -> None:
        self.overdue = ""  # ids of open cases of which a deadline has passed, in one string
        self._looked: datetime | None = None
        self._forget()

    @property
    def known(self) -> tuple[int, int]:
        """Return how many cases are known, and how many events of them: whatever happens makes these more."""
        return len(self._places), self._events

    def follow(self, connection: Connection, now: datetime) -> None:
        """Come to know what there is at the one moment of the database that `connection` reads."""
        *known, overdue = connection.execute(_LOOK, {"now": now}).one()
        if self._looked is not None and self.known != tuple(known):
            since = {"since": self._looked - _OVERLAP}
            done = connection.execute(_DONE.where(case_events.c.case_id.in_(_TOUCHED)), since).all()
            self._learn(connection.execute(_CASES.where(cases.c.id.in_(_TOUCHED)), since).all(), done)
        if self.known != tuple(known):
            self._forget()
            self._learn(connection.execute(_CASES).all(), connection.execute(_DONE).all())
        self._looked, self.overdue = now, overdue or ""

    def tallies(
        self, organizations: Collection[str] | None, bounds: Sequence[datetime], done_from: int
    ) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next, as `Figures` has it."""
        edges, shape = [bound.timestamp() for bound in bounds], (len(self._cells), len(bounds) - 1)
        cells, opened = np.array(self._cell), np.array(self._opened)
        of, at, did = np.array(self._done_of), np.array(self._done_at), np.array(self._did)
        late = np.array([self._places[case] for case in self.overdue.split(",") if case], np.intp)

        def counted(places: NDArray[Any], moments: NDArray[np.float64]) -> NDArray[np.intp]:
            stretches = np.searchsorted(edges, moments, "right") - 1
            within = (stretches >= 0) & (stretches < shape[1])
            numbers = cells[places[within]] * shape[1] + stretches[within]
            return np.bincount(numbers, minlength=shape[0] * shape[1]).reshape(shape)

        done = [counted(of[each], at[each]) for each in (did != _REOPENED, did == _CONFIRMED, did == _REOPENED)]
        counts = np.array([counted(np.arange(len(cells)), opened), *done, counted(late, opened[late])])
        counts[1:4, :, :done_from] = 0
        mine = sorted(cell for cell in self._cells if organizations is None or cell[0] in organizations)
        counts = counts[:, [self._cells[cell] for cell in mine]]
        places, stretches = np.nonzero(counts.any(axis=0))
        told = zip(places.tolist(), stretches.tolist(), counts[:, places, stretches].T.tolist(), strict=True)
        return [Tally(*mine[place], stretch, *numbers) for place, stretch, numbers in told]

    def _forget(self) -> None:
        self._events = 0
        self._cells: dict[tuple[str, Category], int] = {}  # a number for each union and category
        self._places: dict[str, int] = {}  # of cases, by their ids, in the three that follow
        self._cell, self._opened, self._seen = array("i"), array("d"), array("i")
        self._done_of, self._done_at, self._did = array("i"), array("d"), array("b")  # of each event: case, moment

    def _learn(self, rows: Sequence[Any], done: Sequence[Any]) -> None:
        """Take in cases as they are now, and what was done to them as far as it is new."""
        new = [each for each in done if each.number > self._seen_of(each.case_id)]
        for case, organization, category, opened_at, seen in rows:
            place = self._places.setdefault(case, len(self._places))
            if place == len(self._seen):
                for column, value in ((self._cell, 0), (self._opened, opened_at.timestamp()), (self._seen, 0)):
                    column.append(value)
            self._cell[place] = self._cells.setdefault((organization, _CATEGORIES[category]), len(self._cells))
            self._events += seen - self._seen[place]
            self._seen[place] = seen
        for case, _, at, move in new:
            self._done_of.append(self._places[case])
            self._done_at.append(at.timestamp())
            self._did.append(_DID.get(move, _CLOSED))

    def _seen_of(self, case: str) -> int:
        place = self._places.get(case)
        return 0 if place is None else self._seen[place]
