"""The unions, the bodies outside them, and whom a matter goes to next."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, STRICT, DirectoryError, read_entries
from knowledge.regions import load_regions

ORGANIZATIONS_FILE = DIRECTORY / "organizations.yaml"

OFFICE = "office"  # the department that takes what a union has no other department for


class Level(StrEnum):
    """How high a union stands."""

    PROVINCE = "省级"
    CITY = "市级"
    COUNTY = "县级"
    EMPLOYER = "单位"


@dataclass(frozen=True, slots=True, config=STRICT)
class Hotline:
    """A national short number."""

    number: str
    name: str


@dataclass(frozen=True, slots=True, config=STRICT)
class Department:
    """What a part of a union's office does."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, config=STRICT)
class Body:
    """An authority outside the union."""

    id: str
    name: str
    takes: str
    hotline: str | None = None
    bring: tuple[str, ...] = ()  # what to take along
    limit: str = ""  # by when, with the article that says so


@dataclass(frozen=True, slots=True, config=STRICT)
class Organization:
    """A union; without departments of its own it has all of them under their general names."""

    name: str
    level: Level
    region: str | None = None  # an id of regions.yaml; None is the whole province
    parent: str | None = None  # whom a matter goes to when this union does not bring it to an end
    places: tuple[str, ...] = ()  # names of regions.yaml that mean this union
    departments: Mapping[str, str] = field(default_factory=dict)  # its own names, by the departments' ids


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    hotlines: tuple[Hotline, ...]
    departments: tuple[Department, ...]
    bodies: tuple[Body, ...]
    organizations: tuple[Organization, ...]


class Organizations:
    """Finds the union that owns a matter, and those above it."""

    def __init__(
        self,
        organizations: Iterable[Organization],
        departments: Iterable[Department] = (),
        bodies: Iterable[Body] = (),
        hotlines: Iterable[Hotline] = (),
    ) -> None:
        self.organizations = {organization.name: organization for organization in organizations}
        self.departments = {department.id: department for department in departments}
        self.bodies = {body.id: body for body in bodies}
        self.hotlines = {hotline.number: hotline for hotline in hotlines}
        self._of_region = {
            organization.region: organization
            for organization in self.organizations.values()
            if organization.region and not organization.places
        }
        self._of_place = {
            place: organization for organization in self.organizations.values() for place in organization.places
        }
        for organization in self.organizations.values():
            self._check(organization)
        for body in self.bodies.values():
            if body.hotline is not None and body.hotline not in self.hotlines:
                raise DirectoryError(
                    f"{body.name} has the hotline {body.hotline}, which is not in the list: correct it."
                )

    def owner(self, region: str | None, places: Iterable[str] = ()) -> Organization | None:
        """Return the union of the first of `places` that has one of its own in the region, else the region's.

        `places` are names as `Regions.places` finds them in a text. None where the region is unknown.
        """
        for place in places:
            organization = self._of_place.get(place)
            if organization is not None and region in (None, organization.region):
                return organization
        return self._of_region.get(region) if region is not None else None

    def chain(self, organization: Organization) -> tuple[Organization, ...]:
        """Return the union and those above it, nearest first."""
        line = [organization]
        while (parent := line[-1].parent) is not None:
            line.append(self.organizations[parent])
        return tuple(line)

    def department(self, organization: Organization, department: str) -> str:
        """Return what the union calls the department; a union without it names its office."""
        own = organization.departments
        if not own:
            return self.departments[department].name
        return own.get(department) or own.get(OFFICE) or self.departments[OFFICE].name

    def _check(self, organization: Organization) -> None:
        name = organization.name
        if unknown := set(organization.departments) - set(self.departments):
            raise DirectoryError(f"{name} has the department {unknown.pop()}, which is not in the list: correct it.")
        seen = {name}
        above = organization.parent
        while above is not None:
            if above not in self.organizations:
                raise DirectoryError(f"{name} stands under {above}, which is no organization: correct it.")
            if above in seen:
                raise DirectoryError(f"{name} stands above itself: correct its parent.")
            seen.add(above)
            above = self.organizations[above].parent


@cache
def load_organizations(path: Path = ORGANIZATIONS_FILE) -> Organizations:
    """Read the file once; raise DirectoryError where an entry lacks what it needs or names what is not there."""
    data = read_entries(path, _File)
    regions = load_regions()
    for organization in data.organizations:
        if organization.region is not None and organization.region not in regions:
            raise DirectoryError(f"{organization.name} is in {organization.region}, which is no region: correct it.")
        for place in organization.places:
            if regions.mentioned(place) != (organization.region,):
                raise DirectoryError(
                    f"{organization.name} has the place {place}, which is no name of {organization.region} in "
                    "regions.yaml: add it there."
                )
    return Organizations(data.organizations, data.departments, data.bodies, data.hotlines)
