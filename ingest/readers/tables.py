"""Spreadsheets and CSV: one row is one fact, told with its columns' names, or a question with its answer."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath

import openpyxl

from ingest.draft import Draft
from ingest.readers.archives import check_office_file
from ingest.readers.errors import ReadError
from ingest.statutes import file_date
from knowledge.model import BlockKind, Document, DocumentKind
from knowledge.regions import load_regions
from knowledge.spreadsheet import MAX_CELLS, TooLargeError, sheet_rows

Row = Sequence[str]

_NUMBER = re.compile(r"[-+]?[\d,.]+%?|\d{4}[-/年.]\d{1,2}.*")
_ASKED = {"问题", "问", "提问", "常见问题", "咨询问题", "咨询内容"}  # what a column of questions is called
_ANSWERED = {"答案", "答", "答复", "回答", "回复", "解答", "答复内容"}
_STOPS = "。；;，,"
_HEADER_ROWS = 8  # a header stands within the first rows, below a title at most


def read_csv(text: str, source: str) -> Document:
    """Return a table's rows; the delimiter is told by the first lines."""
    sample = text[:8192]
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(sample, delimiters=",;\t|，")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as error:
        raise ReadError(f"is no CSV table: {error}") from error
    return _document([(None, rows)], source)


def read_xlsx(path: Path, source: str) -> Document:
    """Return the rows of all sheets, each sheet under its name."""
    check_office_file(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the broken part makes it raise
        raise ReadError("is broken: it cannot be read as a spreadsheet") from error
    try:
        sheets = [
            (sheet.title, [[_shown(cell) for cell in row] for row in sheet_rows(sheet)]) for sheet in book.worksheets
        ]
    except TooLargeError as error:
        raise ReadError(f"holds a sheet of more than {MAX_CELLS:,} cells: split it") from error
    except Exception as error:
        raise ReadError("is broken: one of its sheets cannot be read") from error
    finally:
        book.close()
    named = [(title if len(sheets) > 1 else None, rows) for title, rows in sheets]
    return _document(named, source)


def told_rows(rows: Iterable[Row]) -> Iterator[tuple[bool, str]]:
    """Yield each row as 列名：值；…, or as its cells where there is no header; the flag is False for titles above."""
    filled = [row for row in ([cell.strip() for cell in row] for row in rows) if any(row)]
    at = next((at for at, row in enumerate(filled[:_HEADER_ROWS]) if _is_header(row, filled[at + 1 : at + 2])), None)
    for row in filled[: at or 0]:
        yield False, " ".join(cell for cell in row if cell)
    header = filled[at] if at is not None else []
    for row in filled[0 if at is None else at + 1 :]:
        if row == header:  # repeated at the top of a printed page
            continue
        names = [*header, *[""] * (len(row) - len(header))]
        cells = [(name, cell.rstrip(_STOPS)) for name, cell in zip(names, row, strict=False)]
        yield True, "；".join(f"{name}：{cell}" if name else cell for name, cell in cells if cell) + "。"


def _is_header(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether a row names columns: at least two different words, no figures, and a row of data below."""
    names = [cell for cell in row if cell]
    return (
        len(names) >= 2
        and len(set(names)) == len(names)
        and bool(below)
        and len(names) >= sum(1 for cell in below[0] if cell) / 2
        and not any(_NUMBER.fullmatch(name) or len(name) > 30 for name in names)
    )


def _answers(rows: Sequence[Row]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what stands above a table of questions, and each with its answer; nothing where it is no such table."""
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        asked = next((place for place, name in enumerate(row) if name in _ASKED), None)
        answered = next((place for place, name in enumerate(row) if name in _ANSWERED), None)
        if asked is not None and answered is not None:
            pairs = [(each[asked], each[answered]) for each in rows[at + 1 :] if len(each) > max(asked, answered)]
            above = [" ".join(filter(None, each)) for each in rows[:at] if any(each)]
            return above, [(question, answer) for question, answer in pairs if question and answer]
    return [], []


def _document(sheets: Sequence[tuple[str | None, Sequence[Row]]], source: str) -> Document:
    draft = Draft()
    titles: list[str] = []
    facts = False
    for name, rows in sheets:
        above, answers = _answers(rows)
        told = [] if answers else list(told_rows(rows))
        facts |= bool(told)
        titles += above
        if name and (told or answers):
            draft.heading(name, 1)
        for question, answer in answers:
            draft.heading(question, 2)
            draft.add(answer)
        for is_row, words in told:
            draft.close()
            if not is_row:
                titles.append(words)
            draft.add(words, BlockKind.TABLE if is_row else BlockKind.TEXT, gap="\n")
    if not draft.pieces:
        raise ReadError("holds no rows with words in them")
    title = titles[0] if titles and len(titles[0]) <= 60 else PurePosixPath(source).stem
    return draft.build(
        source,
        title,
        DocumentKind.TABLE if facts else DocumentKind.GUIDE,
        issued=file_date(source),
        regions=load_regions().of_document(title, source),
    )


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
