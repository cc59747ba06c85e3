"""Amounts that differ from place to place, such as the minimum wage: given out only where somebody confirmed them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, HOME_FOLDER, STRICT, DirectoryError, read_entries, write_entries
from knowledge.followed import Followed
from knowledge.organizations import load_organizations, regions_with
from knowledge.regions import Regions, load_regions

PARAMETERS_FILE = DIRECTORY / "parameters.yaml"


@dataclass(frozen=True, slots=True, config=STRICT)
class LocalValue:
    """A parameter's value in one region, from `since` until the day before `until`."""

    region: str | None = None  # None is the whole province
    value: Decimal | None = None
    since: date | None = None
    until: date | None = None
    source: str | None = None
    confirmed: date | None = None  # when a person looked it up

    def usable(self, day: date) -> bool:
        """Tell whether the value is confirmed, has a source, and holds on the day."""
        if self.value is None or self.since is None or not self.source or self.confirmed is None:
            return False
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, config=STRICT)
class Parameter:
    """What is counted, in which unit, and which hotline knows it."""

    id: str
    name: str
    unit: str
    ask: str
    values: tuple[LocalValue, ...] = ()
    words: tuple[str, ...] = ()  # by which workers ask for it; … stands for a few characters between
    beside: tuple[str, ...] = ()  # of a matter to whose answer the amount is added


Values = Mapping[str, tuple[LocalValue, ...]]  # by the ids of parameters


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, config=STRICT)
class _HomeFile:
    values: dict[str, tuple[LocalValue, ...]] = field(default_factory=dict)


class Parameters:
    """Gives out confirmed values, and nothing else."""

    def __init__(self, parameters: Iterable[Parameter], regions: Regions) -> None:
        self._parameters = {parameter.id: parameter for parameter in parameters}
        self._regions = regions

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())

    def __getitem__(self, id: str) -> Parameter:
        """Return what the parameter is; raise DirectoryError for one that is not in the list."""
        if id not in self._parameters:
            raise DirectoryError(f"There is no parameter {id}: add it to {PARAMETERS_FILE.name}.")
        return self._parameters[id]

    def value(self, id: str, region: str | None, day: date) -> LocalValue | None:
        """Return the value that holds in the region on the day, with its source, or None: then ask the worker.

        A region's own value comes before that of the region above it, and that before the province's.
        """
        places: tuple[str | None, ...] = (*(self._regions.lineage(region) if region else ()), None)
        for place in places:
            found = [value for value in self[id].values if value.region == place and value.usable(day)]
            if found:
                return max(found, key=lambda value: value.since or date.min)
        return None


def load_parameters(path: Path = PARAMETERS_FILE, home: Path | None = None) -> Parameters:
    """Read the parameters, with the values that a home has confirmed.

    Raises DirectoryError where an entry lacks what it needs or names what is not there.
    """
    shipped = _shipped(path)
    if home is None:
        return shipped
    values = read_values(home)
    return Parameters(
        (replace(each, values=(*each.values, *values.get(each.id, ()))) for each in shipped),
        regions_with(load_organizations(home=home)),
    )


def follow_parameters(home: Path) -> Callable[[], Parameters]:
    """Return what gives the parameters with the values that the home has confirmed by the moment of the call.

    While the home's file is wrong, what was last right in it holds.
    """
    return Followed(_values_file(home), lambda _: load_parameters(home=home), load_parameters()).current


def read_values(home: Path) -> Values:
    """Read the values that a home has confirmed; raise DirectoryError where one is for a place that is no region."""
    path = _values_file(home)
    if not path.exists():
        return {}
    data = read_entries(path, _HomeFile)
    regions = regions_with(load_organizations(home=home))
    for id, values in data.values.items():
        _check_regions(id, values, regions)
    return data.values


def write_values(home: Path, values: Values) -> None:
    """Write the values that a home has confirmed anew."""
    entries = {id: [_entry(value) for value in each] for id, each in values.items() if each}
    write_entries(_values_file(home), {"values": entries})


def _entry(value: LocalValue) -> dict[str, object]:
    # Written as text, so that 0.10 stays what it is.
    return {**asdict(value), "value": None if value.value is None else str(value.value)}


def _values_file(home: Path) -> Path:
    return home / HOME_FOLDER / PARAMETERS_FILE.name


@cache
def _shipped(path: Path) -> Parameters:
    data = read_entries(path, _File)
    for parameter in data.parameters:
        if parameter.ask not in load_organizations().hotlines:
            raise DirectoryError(f"{parameter.name} sends workers to {parameter.ask}, which is no hotline: correct it.")
        _check_regions(parameter.name, parameter.values, load_regions())
    return Parameters(data.parameters, load_regions())


def _check_regions(name: str, values: Iterable[LocalValue], regions: Regions) -> None:
    for value in values:
        if value.region is not None and value.region not in regions:
            raise DirectoryError(f"{name} has a value for {value.region}, which is no region: correct it.")
