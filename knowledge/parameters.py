"""Amounts that differ from place to place, such as the minimum wage: given out only where somebody confirmed them."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, STRICT, DirectoryError, read_entries
from knowledge.organizations import load_organizations
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


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    parameters: tuple[Parameter, ...]


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


@cache
def load_parameters(path: Path = PARAMETERS_FILE) -> Parameters:
    """Read the file once; raise DirectoryError where an entry lacks what it needs or names what is not there."""
    data = read_entries(path, _File)
    regions = load_regions()
    for parameter in data.parameters:
        if parameter.ask not in load_organizations().hotlines:
            raise DirectoryError(f"{parameter.name} sends workers to {parameter.ask}, which is no hotline: correct it.")
        for value in parameter.values:
            if value.region is not None and value.region not in regions:
                raise DirectoryError(
                    f"{parameter.name} has a value for {value.region}, which is no region: correct it."
                )
    return Parameters(data.parameters, regions)
