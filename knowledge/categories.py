"""What a matter of each category needs: its owner, who decides outside the union, and how long each step may take."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, STRICT, DirectoryError, read_entries
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Category, Urgency

CATEGORIES_FILE = DIRECTORY / "categories.yaml"

_LIMIT = re.compile(r"(\d+) (minute|hour|day|working day)s?")


class Unit(StrEnum):
    """How a limit is counted: on the clock, or in working days of the calendar."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"


@dataclass(frozen=True, slots=True, config=STRICT)
class Limit:
    """How long a step may take; 0 days means before the day is over."""

    amount: int
    unit: Unit

    @property
    def duration(self) -> timedelta | None:
        """Return the limit in calendar time; None where it runs in working days, which need a calendar."""
        return None if self.unit is Unit.WORKING_DAY else timedelta(**{f"{self.unit.value}s": self.amount})


def _limit(words: object) -> object:
    if words == "same day":
        return Limit(0, Unit.DAY)
    match = _LIMIT.fullmatch(words) if isinstance(words, str) else None
    if match is None:
        raise ValueError(f"{words!r} is no limit such as `30 minutes`, `1 working day` or `same day`")
    return Limit(int(match[1]), Unit(match[2]))


_Limit = Annotated[Limit, BeforeValidator(_limit)]


@dataclass(frozen=True, slots=True, config=STRICT)
class Clock:
    """How long each step of a case may take, and how long after a deadline the levels above are told."""

    triage: _Limit
    accept: _Limit
    contact: _Limit
    result: _Limit
    follow_up: _Limit
    overdue: tuple[_Limit, _Limit, _Limit]  # the unit's lead, the county, the city or province


@dataclass(frozen=True, slots=True, config=STRICT)
class UrgencyRule:
    """What makes a matter more urgent, as a person who triages reads it."""

    urgency: Urgency
    when: str


@dataclass(frozen=True, slots=True, config=STRICT)
class CategoryRule:
    """Who takes matters of a category."""

    category: Category
    department: str  # an id of organizations.yaml
    bodies: tuple[str, ...]  # ids of organizations.yaml, the usual first step first
    raised: tuple[UrgencyRule, ...] = ()
    by_parent: bool = False  # the union above takes it


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    categories: tuple[CategoryRule, ...]
    clocks: dict[Urgency, Clock]


class Categories:
    """Gives each category's rule and each urgency's clock; all of both are there."""

    def __init__(self, rules: Iterable[CategoryRule], clocks: Mapping[Urgency, Clock]) -> None:
        self.rules = {rule.category: rule for rule in rules}
        self.clocks = dict(clocks)
        if missing := [*(set(Category) - set(self.rules)), *(set(Urgency) - set(self.clocks))]:
            raise DirectoryError(f"{CATEGORIES_FILE.name} lacks {'、'.join(sorted(missing))}: add them.")

    def __getitem__(self, category: Category) -> CategoryRule:
        return self.rules[category]


@cache
def load_categories(path: Path = CATEGORIES_FILE) -> Categories:
    """Read the file once; raise DirectoryError where a category is missing or names what is not in the directory."""
    data = read_entries(path, _File)
    known = load_organizations()
    for rule in data.categories:
        if rule.department not in known.departments:
            raise DirectoryError(f"{rule.category} has the department {rule.department}, which is not in the list.")
        if unknown := [body for body in rule.bodies if body not in known.bodies]:
            raise DirectoryError(f"{rule.category} has the body {unknown[0]}, which is not in the list: correct it.")
    return Categories(data.categories, data.clocks)
