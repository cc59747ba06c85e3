import zipfile
from pathlib import Path

import openpyxl
import pytest

from knowledge.spreadsheet import SpreadsheetError, filled_rows


def test_rows_without_words_are_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", None, "地区"])
    book.active.cell(4, 1, " 驿站 ")
    book.save(tmp_path / "a.xlsx")
    assert list(filled_rows(tmp_path / "a.xlsx")) == [(1, ("名称", "", "地区")), (4, ("驿站",))]


def test_a_table_of_more_cells_than_anybody_fills_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 400):
        book.active.cell(row, 16_384, "x")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SpreadsheetError, match="far too large"):
        list(filled_rows(tmp_path / "a.xlsx"))


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.xml", "w") as part,
    ):
        for _ in range(129):
            part.write(bytes(2**20))
    with pytest.raises(SpreadsheetError, match="far too large"):
        list(filled_rows(tmp_path / "a.xlsx"))


def test_what_is_no_spreadsheet_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no zip")
    with pytest.raises(SpreadsheetError, match="save it anew"):
        list(filled_rows(tmp_path / "a.xlsx"))
