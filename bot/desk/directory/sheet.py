"""Spreadsheets that come to the desk and go from it."""

import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import openpyxl
from fastapi.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

T = TypeVar("T")


def unpacked(name: str, content: bytes, read: Callable[[Path], T]) -> T:
    """Return what `read` makes of a file that somebody sent; of its name only the ending is taken."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{Path(name).suffix.lower()}"
        path.write_bytes(content)
        return read(path)


def workbook(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Return a spreadsheet that can be filled in and sent back; the first row names the columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, text)
            cell.data_type = "s"  # never a formula, whatever it begins with
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content.getvalue(), media_type=XLSX, headers=headers)
