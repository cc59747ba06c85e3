"""Figures of cases over SQL, out of what of their events is not sealed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from bot.cases.model import ENDED, Move
from bot.desk.cases.ports import Tally
from bot.storage.case_tables import case_events, cases
from bot.storage.database import Database
from knowledge.vocabulary import Category


class SqlFigures:
    """Implements `Figures`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def tallies(self, organizations: Sequence[str] | None, bounds: Sequence[datetime]) -> Sequence[Tally]:
        """Count in each stretch from one bound to the next; None asks for all unions. What is nothing is left out."""
        found: dict[tuple[str, Category, int], dict[str, int]] = defaultdict(dict)
        for query, names in ((_events(bounds), _DONE), (_overdue(bounds, self._now()), ("overdue",))):
            if organizations is not None:
                query = query.where(cases.c.organization.in_(organizations))
            for row in await self._database.read(query):
                counts = {name: count for name in names if (count := getattr(row, name))}
                found[row.organization, Category(row.category), row.stretch] |= counts
        return [
            Tally(organization, category, stretch, **counts)
            for (organization, category, stretch), counts in sorted(found.items())
            if counts
        ]


_CLOSING = case_events.c.after.in_(ENDED) & case_events.c.before.not_in(ENDED)
_DONE: dict[str, ColumnElement[bool]] = {
    "taken_in": case_events.c.move == Move.OPEN,
    "closed": _CLOSING,
    "satisfied": _CLOSING & (case_events.c.move == Move.CONFIRM),
    "reopened": case_events.c.move == Move.REOPEN,
}


def _events(bounds: Sequence[datetime]) -> Select[Any]:
    counts = (func.count().filter(condition).label(name) for name, condition in _DONE.items())
    return _grouped(case_events.c.at, bounds, *counts).join(case_events, case_events.c.case_id == cases.c.id)


def _overdue(bounds: Sequence[datetime], now: datetime) -> Select[Any]:
    counted = _grouped(cases.c.opened_at, bounds, func.count().label("overdue"))
    return counted.where(cases.c.ended_at.is_(None), cases.c.due_at < now)


def _grouped(moment: ColumnElement[datetime], bounds: Sequence[datetime], *counts: ColumnElement[int]) -> Select[Any]:
    stretch = case(*((moment < bound, number) for number, bound in enumerate(bounds[1:])), else_=-1).label("stretch")
    groups = (cases.c.organization, cases.c.category, stretch)
    counted = select(*groups, *counts).select_from(cases)
    return counted.where(moment >= bounds[0], moment < bounds[-1]).group_by(*groups)
