"""Unions as the rows of a table; pure."""

from collections.abc import Mapping

from bot.audit import Act
from bot.desk.directory import words
from bot.desk.directory.tables import NAME, Change, Kind, Standing
from bot.desk.directory.union_form import Filled, changes, entered, filled, in_order, read
from knowledge.organizations import Organization, Organizations, OwnEntries

COLUMNS = {
    NAME: "called",
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


def _rows(unions: Organizations) -> list[list[str]]:
    return [_cells(each, unions) for each in in_order(unions) if each.retired is None]


def _cells(union: Organization, unions: Organizations) -> list[str]:
    form = filled(union)
    special = {"parent": unions.title(union.parent) if union.parent else "", "leaves": "、".join(form.leaves)}
    return [special.get(field, form[field]) for field in COLUMNS.values()]


def _read(fields: Mapping[str, str], standing: Standing) -> tuple[OwnEntries, Change] | None:
    unions, form = standing.unions, _form(fields, standing.unions)
    if _is_as_now(form, unions):
        return None
    before, after = read(form, standing.staff, unions, standing.today)
    own = entered(standing.own, before, after)
    return own, Change(after.title, before is None, changes(before, after, unions))


def _form(fields: Mapping[str, str], unions: Organizations) -> Filled:
    named = {each.title: each.name for each in unions.organizations.values()}
    leaves = tuple(filter(None, fields["leaves"].replace("，", "、").split("、")))
    told = {
        **fields,
        "union": named.get(fields["called"], ""),
        "parent": named.get(fields["parent"], fields["parent"]),
        "region": fields["region"].replace(words.PROVINCE, ""),
    }
    return Filled(told, leaves)


def _is_as_now(form: Filled, unions: Organizations) -> bool:
    known = unions.organizations.get(form["union"])
    if known is None:
        return False
    now = filled(known)
    compared = (field for field in COLUMNS.values() if field not in ("leaves", "source"))
    return now.leaves == form.leaves and all(now[field] == form[field] for field in compared)


UNIONS = Kind("unions", "工会", Act.UNION_CHANGED, COLUMNS, _rows, _read)
