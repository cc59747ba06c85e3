"""The pages of holidays: which years are known from where, and a year entered after a check."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.directory.ways import LookAgain
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from knowledge.calendar import DAY, FIXED, Calendar, Year

AHEAD = 3  # years that can be entered after this one
LONGEST = 120  # characters of a source
USUAL = (10, 25)  # weekdays off in a year
SPRING = ((1, 20), (2, 25))  # within which the spring festival falls, as (month, day)
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Number = Annotated[int, Path(ge=2000, le=2200)]


@dataclass(frozen=True, slots=True)
class Row:
    """A year as it is shown."""

    number: int
    origin: str
    source: str
    year: Year | None
    entered: bool


def holidays(
    rooms: Rooms, ledger: Ledger, calendar: Calendar, now: Callable[[], datetime], look_again: LookAgain
) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory/holidays")

    def coming() -> range:
        this = now().astimezone(CHINA).year
        return range(this, this + AHEAD + 1)

    def keeper(visit: Visit) -> None:
        if not keeps_all(visit.staff, rooms.organizations):
            raise texts.forbidden()

    def form(visit: Visit) -> dict[str, str]:
        return {name: visit.field(name) for name in ("year", "source", "holidays", "worked")}

    async def everything(
        visit: Visit, status: int = 200, typed: dict[str, str] | None = None, problem: str = ""
    ) -> Response:
        entered = await asyncio.to_thread(ledger.years)
        return rooms.page.show(
            "directory/holidays.html",
            visit,
            status,
            rows=[_row(number, calendar, number in entered) for number in coming()],
            keeps=keeps_all(visit.staff, rooms.organizations),
            years=coming(),
            typed=typed or {"year": str(coming()[1]), "source": "", "holidays": "", "worked": ""},
            longest=LONGEST,
            day=texts.day,
            problem=problem,
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    @router.get("")
    async def page(visit: See) -> Response:
        return await everything(visit)

    @router.post("/check")
    async def check(visit: Keep) -> Response:
        keeper(visit)
        try:
            number, year = _year(form(visit), coming())
        except Unfit as error:
            return await everything(visit, 422, form(visit), str(error))
        return rooms.page.show(
            "directory/holidays_check.html",
            visit,
            number=number,
            year=year,
            doubts=list(_doubts(number, year)),
            typed=form(visit),
            day=texts.day,
        )

    @router.post("/save")
    async def save(visit: Keep) -> Response:
        keeper(visit)
        try:
            number, year = _year(form(visit), coming())
        except Unfit as error:
            return await everything(visit, 422, form(visit), str(error))
        await rooms.audit.record(Entry(visit.staff.actor, Act.HOLIDAYS_ENTERED, f"holidays/{number}"))
        await asyncio.to_thread(ledger.enter, number, year)
        await look_again()
        return done("/directory/holidays", "entered")

    @router.post("/{number}/withdraw")
    async def withdraw(visit: Keep, number: Number) -> Response:
        keeper(visit)
        await rooms.audit.record(Entry(visit.staff.actor, Act.HOLIDAYS_WITHDRAWN, f"holidays/{number}"))
        await asyncio.to_thread(ledger.enter, number, None)
        await look_again()
        return done("/directory/holidays", "withdrawn")

    return router


def _row(number: int, calendar: Calendar, entered: bool) -> Row:
    year = calendar.year(number)
    if year is not None:
        return Row(number, words.FROM_HERE if entered else words.FROM_FILE, year.source, year, entered)
    if calendar.knows(number):
        return Row(number, words.FROM_LIBRARY, words.LIBRARY_SOURCE, None, False)
    return Row(number, words.FROM_NOBODY, words.NOBODY_SOURCE, None, False)


def _year(typed: dict[str, str], coming: range) -> tuple[int, Year]:
    """Return what a form says; raise Unfit where it cannot be meant."""
    number = int(typed["year"]) if typed["year"].isascii() and typed["year"].isdecimal() else 0
    if number not in coming:
        raise Unfit(words.BAD_YEAR)
    source = typed["source"].strip()
    if not 0 < len(source) <= LONGEST or not source.isprintable():
        raise Unfit(words.NO_NOTICE)
    free, worked = set(_days(typed["holidays"], number)), set(_days(typed["worked"], number))
    for day in sorted(worked):
        if day.weekday() < 5:
            raise Unfit(words.NO_WEEKEND.format(day))
    if both := sorted(free & worked):
        raise Unfit(words.BOTH.format(both[0]))
    return number, Year(source, frozenset(day for day in free if day.weekday() < 5), frozenset(worked))


def _days(written: str, number: int) -> Iterator[date]:
    for part in written.replace("，", " ").replace("、", " ").replace(",", " ").split():
        first, _, last = part.partition("..")
        try:
            begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise Unfit(words.BAD_DAY.format(part[:40])) from None
        if not timedelta(0) <= end - begin < timedelta(days=30):
            raise Unfit(words.BAD_DAY.format(part[:40]))
        for passed in range((end - begin).days + 1):
            day = begin + passed * DAY
            if day.year != number:
                raise Unfit(words.OTHER_YEAR.format(day))
            yield day


def _doubts(number: int, year: Year) -> Iterator[str]:
    """Yield what is odd about a year, though it may be right."""
    fixed = [date(number, month, day) for month, day in sorted(FIXED)]
    if missing := [texts.day(day) for day in fixed if day.weekday() < 5 and day not in year.holidays]:
        yield words.WITHOUT_FIXED.format("、".join(missing))
    first, last = (date(number, *ends) for ends in SPRING)
    if not any(first <= day <= last for day in year.holidays):
        yield words.WITHOUT_SPRING
    if len(year.holidays) < USUAL[0]:
        yield words.FEW_DAYS.format(len(year.holidays))
    elif len(year.holidays) > USUAL[1]:
        yield words.MANY_DAYS.format(len(year.holidays))
