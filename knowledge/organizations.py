"""The unions, the bodies outside them, and whom a matter goes to next.

A home keeps in a file of its own what it has otherwise: an entry there stands in place of the one that ships.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, HOME_FOLDER, STRICT, DirectoryError, read_entries, write_entries
from knowledge.followed import Followed
from knowledge.own_regions import OWN_PLACE, regions_of, together
from knowledge.regions import Known, Region, Regions, load_regions
from knowledge.vocabulary import Category

ORGANIZATIONS_FILE = DIRECTORY / "organizations.yaml"

OFFICE = "office"  # the department that takes what a union has no other department for
UNION_NAME = re.compile(r"(?=.*工会)[\u4e00-\u9fffA-Za-z（）()·]{4,40}")  # no person, number or story fits in


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
class Contact:
    """How an office is reached, and who says so; "" is what nobody has told."""

    telephone: str = ""
    address: str = ""
    hours: str = ""
    source: str = ""
    confirmed: date | None = None  # when somebody looked


NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True, config=STRICT)
class Body:
    """An authority outside the union."""

    id: str
    name: str
    takes: str
    hotline: str | None = None
    bring: tuple[str, ...] = ()  # what to take along
    limit: str = ""  # by when, with the article that says so
    offices: Mapping[str, Contact] = field(default_factory=dict)  # by the union in whose area each is
    retired: date | None = None  # since when nobody is sent there
    source: str = ""  # of a home's entry: what says so
    confirmed: date | None = None  # and when somebody looked


@dataclass(frozen=True, slots=True, config=STRICT)
class Organization:
    """A union; without departments of its own it has all of them under their general names.

    Cases, accounts and rosters know it by its `name`, which stays; people know it by its `title`.
    """

    name: str
    level: Level
    region: str | None = None  # an id of regions.yaml; None is the whole province
    parent: str | None = None  # whom a matter goes to when this union does not bring it to an end
    places: tuple[str, ...] = ()  # names that mean this union: of regions.yaml, or a home's own
    departments: Mapping[str, str] = field(default_factory=dict)  # its own names, by the departments' ids
    called: str = ""  # its name since it was renamed
    contact: Contact = NO_CONTACT
    leaves: tuple[Category, ...] = ()  # matters that it cannot act on: the union above takes them
    retired: date | None = None  # since when its parent has its places and whoever stood below it
    source: str = ""  # of a home's entry: what says so
    confirmed: date | None = None  # and when somebody looked

    @property
    def title(self) -> str:
        """Return its name as people know it."""
        return self.called or self.name


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    hotlines: tuple[Hotline, ...]
    departments: tuple[Department, ...]
    bodies: tuple[Body, ...]
    organizations: tuple[Organization, ...]


@dataclass(frozen=True, slots=True, config=STRICT)
class OwnEntries:
    """What a home adds, and what it has otherwise than what ships.

    How an office is reached stands apart, so that the rest of its entry is the shipped one, of an upgrade too.
    """

    organizations: tuple[Organization, ...] = ()
    bodies: tuple[Body, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict)  # by the union's name
    offices: Mapping[str, Mapping[str, Contact]] = field(default_factory=dict)  # by body, then by union
    regions: tuple[Region, ...] = ()


NONE_OWN = OwnEntries()


class Organizations:
    """Finds the union that owns a matter, and those above it, as a home has them at the moment."""

    def __init__(
        self,
        organizations: Iterable[Organization],
        departments: Iterable[Department] = (),
        bodies: Iterable[Body] = (),
        hotlines: Iterable[Hotline] = (),
        own: Callable[[], OwnEntries] = lambda: NONE_OWN,
    ) -> None:
        """`own` gives one and the same object until a home changes; raise DirectoryError where entries do not fit."""
        self.departments = {department.id: department for department in departments}
        self.hotlines = {hotline.number: hotline for hotline in hotlines}
        self._shipped = OwnEntries(tuple(organizations), tuple(bodies))
        self._own = own
        entries = own()
        self._held = entries, self._together(entries)

    @property
    def organizations(self) -> Mapping[str, Organization]:
        """Return all unions by their names, those that were retired among them."""
        return self._now().organizations

    @property
    def active(self) -> Mapping[str, Organization]:
        """Return the unions that work by their names."""
        return {name: each for name, each in self._now().organizations.items() if each.retired is None}

    @property
    def bodies(self) -> Mapping[str, Body]:
        """Return the bodies outside the unions by their ids, those that were retired among them."""
        return self._now().bodies

    @property
    def sent_to(self) -> Mapping[str, Body]:
        """Return the bodies to which somebody can be sent by their ids."""
        return {id: each for id, each in self._now().bodies.items() if each.retired is None}

    @property
    def known(self) -> Known:
        """Return the regions and the places that mean a union; the same object until something changes."""
        return self._now().known

    def title(self, name: str) -> str:
        """Return what people call the union, `name` itself for one that is not in the directory."""
        known = self._now().organizations.get(name)
        return known.title if known else name

    def owner(self, region: str | None, places: Iterable[str] = ()) -> Organization | None:
        """Return the union of the first of `places` that has one of its own in the region, else the region's.

        `places` are names as `Regions.places` finds them in a text. None where the region is unknown.
        """
        now = self._now()
        for place in places:
            organization = now.of_place.get(place)
            if organization is not None and region in (None, now.region_of[place]):
                return organization
        return now.of_region.get(region) if region is not None else None

    def chain(self, organization: Organization) -> tuple[Organization, ...]:
        """Return the union and those that work above it, nearest first."""
        return self._now().chain(organization)

    def below(self, names: Collection[str]) -> frozenset[str]:
        """Return the names of all unions that stand below any of these, and their own."""
        return self._now().below(frozenset(names))

    def taker(self, organization: Organization, category: Category) -> Organization:
        """Return the union itself or the nearest above it that can act on matters of the category."""
        line = self.chain(organization)
        return next((each for each in line if category not in each.leaves), line[-1])

    def department(self, organization: Organization, department: str) -> str:
        """Return what the union calls the department; a union without it names its office."""
        own = organization.departments
        if not own:
            return self.departments[department].name
        return own.get(department) or own.get(OFFICE) or self.departments[OFFICE].name

    def office(self, body: Body, union: str) -> Contact:
        """Return how the body is reached from the area of a union, or of the nearest above it that knows."""
        now = self._now()
        known = now.organizations.get(union)
        line = now.chain(known) if known else ()
        told = (body.offices.get(each.name, NO_CONTACT) for each in line)
        return next((each for each in told if each != NO_CONTACT), NO_CONTACT)

    def having(self, own: OwnEntries) -> "Organizations":
        """Return what it is with these entries of a home; raise DirectoryError where they do not fit."""
        shipped = self._shipped
        return Organizations(
            shipped.organizations, self.departments.values(), shipped.bodies, self.hotlines.values(), lambda: own
        )

    def _now(self) -> "_Register":
        own = self._own()
        if own is not self._held[0]:
            self._held = own, self._together(own)
        return self._held[1]

    def _together(self, own: OwnEntries) -> "_Register":
        organizations = {each.name: each for each in (*self._shipped.organizations, *own.organizations)}
        bodies = {each.id: each for each in (*self._shipped.bodies, *own.bodies)}
        if unknown := {*own.contacts, *(union for each in own.offices.values() for union in each)} - set(organizations):
            raise DirectoryError(f"{unknown.pop()} has a telephone, and is no organization: correct it.")
        if unknown := set(own.offices) - set(bodies):
            raise DirectoryError(f"{unknown.pop()} has an office, and is no body: correct it.")
        for name, contact in own.contacts.items():
            organizations[name] = replace(organizations[name], contact=contact)
        for id, offices in own.offices.items():
            bodies[id] = replace(bodies[id], offices={**bodies[id].offices, **offices})
        taken: dict[str, str] = {}
        for organization in organizations.values():
            self._check(organization, organizations)
            for place in organization.places if organization.retired is None else ():
                if place in taken:
                    raise DirectoryError(f"{organization.name} and {taken[place]} both have {place}: correct one.")
                taken[place] = organization.name
        for body in bodies.values():
            if body.hotline is not None and body.hotline not in self.hotlines:
                raise DirectoryError(f"{body.name} has the hotline {body.hotline}, which is not in the list.")
        return _Register(organizations, bodies, together(own.regions))

    def _check(self, organization: Organization, organizations: Mapping[str, Organization]) -> None:
        name = organization.name
        if unknown := set(organization.departments) - set(self.departments):
            raise DirectoryError(f"{name} has the department {unknown.pop()}, which is not in the list: correct it.")
        if organization.retired is not None and organization.parent is None:
            raise DirectoryError(f"{name} is retired, and nobody stands above it: name its parent.")
        seen = {name}
        above = organization.parent
        while above is not None:
            if above not in organizations:
                raise DirectoryError(f"{name} stands under {above}, which is no organization: correct it.")
            if above in seen:
                raise DirectoryError(f"{name} stands above itself: correct its parent.")
            seen.add(above)
            above = organizations[above].parent


_KEPT = 512  # looks at who stands below whom, which each case that somebody sees takes


class _Register:
    """The unions and bodies at one moment, and who is found by which region and place."""

    def __init__(self, organizations: Mapping[str, Organization], bodies: Mapping[str, Body], regions: Known) -> None:
        self.organizations = organizations
        self.bodies = bodies
        self.of_region: dict[str, Organization] = {}
        self.of_place: dict[str, Organization] = {}
        self.region_of: dict[str, str] = {}  # by place
        self.below = lru_cache(maxsize=_KEPT)(self._below)
        # Who works comes after who does not, and in a region with several without a place the highest last.
        for each in sorted(organizations.values(), key=lambda each: (each.retired is None, -len(self.chain(each)))):
            works = each if each.retired is None else self.chain(each)[1]
            if each.region and not each.places:
                self.of_region[each.region] = works
            for place in each.places:
                self.of_place[place] = works
                self.region_of[place] = each.region or ""
        self.known = Known({id: self._titled(region) for id, region in regions.regions.items()}, self.region_of)
        self._serve_those_without(regions)

    def _titled(self, region: Region) -> Region:
        """Return the region with its own union as people know it now."""
        if region.union in self.organizations:
            return replace(region, union=self.organizations[region.union].title)
        own = self.of_region.get(region.id)
        return replace(region, union=own.title) if own and not region.union else region

    def _serve_those_without(self, regions: Known) -> None:
        """Let the union of the region above, or the highest, take the matters of a region that has none of its own."""
        highest = [each for each in self.organizations.values() if each.parent is None and each.region is None]
        for id in regions.regions:
            above = (self.of_region[each] for each in regions.lineage(id) if each in self.of_region)
            if (found := next(above, highest[0] if highest else None)) is not None:
                self.of_region[id] = found

    def _below(self, names: frozenset[str]) -> frozenset[str]:
        every = self.organizations.values()
        return names | {each.name for each in every if any(above.name in names for above in self.chain(each))}

    def chain(self, organization: Organization) -> tuple[Organization, ...]:
        line, above = [organization], organization.parent
        while above is not None:
            union = self.organizations[above]
            if union.retired is None:
                line.append(union)
            above = union.parent
        return tuple(line)


@cache
def load_organizations(path: Path = ORGANIZATIONS_FILE, home: Path | None = None) -> Organizations:
    """Read the file once and follow what a home has otherwise.

    Raise DirectoryError where an entry lacks what it needs or names what is not there.
    """
    data = read_entries(path, _File)
    for organization in data.organizations:
        _check_region(organization, load_regions())
        for place in organization.places:
            if load_regions().mentioned(place) != (organization.region,):
                raise DirectoryError(
                    f"{organization.name} has the place {place}, which is no name of {organization.region} in "
                    "regions.yaml: add it there."
                )
    shipped = Organizations(data.organizations, data.departments, data.bodies, data.hotlines)
    if home is None:
        return shipped

    def read(file: Path) -> OwnEntries:
        own = read_own(file)
        shipped.having(own)
        return own

    followed: Followed[OwnEntries] = Followed(own_file(home), read, NONE_OWN)
    return Organizations(data.organizations, data.departments, data.bodies, data.hotlines, followed.current)


def regions_with(organizations: Organizations) -> Regions:
    """Return a home's regions with the places and titles of its unions, as it has them at the moment."""
    return load_regions().following(lambda: organizations.known)


def own_file(home: Path) -> Path:
    """Return where a home keeps its own entries."""
    return home / HOME_FOLDER / ORGANIZATIONS_FILE.name


def read_own(path: Path) -> OwnEntries:
    """Read a home's own entries; raise DirectoryError where one is not what it must be."""
    own = read_entries(path, OwnEntries)
    regions = regions_of(own.regions)
    for organization in own.organizations:
        check_own(organization, regions)
    return own


def write_own(path: Path, own: OwnEntries) -> None:
    """Write a home's own entries anew; what is as it is without being said is left out."""
    write_entries(path, TypeAdapter(OwnEntries).dump_python(own, mode="json", exclude_defaults=True))


def check_own(organization: Organization, regions: Regions) -> None:
    """Raise DirectoryError where a home's entry names a region, a place or itself as it must not."""
    for name in (organization.name, organization.title):
        if not UNION_NAME.fullmatch(name):
            raise DirectoryError(f"{name} is no name of a union: write 4 to 40 Chinese characters, 工会 among them.")
    _check_region(organization, regions)
    for place in organization.places:
        if place not in regions.names and not OWN_PLACE.fullmatch(place):
            raise DirectoryError(f"{organization.name} has the place {place}: write 3 to 20 Chinese characters.")
        if regions.elsewhere(place) or not set(regions.mentioned(place)) <= {organization.region}:
            raise DirectoryError(f"{organization.name} has the place {place}, which is not in its region: correct it.")


def _check_region(organization: Organization, regions: Regions) -> None:
    if organization.region is not None and organization.region not in regions:
        raise DirectoryError(f"{organization.name} is in {organization.region}, which is no region: correct it.")
    if organization.places and organization.region is None:
        raise DirectoryError(f"{organization.name} has places and no region: name it.")
