"""A table that an admin fills in a spreadsheet: its rows as text, with the numbers that the spreadsheet shows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import openpyxl

from knowledge.errors import NiangjiaError


class SpreadsheetError(NiangjiaError):
    """Say why a table cannot be read, and in which form to save it."""


def filled_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the number and the cells of each row of a .xlsx or .csv that is not empty; raise SpreadsheetError."""
    for number, row in enumerate(_rows(path), 1):
        cells = tuple("" if cell is None else str(cell).strip() for cell in row)
        if any(cells):
            yield number, cells


def _rows(path: Path) -> Iterable[Sequence[object]]:
    try:
        if path.suffix.lower() == ".xlsx":
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                return list(book.worksheets[0].iter_rows(values_only=True))
            finally:
                book.close()
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    except OSError as error:
        raise SpreadsheetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SpreadsheetError(f"{path.name} is not in UTF-8: save it as .xlsx, or as CSV UTF-8.") from error
    except Exception as error:  # openpyxl raises whatever the broken part makes it raise
        raise SpreadsheetError(f"{path.name} cannot be read as a spreadsheet: save it anew as .xlsx or CSV.") from error
