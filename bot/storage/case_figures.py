"""Figures of cases over SQL, out of what of them and of their events is not sealed."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select

from bot.cases.model import ENDED, Move, State
from bot.desk.cases.ports import Tally
from bot.storage.case_tables import case_events, cases
from bot.storage.database import Database
from bot.storage.tables import Moment
from knowledge.vocabulary import Category

_CLOSING = case_events.c.after.in_(ENDED) & case_events.c.before.not_in(ENDED)
_REOPENING = case_events.c.move == Move.REOPEN
_DONE = (_CLOSING, _CLOSING & (case_events.c.move == Move.CONFIRM), _REOPENING)  # closed, satisfied, reopened
_CATEGORIES = {category.value: category for category in Category}
_KEPT = 8  # counts that are kept in memory; they hold no person and no case
_COUNTED = ENDED | {State.REOPENED}  # what an event must lead to for any of these: an index finds it by that


class SqlFigures:
    """Implements `Figures`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: OrderedDict[tuple[object, ...], tuple[object, Sequence[Tally]]] = OrderedDict()

    async def tallies(
        self, organizations: Sequence[str] | None, bounds: Sequence[datetime], done_from: int = 0
    ) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out.

        In stretches before `done_from` only what was taken in is counted, and what of it is overdue.
        What was counted holds until something happens to any case, or one more is overdue.
        """
        asked = (None if organizations is None else tuple(organizations), done_from, *bounds)
        ((*standing,),) = await self._database.read(_STANDING, {"now": self._now()})
        before, tallies = self._known.pop(asked, (None, ()))
        if before != standing:
            tallies = await self._counted(organizations, bounds, done_from)
        self._known[asked] = standing, tallies
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return tallies

    async def _counted(
        self, organizations: Sequence[str] | None, bounds: Sequence[datetime], done_from: int
    ) -> Sequence[Tally]:
        values: dict[str, Any] = {_name(place): bound for place, bound in enumerate(bounds)}
        values |= {"now": self._now(), "organizations": organizations, "done_from": bounds[done_from]}
        queries = (count(len(bounds) - 1, organizations is None) for count in (_opened, _done))
        opened, done = await asyncio.gather(*(self._database.read(query, values) for query in queries))
        found: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0] * 5)  # in the order of a `Tally`
        for organization, category, stretch, taken_in, overdue in opened:
            found[organization, category, stretch][::4] = taken_in, overdue
        for organization, category, stretch, *counts in done:
            found[organization, category, stretch][1:4] = counts
        return [
            Tally(organization, _CATEGORIES[category], stretch, *counts)
            for (organization, category, stretch), counts in sorted(found.items())
            if any(counts)
        ]


_NOW = bindparam("now", type_=Moment)
_OVERDUE: ColumnElement[int] = func.count().filter(cases.c.ended_at.is_(None), cases.c.due_at < _NOW)
# Tells apart any two moments between which a count may change: each event adds one to what its case has seen.
_STANDING: Select[int, Any, int] = select(func.count(), func.sum(cases.c.seen), _OVERDUE).select_from(cases)


@cache
def _opened(stretches: int, everywhere: bool) -> Select[Any]:
    """Count what was taken in: a case is opened by its first event and by no other."""
    return _grouped(cases.c.opened_at, stretches, everywhere, func.count(), _OVERDUE)


@cache
def _done(stretches: int, everywhere: bool) -> Select[Any]:
    counts = (func.count().filter(condition) for condition in _DONE)
    query = _grouped(case_events.c.at, stretches, everywhere, *counts)
    query = query.join(case_events, case_events.c.case_id == cases.c.id)
    since = case_events.c.at >= bindparam("done_from", type_=Moment)
    return query.where(since, case_events.c.after.in_(_COUNTED), _CLOSING | _REOPENING)


def _grouped(
    moment: ColumnElement[datetime], stretches: int, everywhere: bool, *counts: ColumnElement[int]
) -> Select[Any]:
    """Return a query that takes its bounds, and its unions unless it is of all, as parameters."""
    stretch = _stretch(moment, 0, stretches).label("stretch")
    groups = (cases.c.organization, cases.c.category, stretch)
    counted = select(*groups, *counts).select_from(cases).group_by(*groups)
    if not everywhere:
        counted = counted.where(cases.c.organization.in_(bindparam("organizations", expanding=True)))
    return counted.where(moment >= _bound(0), moment < _bound(stretches))


def _stretch(moment: ColumnElement[datetime], first: int, end: int) -> ColumnElement[int]:
    """Return in which stretch a moment lies, found by halves: years of months are many comparisons for each row."""
    if end - first == 1:
        return literal(first)
    half = (first + end) // 2
    return case((moment < _bound(half), _stretch(moment, first, half)), else_=_stretch(moment, half, end))


def _bound(place: int) -> ColumnElement[datetime]:
    return bindparam(_name(place), type_=Moment)


def _name(place: int) -> str:
    return f"bound{place}"
