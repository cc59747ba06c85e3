"""Figures of cases over SQL, out of what of them and of their events is not sealed."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
_Cell = tuple[str, str, int]  # union, category, stretch
_KEPT = 8  # counts that are kept in memory; they hold no person and no case
_COUNTED = ENDED | {State.REOPENED}  # what an event must lead to for any of these: an index finds it by that


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted, and of when."""

    events: object  # how many cases and events there were
    counts: Mapping[_Cell, Sequence[int]]  # which only events change: taken in, closed, satisfied, reopened
    overdue: Mapping[_Cell, int]  # which time changes, too
    tallies: Sequence[Tally]


class SqlFigures:
    """Implements `Figures`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: OrderedDict[tuple[object, ...], _Counted] = OrderedDict()

    async def tallies(
        self, organizations: Sequence[str] | None, bounds: Sequence[datetime], done_from: int = 0
    ) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out.

        In stretches before `done_from` only what was taken in is counted, and what of it is overdue.
        What was counted is kept until something happens to any case, but for what is overdue.
        """
        values: dict[str, Any] = {_name(place): bound for place, bound in enumerate(bounds)}
        values |= {"now": self._now(), "organizations": organizations, "done_from": bounds[done_from]}
        shape = len(bounds) - 1, organizations is None
        ((*events,),), late = await asyncio.gather(
            self._database.read(_EVENTS), self._database.read(_overdue(*shape), values)
        )
        overdue = {(organization, category, stretch): count for organization, category, stretch, count in late}
        asked = (None if organizations is None else tuple(organizations), done_from, *bounds)
        known = self._known.pop(asked, None)
        if known is None or known.events != events:
            counts = await self._counted(shape, values)
            known = _Counted(events, counts, overdue, _tallies(counts, overdue))
        elif known.overdue != overdue:
            known = replace(known, overdue=overdue, tallies=_tallies(known.counts, overdue))
        self._known[asked] = known
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known.tallies

    async def _counted(self, shape: tuple[int, bool], values: Mapping[str, Any]) -> Mapping[_Cell, Sequence[int]]:
        opened, done = await asyncio.gather(
            *(self._database.read(query, values) for query in (_opened(*shape), _done(*shape)))
        )
        counts: dict[_Cell, list[int]] = defaultdict(lambda: [0] * 4)
        for organization, category, stretch, taken_in in opened:
            counts[organization, category, stretch][0] = taken_in
        for organization, category, stretch, *ended in done:
            counts[organization, category, stretch][1:] = ended
        return counts


def _tallies(counts: Mapping[_Cell, Sequence[int]], overdue: Mapping[_Cell, int]) -> Sequence[Tally]:
    found = []
    for cell, (taken_in, closed, satisfied, reopened) in sorted(counts.items()):
        organization, category, stretch = cell
        done = (closed, satisfied, reopened)
        found.append(Tally(organization, _CATEGORIES[category], stretch, taken_in, *done, overdue.get(cell, 0)))
    return found


# Each event adds one to what its case has seen.
_EVENTS: Select[int, Any] = select(func.count(), func.sum(cases.c.seen)).select_from(cases)


@cache
def _opened(stretches: int, everywhere: bool) -> Select[Any]:
    """Count what was taken in: a case is opened by its first event and by no other."""
    return _grouped(cases.c.opened_at, stretches, everywhere, func.count())


@cache
def _overdue(stretches: int, everywhere: bool) -> Select[Any]:
    """Count what of it is overdue; this changes as time goes by, and where clocks are set anew without an event."""
    now = bindparam("now", type_=Moment)
    return _opened(stretches, everywhere).where(cases.c.ended_at.is_(None), cases.c.due_at < now)


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
