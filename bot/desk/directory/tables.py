"""Entries of the directory as tables that an admin fills in a spreadsheet, read row by row as their forms are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.audit import Act
from bot.desk.directory import words
from bot.desk.directory.parameters import Unfit
from bot.desk.staff import Staff
from knowledge.organizations import Organizations, OwnEntries
from knowledge.spreadsheet import filled_rows

MOST = 300  # rows
NAME = "名称"  # the column by which a row is known


class WrongTable(Unfit):
    """List in Chinese what is wrong with the rows of a table."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        super().__init__("；".join(rows))


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of an entry."""

    title: str
    new: bool
    lines: list[tuple[str, str, str]]  # what, as it was, as it will be


@dataclass(frozen=True, slots=True)
class Standing:
    """Who fills in a table, and what there is before its row."""

    staff: Staff
    unions: Organizations
    own: OwnEntries
    today: date


# Return what a home has after a row, given by the fields of the form, and what that changes; None where it is as now.
ReadRow = Callable[[Mapping[str, str], Standing], tuple[OwnEntries, Change] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table holds: unions, regions or bodies."""

    path: str  # of its pages, and the file's name
    called: str
    act: Act
    columns: Mapping[str, str]  # the field of the form that each fills
    rows: Callable[[Organizations], Iterable[list[str]]]  # in the order of `columns`
    read: ReadRow


@dataclass(frozen=True, slots=True)
class Taken:
    """What a home would have after a table."""

    entries: OwnEntries
    changes: list[Change]
    later: Organizations


def taken(path: Path, kind: Kind, standing: Standing) -> Taken:
    """Return what a table changes, whose rows are entries by their names; who is not in it stays as they are.

    Raises WrongTable with every row that is wrong, and SpreadsheetError for what is no table.
    """
    rows = list(filled_rows(path))
    header = rows[0][1] if rows else ()
    if missing := [name for name in kind.columns if name not in header]:
        raise WrongTable([words.NO_COLUMNS.format("、".join(missing))])
    if len(rows) > MOST + 1:
        raise WrongTable([words.TOO_MANY_ROWS.format(MOST)])
    unions, own = standing.unions, standing.own
    found: list[Change] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number, row in rows[1:]:
        told = dict(zip(header, row, strict=False))
        name = told.get(NAME, "")
        try:
            if name in seen:
                raise Unfit(words.ROW_TWICE)
            seen.add(name)
            fields = {field: told.get(column, "") for column, field in kind.columns.items()} | {"seen": "yes"}
            change = kind.read(fields, Standing(standing.staff, unions, own, standing.today))
        except Unfit as error:
            wrong.append(words.WRONG_TABLE_ROW.format(number, name[:40], error))
            continue
        if change is not None:
            own = change[0]
            found.append(change[1])
            unions = unions.having(own)
    if wrong:
        raise WrongTable(wrong)
    return Taken(own, found, unions)
