"""The duty roster: who answers for a union, in which hours, and how they are called."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, model_validator
from pydantic.dataclasses import dataclass

from bot.notices.model import Address, Medium
from knowledge.calendar import ZONE

_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)  # an input may be a robot's secret address
_LOOPBACK = {"127.0.0.1", "localhost"}


class Day(StrEnum):
    """On which days hours hold: a weekday by its name, or whatever the calendar calls a day of work or a day off."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    WORKDAY = "workday"
    DAYOFF = "dayoff"


_WEEK = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI, Day.SAT, Day.SUN)


@dataclass(frozen=True, slots=True)
class Span:
    """From and until when on a day, in minutes after midnight; beyond 1440 is the next day's morning."""

    start: int
    end: int


Hours = Mapping[Day, tuple[Span, ...]]
ALWAYS: Hours = {Day.WORKDAY: (Span(0, 1440),), Day.DAYOFF: (Span(0, 1440),)}


@dataclass(frozen=True, slots=True)
class Absence:
    """The days, both included, on which somebody is away."""

    first: date
    last: date


def _spans(words: object) -> tuple[Span, ...]:
    """Read `08:30-12:00 14:30-17:30`; what ends before it begins goes on past midnight."""
    spans = []
    for part in words.replace(",", " ").split() if isinstance(words, str) else [""]:
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError("hours are written as 08:30-12:00 14:30-17:30")
        start, end = (60 * int(match[hour]) + int(match[hour + 1]) for hour in (1, 3))
        if start >= 1440 or end > 1440:
            raise ValueError("a day has the hours from 00:00 to 24:00")
        spans.append(Span(start, end if end > start else end + 1440))
    return tuple(spans)


def _hours(words: object) -> object:
    if words == "always":
        return ALWAYS
    if not isinstance(words, dict) or not words:
        raise ValueError("hours are `always`, or days (workday, dayoff, mon … sun) with their times")
    if unknown := [str(day) for day in words if day not in set(Day)]:
        raise ValueError(f"{unknown[0]} is no day: use workday, dayoff, mon, tue, wed, thu, fri, sat or sun")
    return {Day(day): _spans(times) for day, times in words.items()}


def _absence(words: object) -> object:
    try:
        first, _, last = str(words).partition("..")
        absence = Absence(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError as error:
        raise ValueError("days away are written as 2026-12-01 or 2026-12-01..2026-12-05") from error
    if absence.last < absence.first:
        raise ValueError("days away end before they begin")
    return absence


def _text(words: object) -> object:
    return str(words) if isinstance(words, int) else words  # a Telegram group's id


@dataclass(frozen=True, slots=True, config=_STRICT)
class Person:
    """Somebody, or a group, who can be called."""

    name: str
    unions: tuple[str, ...]  # names of organizations.yaml that they answer for
    channel: Medium
    address: Annotated[str, BeforeValidator(_text)] = field(repr=False)
    hours: Annotated[Hours, BeforeValidator(_hours)]
    secret: str | None = field(default=None, repr=False)  # DingTalk's, if its robot asks for a signature
    deputy: str | None = None  # name of another entry: stands in on days away, and is called second
    away: tuple[Annotated[Absence, BeforeValidator(_absence)], ...] = ()

    @model_validator(mode="after")
    def _can_be_called(self) -> "Person":
        if reason := _unreachable(self.channel, self.address):
            raise ValueError(reason)
        if self.secret is not None and self.channel is not Medium.DINGTALK:
            raise ValueError("only a DingTalk robot has a secret")
        return self

    @property
    def called_at(self) -> Address:
        """Return where notices go."""
        return Address(self.channel, self.address, self.secret, self.name)

    def is_away(self, day: date) -> bool:
        """Tell whether that day is one of absence."""
        return any(absence.first <= day <= absence.last for absence in self.away)

    def spans(self, day: date, working: bool) -> Iterator[tuple[datetime, datetime]]:
        """Yield from and until when the hours of a day run; `working` says what the calendar makes of it.

        Hours of a weekday hold unless the calendar moved it: then, and where there are none, workday or dayoff hold.
        """
        moved = working != (day.weekday() < 5)
        by_calendar = Day.WORKDAY if working else Day.DAYOFF
        weekday = by_calendar if moved else _WEEK[day.weekday()]
        midnight = datetime.combine(day, time(), ZONE)
        for span in self.hours.get(weekday, self.hours.get(by_calendar, ())):
            yield midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)


@dataclass(frozen=True, slots=True, config=_STRICT)
class Roster:
    """Everybody who can be called."""

    people: tuple[Person, ...] = ()

    def named(self, name: str | None) -> Person | None:
        """Return who has this name."""
        return next((person for person in self.people if person.name == name), None)

    def of(self, union: str) -> tuple[Person, ...]:
        """Return who answers for a union."""
        return tuple(person for person in self.people if union in person.unions)


def _unreachable(channel: Medium, address: str) -> str | None:
    match channel:
        case Medium.EMAIL:
            return None if _MAIL.fullmatch(address) else "the address of an email entry is name@example.org"
        case Medium.TELEGRAM:
            is_id = address.removeprefix("-").isdigit()
            return None if is_id else "the address of a telegram entry is the group's number, such as -1001234567890"
        case Medium.WECOM | Medium.DINGTALK:
            parts = urlsplit(address)
            safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
            return None if safe and parts.query else f"the address of a {channel} entry is its robot's https address"
    return "the desk shows every notice by itself: channel is email, wecom, dingtalk or telegram"


def faults(roster: Roster, unions: Container[str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what does not fit together: where it stands, and what is wrong; `unions` are those of the directory."""
    names = [person.name for person in roster.people]
    for number, person in enumerate(roster.people):
        if person.name in names[:number]:
            yield ("people", number, "name"), f"{person.name} is there twice"
        for place, union in enumerate(person.unions):
            if union not in unions:
                yield ("people", number, "unions", place), f"{union} is no union of the directory"
        if person.deputy is not None and (person.deputy not in names or person.deputy == person.name):
            yield ("people", number, "deputy"), f"the deputy {person.deputy} is no other entry of the roster"
