"""What a report says, out of the same counts as the page of figures; pure."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from bot.desk.cases.figure_words import counts, share
from bot.desk.cases.ports import Tally
from bot.desk.page import CHINA
from bot.desk.reports.ports import Asked, Service, Workplace

HOT = 5  # topics
FEW = 3  # fewer are no topic, and no workplace: who reads of them might know who it was
EARLIER = 4  # periods before, which tell how much is usual
_NOW = EARLIER  # stretch between the bounds; those before it are the earlier periods


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
        """Return the one before, as long as this one."""
        if self.span is Span.WEEK:
            return Period(self.span, self.first - timedelta(days=7), self.first)
        return period(self.span, self.first - timedelta(days=1))

    @property
    def bounds(self) -> tuple[datetime, ...]:
        """Return between which moments is counted: the earlier periods, the period."""
        earlier = [self]
        for _ in range(EARLIER):
            earlier.insert(0, earlier[0].before)
        return (*(_begin(each.first) for each in earlier), _begin(self.end))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its name, its counts in the order of `MEASURES`, and how many came in earlier periods."""

    name: str
    counts: tuple[int, ...]
    share: str  # of what was closed: settled by the workers' word
    earlier: tuple[int, ...]  # the oldest first

    @property
    def before(self) -> int:
        """Return how many came in the period before."""
        return self.earlier[-1]

    @property
    def usual(self) -> float:
        """Return how many came in an earlier period, on average."""
        return sum(self.earlier) / len(self.earlier)

    @property
    def taken_in(self) -> int:
        """Return how many came in."""
        return self.counts[0]


@dataclass(frozen=True, slots=True)
class Question:
    """What several workers asked in the period: one wording, and how many asked it, then and before."""

    wording: str
    people: int
    usual: float  # in an earlier period, on average


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
    workplaces: tuple[Workplace, ...] = ()
    questions: tuple[Question, ...] | None = None  # None for who may not read what workers write
    scores: tuple[int, ...] = ()  # that workers gave, 1 to 5

    @property
    def most(self) -> tuple[Line, ...]:
        """Return the categories that most came in of."""
        return tuple(line for line in self.categories if line.taken_in)[:HOT]

    @property
    def hot(self) -> tuple[Line, ...]:
        """Return the categories that more came in of than is usual, the steepest first."""
        rising = [line for line in self.categories if line.taken_in >= FEW and line.taken_in > line.usual]
        return tuple(sorted(rising, key=lambda line: line.usual - line.taken_in)[:HOT])

    @property
    def satisfaction(self) -> float | None:
        """Return the median of the scores, None where hardly anybody gave one."""
        return median(self.scores) if len(self.scores) >= FEW else None


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
    period: Period,
    about: str,
    tallies: Sequence[Tally],
    service: Service,
    warnings: int,
    made_at: datetime,
    *,
    overdue: int = 0,
    workplaces: Sequence[Workplace] = (),
    questions: Sequence[Question] | None = None,
    scores: Sequence[int] = (),
) -> Report:
    """Return the report; `tallies` were counted between the period's `bounds`, what was done only in the period."""
    return Report(
        period,
        about,
        made_at,
        _line("合计", tallies),
        _lines(tallies, lambda tally: tally.organization),
        _lines(tallies, lambda tally: tally.category.value),
        overdue,
        warnings,
        service,
        tuple(workplaces),
        None if questions is None else tuple(questions),
        tuple(scores),
    )


def questions(period: Period, asked: Sequence[Asked], groups: Iterable[Sequence[int]]) -> tuple[Question, ...]:
    """Return what most people asked in the period; `groups` are the places in `asked` of what asks the same."""
    bounds = period.bounds  # looked up once: there may be thousands of questions
    start, first = bounds[0], bounds[_NOW]
    found = []
    for group in groups:
        mine = [asked[place] for place in group]
        now = [each for each in mine if each.at >= first]
        people = len({each.chat for each in now})
        earlier = {(each.chat, bisect(bounds, each.at)) for each in mine if start <= each.at < first}
        if people >= FEW:
            wording = min((each.question for each in now), key=lambda each: (len(each), each))
            found.append(Question(wording, people, len(earlier) / EARLIER))
    return tuple(sorted(found, key=lambda each: (-each.people, each.usual))[:HOT])


def _lines(tallies: Sequence[Tally], by: Callable[[Tally], str]) -> tuple[Line, ...]:
    groups: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        groups[by(tally)].append(tally)
    lines = [_line(name, groups[name]) for name in sorted(groups)]
    told = [line for line in lines if any(line.counts) or line.before]
    return tuple(sorted(told, key=lambda line: -line.taken_in))


def _line(name: str, tallies: Iterable[Tally]) -> Line:
    mine = []
    earlier = [0] * _NOW
    for tally in tallies:
        if tally.stretch == _NOW:
            mine.append(tally)
        else:
            earlier[tally.stretch] += tally.taken_in
    return Line(name, counts(mine), share(mine), tuple(earlier))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
