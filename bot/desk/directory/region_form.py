"""A region as it is filled in at the desk, or as a row of a table, and whether somebody may change it; pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.audit import Act
from bot.desk.directory import words
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all, regions_of
from bot.desk.directory.tables import NAME, Change, Kind, Standing
from bot.desk.directory.union_form import read_source
from bot.desk.staff import Staff
from knowledge.organizations import Organizations, OwnEntries, regions_with
from knowledge.own_regions import EVERYWHERE, LETTERS, OWN_PLACE
from knowledge.regions import ANYWHERE, Region, load_regions

FIELDS = ("was", "region", "names", "parent", "letters", "source", "seen")
COLUMNS = {NAME: "region", "职工怎么说": "names", "上级地区": "parent", "编号字母": "letters", "依据": "source"}


def keeps(region: Region, staff: Staff, unions: Organizations) -> bool:
    """Tell whether somebody keeps a region: that of their own union, or one that lies in it."""
    return keeps_all(staff, unions) or bool({region.id, region.parent} & set(regions_of(staff, unions)))


def filled(region: Region) -> dict[str, str]:
    """Return the form that shows a region."""
    return {
        "was": region.id,
        "region": region.id,
        "names": "、".join(region.names),
        "parent": region.parent or "",
        "letters": region.letters,
        "source": region.source,
    }


def read(form: Mapping[str, str], staff: Staff, unions: Organizations, today: date) -> tuple[Region | None, Region]:
    """Return the region as it is, None for a new one, and as the form has it; raise Unfit in Chinese."""
    before = unions.known.regions.get(form["was"])
    id = before.id if before else form["region"].strip()
    if before is None and id in unions.known.regions:
        raise Unfit(words.REGION_THERE.format(id))
    names = tuple(dict.fromkeys(name for name in re.split(r"[\s,，、;；]+", form["names"]) if name not in ("", id)))
    after = replace(before or Region(id), names=names, parent=form["parent"] or None)
    after = replace(after, letters=form["letters"].strip().upper() or ANYWHERE)
    _check_scope(before, after, staff, unions)
    _check_names(before, after, unions)
    _check_letters(after, unions)
    source = read_source(form)
    if before is not None and after == before:
        raise Unfit(words.NOTHING_CHANGED)
    return before, replace(after, source=source, confirmed=today)


def retired(region: Region, form: Mapping[str, str], staff: Staff, unions: Organizations, today: date) -> Region:
    """Return the region as one whose names mean the region above it; raise Unfit in Chinese."""
    _check_scope(region, replace(region, retired=today), staff, unions)
    if region.id in load_regions():
        raise Unfit(words.REGION_SHIPPED)
    if there := [each.title for each in unions.active.values() if each.region == region.id]:
        raise Unfit(words.REGION_HAS_UNIONS.format("、".join(there)))
    inner = [each.id for each in unions.known.regions.values() if each.parent == region.id and each.retired is None]
    if inner:
        raise Unfit(words.REGION_HAS_REGIONS.format("、".join(inner)))
    return replace(region, retired=today, source=read_source(form), confirmed=today)


def restored(region: Region, form: Mapping[str, str], staff: Staff, unions: Organizations, today: date) -> Region:
    """Return a region that was retired as one that is served again; raise Unfit in Chinese."""
    after = replace(region, retired=None, source=read_source(form), confirmed=today)
    _check_scope(region, after, staff, unions)
    if after.parent is not None and after.parent not in unions.known.active:
        raise Unfit(words.REGION_RETIRED.format(after.parent))
    _check_names(None, after, unions)
    return after


def entered(own: OwnEntries, region: Region) -> OwnEntries:
    """Return a home's entries with the region as it is to be; which union is its own follows from the unions."""
    others = (each for each in own.regions if each.id != region.id)
    return replace(own, regions=(*others, replace(region, union="")))


def changes(before: Region | None, after: Region) -> list[tuple[str, str, str]]:
    """Return what is otherwise than before: what it is, as it was, as it will be."""
    now = dict(words.region_lines(before)) if before else {}
    return [
        (label, now.get(label, ""), value) for label, value in words.region_lines(after) if now.get(label, "") != value
    ]


def _check_scope(before: Region | None, after: Region, staff: Staff, unions: Organizations) -> None:
    mine, everywhere = regions_of(staff, unions), keeps_all(staff, unions)
    if before is not None:
        # Who keeps a region alone says what it is called; where it lies, and whether it is, who keeps the one above.
        placed = (before.parent, before.retired) != (after.parent, after.retired)
        if not keeps(before, staff, unions) or (placed and not everywhere and before.parent not in mine):
            raise Unfit(words.NOT_YOUR_REGION)
    if after.parent is None:
        if not everywhere and (before is None or before.parent is not None):
            raise Unfit(words.NEEDS_PARENT)
        return
    if before is not None and before.parent == after.parent:
        return
    known = unions.known
    if after.parent not in known.active or after.id in known.lineage(after.parent):
        raise Unfit(words.BAD_PARENT)
    if not everywhere and after.parent not in mine:
        raise Unfit(words.BAD_PARENT)


def _check_names(before: Region | None, after: Region, unions: Organizations) -> None:
    regions, shipped = regions_with(unions), load_regions()
    for name in (after.id, *after.names):
        if before is not None and name in (before.id, *before.names):
            continue
        if name not in shipped.names and not OWN_PLACE.fullmatch(name):
            raise Unfit(words.BAD_REGION_NAME.format(name))
        if EVERYWHERE.fullmatch(name):
            raise Unfit(words.EVERY_CITY.format(name))
        holder = next((each for each in unions.active.values() if name in each.places), None)
        if holder is not None and holder.region != after.id:
            raise Unfit(words.NAME_ELSEWHERE.format(name, holder.title))
        found = regions.mentioned(name) if regions.places(name) == (name,) else ()
        if found and found[0] != after.id and found[0] not in unions.known.lineage(after.parent or ""):
            raise Unfit(words.NAME_ELSEWHERE.format(name, found[0]))


def _check_letters(after: Region, unions: Organizations) -> None:
    if not LETTERS.fullmatch(after.letters):
        raise Unfit(words.BAD_LETTERS)
    for other in unions.known.regions.values():
        if other.letters == after.letters != ANYWHERE and other.id != after.id:
            raise Unfit(words.LETTERS_TAKEN.format(after.letters, other.id))


def _rows(unions: Organizations) -> list[list[str]]:
    regions = (each for each in unions.known.regions.values() if each.retired is None)
    return [[filled(each)[field] for field in COLUMNS.values()] for each in regions]


def _read_row(fields: Mapping[str, str], standing: Standing) -> tuple[OwnEntries, Change] | None:
    known = standing.unions.known.regions.get(fields["region"])
    form = {**fields, "was": known.id if known else ""}
    if known and all(filled(known)[field] == form[field] for field in ("names", "parent", "letters")):
        return None
    before, after = read(form, standing.staff, standing.unions, standing.today)
    return entered(standing.own, after), Change(after.id, before is None, changes(before, after))


REGIONS = Kind("regions", "地区", Act.REGION_CHANGED, COLUMNS, _rows, _read_row)
