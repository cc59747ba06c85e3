"""Unions as a table that an admin fills in a spreadsheet, read row by row as their form is; pure but for the file."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.desk.directory import words
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.union_form import Filled, changes, entered, filled, read
from bot.desk.staff import Staff
from knowledge.organizations import Organization, Organizations, OwnEntries
from knowledge.spreadsheet import filled_rows

MOST = 300  # rows
# The columns, and the field of the form that each fills.
COLUMNS = {
    "名称": "called",
    "级别": "level",
    "上级": "parent",
    "地区": "region",
    "地名": "places",
    "电话": "telephone",
    "地址": "address",
    "时间": "hours",
    "不办的事": "leaves",
    "依据": "source",
}


class WrongTable(Unfit):
    """List in Chinese what is wrong with the rows of a table."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        super().__init__("；".join(rows))


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of a union."""

    title: str
    new: bool
    lines: list[tuple[str, str, str]]  # what, as it was, as it will be


@dataclass(frozen=True, slots=True)
class Taken:
    """What a home would have after a table."""

    entries: OwnEntries
    changes: list[Change]
    later: Organizations


def cells(union: Organization, unions: Organizations) -> list[str]:
    """Return a union as its row, in the order of `COLUMNS`."""
    form = filled(union)
    special = {"parent": unions.title(union.parent) if union.parent else "", "leaves": "、".join(form.leaves)}
    return [special.get(field, form[field]) for field in COLUMNS.values()]


def taken(path: Path, staff: Staff, unions: Organizations, own: OwnEntries, today: date) -> Taken:
    """Return what a table changes, whose rows are unions by their names; who is not in it stays as they are.

    Raises WrongTable with every row that is wrong, and SpreadsheetError for what is no table.
    """
    rows = list(filled_rows(path))
    header = rows[0][1] if rows else ()
    if missing := [name for name in COLUMNS if name not in header]:
        raise WrongTable([words.NO_COLUMNS.format("、".join(missing))])
    if len(rows) > MOST + 1:
        raise WrongTable([words.TOO_MANY_UNIONS.format(MOST)])
    found: list[Change] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number, row in rows[1:]:
        told = dict(zip(header, row, strict=False))
        try:
            if told.get("名称", "") in seen:
                raise Unfit(words.UNION_TWICE)
            seen.add(told.get("名称", ""))
            form = _form(told, unions)
            if _is_as_now(form, unions):
                continue
            before, after = read(form, staff, unions, today)
        except Unfit as error:
            wrong.append(words.WRONG_UNION_ROW.format(number, told.get("名称", "")[:40], error))
            continue
        found.append(Change(after.title, before is None, changes(before, after, unions)))
        own = entered(own, before, after)
        unions = unions.having(own)
    if wrong:
        raise WrongTable(wrong)
    return Taken(own, found, unions)


def _form(told: dict[str, str], unions: Organizations) -> Filled:
    fields = {field: told.get(column, "") for column, field in COLUMNS.items()}
    named = {each.title: each.name for each in unions.organizations.values()}
    fields["union"] = named.get(fields["called"], "")
    fields["parent"] = named.get(fields["parent"], fields["parent"])
    fields["region"] = fields["region"].replace(words.PROVINCE, "")
    leaves = tuple(filter(None, fields.pop("leaves").replace("，", "、").split("、")))
    return Filled({**fields, "seen": "yes"}, leaves)


def _is_as_now(form: Filled, unions: Organizations) -> bool:
    known = unions.organizations.get(form["union"])
    if known is None:
        return False
    now = filled(known)
    compared = (field for field in COLUMNS.values() if field not in ("leaves", "source"))
    return now.leaves == form.leaves and all(now[field] == form[field] for field in compared)
