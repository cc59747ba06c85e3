"""Who answers for a union now and in the next seven days, as a page shows it; pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.desk.duty import words
from bot.notices.duty import Duty, IsWorking, shifts
from bot.notices.roster import Roster
from knowledge.calendar import ZONE

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A union's week."""

    union: str
    now: tuple[str, ...]  # names
    from_above: bool  # nobody of the union's own, so those who answer are of one above
    days: tuple[tuple[date, tuple[str, ...]], ...]  # who, and from when until when
    gaps: tuple[tuple[date, tuple[str, ...]], ...]  # when nobody answers, those above included


def week(union: str, roster: Roster, duty: Duty, is_working: IsWorking, now: datetime) -> Week:
    """Return the union's week from `now` on."""
    people = duty.on_duty(union, now)
    coming = [shift for shift in shifts(roster, union, now, is_working) if shift.start < now + WEEK]
    return Week(
        union,
        tuple(person.name for person in people),
        bool(people) and not any(union in person.unions for person in people),
        _by_day([(max(each.start, now), f"{each.person.name} {words.until(each.start, each.end)}") for each in coming]),
        _by_day([(start, words.until(start, end)) for start, end in duty.gaps(union, now, now + WEEK)]),
    )


def _by_day(moments: Sequence[tuple[datetime, str]]) -> tuple[tuple[date, tuple[str, ...]], ...]:
    days: dict[date, list[str]] = defaultdict(list)
    for at, said in sorted(moments):
        days[at.astimezone(ZONE).date()].append(said)
    return tuple((day, tuple(said)) for day, said in days.items())
