"""The page of figures: what came in and what became of it, by month, union and category; to look at, print and take."""

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from itertools import dropwhile
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk.cases import figure_words as words
from bot.desk.cases.ports import Tally
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.spreadsheet import xlsx
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission

MOST = 36  # months
Reader = Annotated[Visit, Depends(Door(Permission.SEE_FIGURES))]
Months = Annotated[int, Query(ge=1, le=MOST)]
Name = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a union, a category or a month, and its counts in the order of `words.MEASURES`."""

    name: str
    counts: tuple[int, ...]
    share: str  # of what was closed: settled by the workers' word


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the plot: places and heights within its box, and what is written at it."""

    x: int
    taken_in: float
    closed: float
    line: Line
    label: str


HEIGHT, STEP = 120, 40  # of the plot, in its own units


def figures(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/figures")

    async def counted(visit: Visit, union: str, months: int) -> tuple[Sequence[Tally], list[str]]:
        """Return what was counted in the months up to this one, and their names."""
        bounds = list(_bounds(room.now(), months))
        tallies = await room.figures.tallies(room.scope(visit.staff, union), bounds)
        return tallies, [words.month(bound) for bound in bounds[:-1]]

    @router.get("")
    async def page(visit: Reader, months: Months = 12, union: Name = "") -> Response:
        unions = room.unions(visit.staff)
        union = union if union in unions else ""
        tallies, names = await counted(visit, union, months)
        by_month = _lines(tallies, lambda tally: tally.stretch, dict(enumerate(names)))
        title = cache(room.organizations.title)  # once a union: the directory looks for changes each time
        return rooms.page.show(
            "cases/figures.html",
            visit,
            about=words.counted(room.about(visit.staff, union), names, room.now()),
            unit=words.UNIT,
            measures=words.MEASURES,
            total=_line("合计", tallies),
            tables=[
                ("月份", list(dropwhile(lambda line: not any(line.counts), by_month))),
                ("工会", _lines(tallies, lambda tally: title(tally.organization))),
                ("类别", _lines(tallies, lambda tally: tally.category.value)),
            ],
            bars=_bars(by_month),
            width=STEP * len(by_month),
            height=HEIGHT,
            months=months,
            union=union,
            unions=unions,
            spans=words.SPANS,
        )

    @router.get("/export.{kind}")
    async def export(visit: Reader, kind: Literal["csv", "xlsx"], months: Months = 12, union: Name = "") -> Response:
        """Hand out the counts by month, union and category; they hold no case and no person."""
        await rooms.audit.record(Entry(visit.staff.actor, Act.FIGURES_EXPORTED))
        tallies, names = await counted(visit, union, months)
        title = cache(room.organizations.title)  # once a union: the directory looks for changes each time
        rows = [
            (names[each.stretch], title(each.organization), each.category.value, *words.measured(each))
            for each in sorted(tallies, key=lambda each: (each.stretch, each.organization, each.category))
        ]
        head = ("月份", "工会", "类别", *words.MEASURES.values())
        make, media = (_csv, "text/csv; charset=utf-8") if kind == "csv" else (partial(xlsx, "统计"), _XLSX)
        content = await asyncio.to_thread(make, head, rows)  # of thousands of rows: others are served meanwhile
        return Response(
            content, media_type=media, headers={"Content-Disposition": f'attachment; filename="figures.{kind}"'}
        )

    return router


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _bounds(now: datetime, months: int) -> Iterator[datetime]:
    """Yield the beginnings of the last months in China, this one the last, and of the month to come."""
    local = now.astimezone(CHINA)
    last = local.year * 12 + local.month - 1
    for month in range(last - months + 1, last + 2):
        yield datetime(month // 12, month % 12 + 1, 1, tzinfo=CHINA).astimezone(UTC)


def _lines(
    tallies: Sequence[Tally], by: Callable[[Tally], Hashable], names: dict[int, str] | None = None
) -> list[Line]:
    """Return a line for each value of `by`; given `names`, for each of these in their order."""
    groups: dict[Hashable, list[Tally]] = defaultdict(list)
    for tally in tallies:
        groups[by(tally)].append(tally)
    if names is not None:
        return [_line(name, groups[key]) for key, name in names.items()]
    return sorted((_line(str(key), group) for key, group in groups.items()), key=lambda line: -line.counts[0])


def _line(name: str, tallies: Sequence[Tally]) -> Line:
    return Line(name, words.counts(tallies), words.share(tallies))


def _bars(lines: Sequence[Line]) -> list[Bar]:
    highest = max((max(line.counts[:2]) for line in lines), default=0) or 1
    return [
        Bar(
            STEP * place,
            round(HEIGHT * line.counts[0] / highest, 1),
            round(HEIGHT * line.counts[1] / highest, 1),
            line,
            line.name[2:] if line.name.endswith("-01") or not place else line.name[5:],
        )
        for place, line in enumerate(lines)
    ]


def _csv(head: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([head, *rows])
    return ("\ufeff" + file.getvalue()).encode()  # the mark by which Excel knows UTF-8
