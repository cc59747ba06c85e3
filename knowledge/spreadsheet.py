"""A table that an admin fills in a spreadsheet: its rows as text, with the numbers that the spreadsheet shows."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from knowledge.errors import NiangjiaError

MAX_CELLS = 5_000_000  # of a sheet, and rows that are left out
MAX_UNPACKED = 128 << 20  # bytes of a table that an admin fills


class SpreadsheetError(NiangjiaError):
    """Say why a table cannot be read, and in which form to save it."""


class TooLargeError(NiangjiaError):
    """Say that a table is larger than anybody fills."""


def sheet_rows(sheet: Any) -> list[Sequence[object]]:
    """Return the rows of a sheet that was opened read-only, each as wide as what stands in it.

    What a sheet says of its own size is not believed: 2 kB can claim 17,000 million cells. Raises TooLargeError.
    """
    sheet.reset_dimensions()
    rows: list[Sequence[object]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row) + 1
        if cells > MAX_CELLS:
            raise TooLargeError(f"The sheet has more than {MAX_CELLS:,} cells: split it.")
        width = next((at for at in range(len(row), 0, -1) if row[at - 1] is not None), 0)
        rows.append(row[:width])
    return rows


def filled_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the number and the cells of each row of a .xlsx or .csv that is not empty; raise SpreadsheetError."""
    for number, row in enumerate(_rows(path), 1):
        cells = tuple("" if cell is None else str(cell).strip() for cell in row)
        if any(cells):
            yield number, cells


def _rows(path: Path) -> Iterable[Sequence[object]]:
    try:
        if path.suffix.lower() == ".xlsx":
            _check_size(path)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                return sheet_rows(book.worksheets[0])
            finally:
                book.close()
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    except TooLargeError as error:
        raise SpreadsheetError(f"{path.name} is far too large for such a table: clear what no row needs.") from error
    except OSError as error:
        raise SpreadsheetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SpreadsheetError(f"{path.name} is not in UTF-8: save it as .xlsx, or as CSV UTF-8.") from error
    except Exception as error:  # openpyxl raises whatever the broken part makes it raise
        raise SpreadsheetError(f"{path.name} cannot be read as a spreadsheet: save it anew as .xlsx or CSV.") from error


def _check_size(path: Path) -> None:
    """Raise TooLargeError for a small file that unpacks to a very large one."""
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
            raise TooLargeError(f"{path.name} unpacks to more than {MAX_UNPACKED >> 20} MB.")
