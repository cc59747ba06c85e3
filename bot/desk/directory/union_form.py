"""A union as it is filled in at the desk, what that changes, and whether somebody may change it; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk.directory import words
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.staff import Staff, reach
from knowledge.organizations import (
    NO_CONTACT,
    UNION_NAME,
    Contact,
    Level,
    Organization,
    Organizations,
    OwnEntries,
    regions_with,
)
from knowledge.own_regions import EVERYWHERE, OWN_PLACE
from knowledge.vocabulary import Category

LONGEST = 120  # characters of an address, of hours and of a source
FIELDS = ("union", "called", "level", "region", "parent", "places", "telephone", "address", "hours", "source", "seen")
_TELEPHONE = re.compile(r"[0-9+][0-9 ()（）转、-]{2,39}")
_RANKS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Filled:
    """The form of a union as it was sent."""

    fields: Mapping[str, str]  # by `FIELDS`
    leaves: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def filled(union: Organization) -> Filled:
    """Return the form that shows a union."""
    told = {
        "union": union.name,
        "called": union.title,
        "level": union.level.value,
        "region": union.region or "",
        "parent": union.parent or "",
        "places": "、".join(union.places),
        "telephone": union.contact.telephone,
        "address": union.contact.address,
        "hours": union.contact.hours,
        "source": union.source or union.contact.source,
    }
    return Filled(told, tuple(union.leaves))


def read(form: Filled, staff: Staff, unions: Organizations, today: date) -> tuple[Organization | None, Organization]:
    """Return the union as it is, None for a new one, and as the form has it; raise Unfit in Chinese."""
    before = unions.organizations.get(form["union"])
    if form["union"] and before is None:
        raise Unfit(words.NO_SUCH_UNION)
    source, called = read_source(form.fields), form["called"].strip()
    _check_name(called, before, unions)
    contact = read_contact(form.fields, today)
    leaves = tuple(each for each in Category if each.value in form.leaves)
    level, region = _level(form["level"]), form["region"] or None
    places = tuple(dict.fromkeys(filter(None, re.split(r"[\s,，、;；]+", form["places"]))))
    parent = form["parent"] or None
    if before is None:
        after = Organization(called, level, region, parent, places)
    else:
        after = replace(before, level=level, region=region, parent=parent, places=places)
        after = replace(after, called="" if called == before.name else called)
    contact = replace(contact, source=source) if contact != NO_CONTACT else contact
    if before is not None and _bare(before.contact) == _bare(contact):
        contact = before.contact
    after = replace(after, contact=contact, leaves=leaves)
    _check_places(after, before, unions)
    check_scope(before, after, staff, unions)
    if before is None or _told(after) != _told(before):
        after = replace(after, source=source, confirmed=today)
    return before, after


def read_contact(fields: Mapping[str, str], today: date) -> Contact:
    """Return how an office is reached as a form says, without its source; raise Unfit in Chinese."""
    telephone, address, hours = (line(fields.get(name, "")) for name in ("telephone", "address", "hours"))
    if telephone and not _TELEPHONE.fullmatch(telephone):
        raise Unfit(words.BAD_TELEPHONE)
    told = telephone or address or hours
    return Contact(telephone, address, hours, "", today) if told else NO_CONTACT


def read_source(fields: Mapping[str, str]) -> str:
    """Return what says so, that somebody has looked at; raise Unfit in Chinese."""
    source = line(fields.get("source", ""))
    if not source or not fields.get("seen"):
        raise Unfit(words.NOT_CHECKED if source else words.NO_SOURCE)
    return source


def retired(union: Organization, form: Filled, staff: Staff, unions: Organizations, today: date) -> Organization:
    """Return the union as one that works no more, whose matters its parent takes; raise Unfit in Chinese."""
    heir = unions.active.get(form["parent"])
    if heir is None or union in unions.chain(heir) or union.parent is None:
        raise Unfit(words.NO_HEIR)
    after = replace(union, parent=heir.name, retired=today, source=read_source(form.fields), confirmed=today)
    check_scope(union, after, staff, unions)
    return after


def restored(union: Organization, form: Filled, staff: Staff, unions: Organizations, today: date) -> Organization:
    """Return a union that was retired as one that works again; raise Unfit in Chinese."""
    after = replace(union, retired=None, source=read_source(form.fields), confirmed=today)
    check_scope(union, after, staff, unions)
    if union.region is not None and union.region not in unions.known.active:
        raise Unfit(words.REGION_RETIRED.format(union.region))
    for place in union.places:
        _check_free(place, union, unions)
    return after


def check_scope(before: Organization | None, after: Organization, staff: Staff, unions: Organizations) -> None:
    """Raise Unfit where this is not theirs: of their own union they change what it says of itself, not its place."""
    within = reach(staff.unions, unions)
    if before is not None and before.name not in within:
        raise Unfit(words.NOT_YOUR_UNION)
    place = ("level", "region", "parent", "places", "retired")
    if before is not None and all(getattr(before, name) == getattr(after, name) for name in place):
        return
    everywhere = keeps_all(staff, unions)
    above = [after.parent, *([before.parent] if before else [])]
    if not all(each in within or (each is None and everywhere and before is not None) for each in above):
        raise Unfit(words.NOT_ABOVE if before else words.NO_PARENT)


def entered(own: OwnEntries, before: Organization | None, after: Organization) -> OwnEntries:
    """Return a home's entries with the union as it is to be; a contact of its own leaves the rest as it ships."""
    bare = replace(after, contact=NO_CONTACT)
    entries = own.organizations
    if before is None or replace(before, contact=NO_CONTACT) != bare:
        entries = (*(each for each in entries if each.name != after.name), bare)
    contacts = own.contacts
    if before is None or before.contact != after.contact:
        contacts = {**contacts, after.name: after.contact}
    return replace(own, organizations=entries, contacts=contacts)


def changes(before: Organization | None, after: Organization, unions: Organizations) -> list[tuple[str, str, str]]:
    """Return what is otherwise than before: what it is, as it was, as it will be."""
    now = dict(words.union_lines(before, unions)) if before else {}
    return [
        (label, now.get(label, ""), value)
        for label, value in words.union_lines(after, unions)
        if now.get(label, "") != value
    ]


def moved(unions: Organizations, later: Organizations) -> list[tuple[str, str, str]]:
    """Return the regions and places whose matters another union would take: the place, who does now, who would."""
    asked: list[tuple[str, str | None, Sequence[str]]]
    asked = [(id, id, ()) for id in {**unions.known.regions, **later.known.regions}]
    asked += [(place, None, (place,)) for place in {**unions.known.places, **later.known.places}]
    found, regions = [], regions_with(unions)
    for place, region, places in asked:
        meant = region if region is None or region in regions else next(iter(regions.mentioned(region)), None)
        now, then = unions.owner(meant, places), later.owner(region, places)
        names = (now.title if now else "", then.title if then else "")
        if (now and now.name) != (then and then.name):
            found.append((place, *names))
    return found


def in_order(organizations: Organizations) -> list[Organization]:
    """Return all unions, each before those that stand below it."""
    every = organizations.organizations.values()

    def below(parent: str | None) -> list[Organization]:
        return [found for each in every if each.parent == parent for found in (each, *below(each.name))]

    return below(None)


def _told(union: Organization) -> Organization:
    return replace(union, contact=NO_CONTACT, source="", confirmed=None)


def _bare(contact: Contact) -> tuple[str, str, str]:
    return contact.telephone, contact.address, contact.hours


def line(text: str) -> str:
    """Return what was typed as one line; raise Unfit in Chinese."""
    line = " ".join(text.split())
    if len(line) > LONGEST or not line.isprintable():
        raise Unfit(words.TOO_LONG.format(LONGEST))
    return line


def _level(word: str) -> Level:
    if word not in set(Level):
        raise Unfit(words.BAD_LEVEL)
    return Level(word)


def _check_name(called: str, before: Organization | None, unions: Organizations) -> None:
    if not UNION_NAME.fullmatch(called):
        raise Unfit(words.BAD_NAME)
    others = [each for each in unions.organizations.values() if before is None or each.name != before.name]
    if any(called in (each.name, each.title) for each in others):
        raise Unfit(words.NAME_TAKEN.format(called))


def _check_places(after: Organization, before: Organization | None, unions: Organizations) -> None:
    if (before is None or before.region is not None) and after.region is None:
        raise Unfit(words.BAD_UNION_REGION)
    regions = regions_with(unions)
    above = unions.organizations.get(after.parent or "")
    if after.region is not None and (
        after.region not in unions.known.active
        or (above and above.region and above.region not in regions.lineage(after.region))
    ):
        raise Unfit(words.BAD_UNION_REGION)
    if above is not None and _RANKS.index(after.level) < _RANKS.index(above.level):
        raise Unfit(words.BAD_LEVEL)
    for place in after.places:
        if place in (before.places if before else ()):
            continue
        known = place in regions.names
        if not known and not OWN_PLACE.fullmatch(place):
            raise Unfit(words.BAD_PLACE.format(place))
        if EVERYWHERE.fullmatch(place):
            raise Unfit(words.EVERY_CITY.format(place))
        if regions.elsewhere(place) or not set(regions.mentioned(place)) <= {after.region}:
            raise Unfit(words.PLACE_OUTSIDE.format(place, after.region))
        _check_free(place, after, unions)


def _check_free(place: str, union: Organization, unions: Organizations) -> None:
    for other in unions.active.values():
        if place in other.places and other.name != union.name:
            raise Unfit(words.PLACE_TAKEN.format(place, other.title))
