"""What a matter of each category needs: its owner, who decides outside the union, and how long each step may take."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, HOME_FOLDER, STRICT, DirectoryError, read_entries, write_entries
from knowledge.followed import Followed
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

    @property
    def words(self) -> str:
        """Return it as the file has it."""
        return "same day" if self == SAME_DAY else f"{self.amount} {self.unit.value}{'' if self.amount == 1 else 's'}"


SAME_DAY = Limit(0, Unit.DAY)


def _limit(words: object) -> object:
    if isinstance(words, Limit):
        return words
    if words == "same day":
        return SAME_DAY
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


STEPS = ("triage", "accept", "contact", "result", "follow_up")  # of a `Clock`


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


@dataclass(frozen=True, slots=True, config=STRICT)
class Way:
    """Who takes matters of a category in one home."""

    department: str  # an id of organizations.yaml
    bodies: tuple[str, ...]  # likewise, the usual first step first


@dataclass(frozen=True, slots=True, config=STRICT)
class Changes:
    """What a home has otherwise than what ships."""

    ways: Mapping[Category, Way] = field(default_factory=dict)
    clocks: Mapping[Urgency, Clock] = field(default_factory=dict)


NO_CHANGES = Changes()


class Categories:
    """Gives each category's rule and each urgency's clock, as a home has them at the moment; all of both are there."""

    def __init__(
        self,
        rules: Iterable[CategoryRule],
        clocks: Mapping[Urgency, Clock],
        changes: Callable[[], Changes] = lambda: NO_CHANGES,
    ) -> None:
        self._rules = {rule.category: rule for rule in rules}
        self._changes = changes
        self.clocks: Mapping[Urgency, Clock] = _Clocks(clocks, changes)
        if missing := [*(set(Category) - set(self._rules)), *(set(Urgency) - set(clocks))]:
            raise DirectoryError(f"{CATEGORIES_FILE.name} lacks {'、'.join(sorted(missing))}: add them.")

    def __getitem__(self, category: Category) -> CategoryRule:
        rule, way = self._rules[category], self._changes().ways.get(category)
        return replace(rule, department=way.department, bodies=way.bodies) if way else rule

    @property
    def rules(self) -> dict[Category, CategoryRule]:
        """Return all rules in the order of the file."""
        return {category: self[category] for category in self._rules}

    @property
    def changes(self) -> Changes:
        """Return what the home has otherwise."""
        return self._changes()


class _Clocks(Mapping[Urgency, Clock]):
    """The clocks that ship, and at each look those of the home in their place."""

    def __init__(self, shipped: Mapping[Urgency, Clock], changes: Callable[[], Changes]) -> None:
        self._shipped = dict(shipped)
        self._changes = changes

    def __getitem__(self, urgency: Urgency) -> Clock:
        return self._changes().clocks.get(urgency) or self._shipped[urgency]

    def __iter__(self) -> Iterator[Urgency]:
        return iter(self._shipped)

    def __len__(self) -> int:
        return len(self._shipped)


def load_categories(path: Path = CATEGORIES_FILE, home: Path | None = None) -> Categories:
    """Read the file once and follow what a home changes.

    Raise DirectoryError where a category is missing or names what is not in the directory.
    """
    if home is None:
        return _shipped(path)
    data = _data(path)
    changes: Followed[Changes] = Followed(changes_file(home), read_changes, NO_CHANGES)
    return Categories(data.categories, data.clocks, changes.current)


def changes_file(home: Path) -> Path:
    """Return where a home keeps what it has otherwise."""
    return home / HOME_FOLDER / CATEGORIES_FILE.name


def read_changes(path: Path) -> Changes:
    """Read what a home has otherwise; raise DirectoryError where it names what is not in the directory."""
    changes = read_entries(path, Changes)
    for category, way in changes.ways.items():
        _check(category, way, path)
    return changes


def write_changes(path: Path, changes: Changes) -> None:
    """Write what a home has otherwise; raise DirectoryError where it names what is not in the directory."""
    for category, way in changes.ways.items():
        _check(category, way, path)
    ways = {
        category.value: {"department": way.department, "bodies": list(way.bodies)}
        for category, way in changes.ways.items()
    }
    clocks = {urgency.value: _words(clock) for urgency, clock in changes.clocks.items()}
    write_entries(path, {"ways": ways, "clocks": clocks})


def _words(clock: Clock) -> dict[str, object]:
    steps: dict[str, object] = {step: getattr(clock, step).words for step in STEPS}
    return {**steps, "overdue": [limit.words for limit in clock.overdue]}


def _check(category: Category, rule: CategoryRule | Way, changes: Path | None = None) -> None:
    known = load_organizations(home=changes.parent.parent if changes else None)
    if rule.department not in known.departments:
        raise DirectoryError(f"{category} has the department {rule.department}, which is not in the list.")
    if unknown := [body for body in rule.bodies if body not in known.bodies]:
        raise DirectoryError(f"{category} has the body {unknown[0]}, which is not in the list: correct it.")


@cache
def _shipped(path: Path) -> Categories:
    data = _data(path)
    return Categories(data.categories, data.clocks)


@cache
def _data(path: Path) -> _File:
    data = read_entries(path, _File)
    for rule in data.categories:
        _check(rule.category, rule)
    return data
