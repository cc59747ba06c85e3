"""What a report says, out of the same counts as the page of figures; pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.desk.cases.ports import Tally
from bot.desk.cases.words import MEASURES, share
from bot.desk.page import CHINA
from bot.desk.reports.ports import Service

HOT = 5  # topics
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before any case
_LAST, _NOW = 1, 2  # stretches between the bounds; 0 is all that came earlier


class Span(StrEnum):
    """How long a report reaches."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A week from Monday on, or a month, in China."""

    span: Span
    first: date
    end: date  # the day after the last

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """Return the one before."""
        return period(self.span, self.first - timedelta(days=1))

    @property
    def bounds(self) -> tuple[datetime, datetime, datetime, datetime]:
        """Return between which moments is counted: all before, the period before, the period."""
        return (_BEGINNING, _begin(self.before.first), _begin(self.first), _begin(self.end))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its name, its counts in the order of `MEASURES`, and how many came in the period before."""

    name: str
    counts: tuple[int, ...]
    share: str  # of what was closed: settled by the workers' word
    before: int

    @property
    def taken_in(self) -> int:
        """Return how many came in."""
        return self.counts[0]


@dataclass(frozen=True, slots=True)
class Report:
    """A report on the unions that it is about."""

    period: Period
    about: str
    made_at: datetime
    total: Line
    unions: tuple[Line, ...]
    categories: tuple[Line, ...]
    overdue: int  # whenever they came in
    warnings: int
    service: Service

    @property
    def hot(self) -> tuple[Line, ...]:
        """Return the categories that most came in of."""
        return tuple(line for line in self.categories if line.taken_in)[:HOT]


def period(span: Span, day: date) -> Period:
    """Return the period in which a day lies."""
    if span is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(span, monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Period(span, first, (first + timedelta(days=31)).replace(day=1))


def latest(span: Span, today: date, count: int) -> Iterator[Period]:
    """Yield the period of today and those before it."""
    current = period(span, today)
    for _ in range(count):
        yield current
        current = current.before


def report(
    period: Period, about: str, tallies: Sequence[Tally], service: Service, warnings: int, made_at: datetime
) -> Report:
    """Return the report; `tallies` were counted between the period's `bounds`."""
    return Report(
        period,
        about,
        made_at,
        _line("合计", tallies),
        _lines(tallies, lambda tally: tally.organization),
        _lines(tallies, lambda tally: tally.category.value),
        sum(tally.overdue for tally in tallies),
        warnings,
        service,
    )


def _lines(tallies: Sequence[Tally], by: Callable[[Tally], str]) -> tuple[Line, ...]:
    names = sorted({by(tally) for tally in tallies})
    lines = [_line(name, [tally for tally in tallies if by(tally) == name]) for name in names]
    told = [line for line in lines if any(line.counts) or line.before]
    return tuple(sorted(told, key=lambda line: -line.taken_in))


def _line(name: str, tallies: Iterable[Tally]) -> Line:
    every = list(tallies)
    mine = [tally for tally in every if tally.stretch == _NOW]
    counts = tuple(sum(getattr(tally, measure) for tally in mine) for measure in MEASURES)
    return Line(name, counts, share(mine), sum(tally.taken_in for tally in every if tally.stretch == _LAST))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
