"""Working days of the Chinese calendar, its moved weekends included, and time that is counted in them.

The library `chinesecalendar` knows the years whose arrangement it was released with; `working-days.yaml` adds others
and wins where both know one, and what a deployment adds wins over both. Of a year that nobody knows Monday to Friday
are taken for working days, but for the holidays that the law ties to a date: a deadline then comes too early rather
than too late.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

import chinese_calendar
from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, HOME_FOLDER, STRICT, DirectoryError, read_entries, write_entries
from knowledge.followed import Followed

WORKING_DAYS_FILE = DIRECTORY / "working-days.yaml"
ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time: needs no table of time zones
DAY = timedelta(days=1)

# 全国年节及纪念日放假办法 (2024), article 2: those with a fixed date, as (month, day).
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True, config=STRICT)
class Year:
    """How a year is arranged: weekdays that nobody works, and days of weekends that are worked."""

    source: str
    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


Years = Mapping[int, Year]


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    years: dict[int, Year] = field(default_factory=dict)


class Calendar:
    """Tells working days, and counts time in them; a working day counts 24 hours, any other none."""

    def __init__(self, years: Years, added: Callable[[], Years] = dict) -> None:
        """`added` returns the years that somebody has added by now; they win over `years`."""
        self._years = dict(years)
        self._added = added

    def knows(self, year: int) -> bool:
        """Tell whether the year's moved weekends are known."""
        return self.year(year) is not None or _arranged(date(year, 1, 1)) is not None

    def year(self, number: int) -> Year | None:
        """Return how a year is arranged, if that is written down here."""
        return self._added().get(number) or self._years.get(number)

    def is_working(self, day: date) -> bool:
        """Tell whether the day is worked."""
        year = self.year(day.year)
        if year is not None:
            return day in year.worked or (day.weekday() < 5 and day not in year.holidays)
        arranged = _arranged(day)
        return arranged if arranged is not None else day.weekday() < 5 and (day.month, day.day) not in FIXED

    def after(self, moment: datetime, working: timedelta) -> datetime:
        """Return when so much working time has passed since the moment, in UTC.

        One working day after a Friday at ten is Monday at ten; after a Saturday it is the end of Monday.
        """
        at, left = moment.astimezone(ZONE), working
        while left > timedelta(0):
            midnight = _midnight(at.date() + DAY)
            if self.is_working(at.date()):
                if left <= midnight - at:
                    return (at + left).astimezone(UTC)
                left -= midnight - at
            at = midnight
        return at.astimezone(UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two moments; none if `end` comes first."""
        at, last = start.astimezone(ZONE), end.astimezone(ZONE)
        passed = timedelta(0)
        while at < last:
            until = min(_midnight(at.date() + DAY), last)
            if self.is_working(at.date()):
                passed += until - at
            at = until
        return passed


def today_in_china() -> date:
    """Return what day it is by which law is in force, whatever time zone the machine is set to."""
    return datetime.now(ZONE).date()


def end_of_day(moment: datetime) -> datetime:
    """Return the midnight that ends the moment's day in China, in UTC."""
    return _midnight(moment.astimezone(ZONE).date() + DAY).astimezone(UTC)


@cache
def load_calendar(path: Path = WORKING_DAYS_FILE, home: Path | None = None) -> Calendar:
    """Read the file once and follow what a home adds; raise DirectoryError as `read_years` does."""
    years = read_years(path)
    if home is None:
        return Calendar(years)
    added: Followed[Years] = Followed(added_years_file(home), read_years, {})
    return Calendar(years, added.current)


def added_years_file(home: Path) -> Path:
    """Return where a home keeps the years that it adds."""
    return home / HOME_FOLDER / WORKING_DAYS_FILE.name


def read_years(path: Path) -> Years:
    """Read a file of years; raise DirectoryError where one lists days of another or makes work of a weekday."""
    years = read_entries(path, _File).years
    for number, year in years.items():
        for day in (*year.holidays, *year.worked):
            if day.year != number:
                raise DirectoryError(f"{path.name}, {number}: {day} is of another year: correct it.")
        for day in year.worked:
            if day.weekday() < 5:
                raise DirectoryError(f"{path.name}, {number}: {day} is no weekend and need not be listed as worked.")
    return years


def write_years(path: Path, years: Years) -> None:
    """Write a file of years anew."""
    entries = {
        number: {"source": year.source, "holidays": sorted(year.holidays), "worked": sorted(year.worked)}
        for number, year in sorted(years.items())
    }
    write_entries(path, {"years": entries})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


@cache
def _arranged(day: date) -> bool | None:
    """Return what the library says of the day, or None for a year that it does not know."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
