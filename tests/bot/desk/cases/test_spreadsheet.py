import io

import pytest
from openpyxl import load_workbook

from bot.desk.cases.spreadsheet import xlsx

HEAD = ("月份", "工会", "收到")
ROWS = [("2026-10", "甲 & <乙>", 3), ("2026-11", '=HYPERLINK("https://evil.example")', 0), ("", "“丙”\n", -1)]


@pytest.mark.parametrize("read_only", [False, True], ids=["whole", "row by row"])
def test_what_is_written_is_read_again_and_no_word_becomes_a_formula(read_only: bool) -> None:
    book = load_workbook(io.BytesIO(xlsx("统计", HEAD, ROWS)), read_only=read_only)
    assert book.sheetnames == ["统计"]
    assert [tuple("" if value is None else value for value in row) for row in book.active.values] == [HEAD, *ROWS]
    assert {cell.data_type for row in book.active.iter_rows(min_row=2, min_col=2, max_col=2) for cell in row} == {"s"}


def test_the_head_is_told_apart_and_stays_in_sight() -> None:
    sheet = load_workbook(io.BytesIO(xlsx("统计", HEAD, ROWS))).active
    assert [cell.font.bold for cell in sheet[1]] == [True] * len(HEAD)
    assert not any(cell.font.bold for cell in sheet[2])
    assert sheet.freeze_panes == "A2"


def test_characters_that_no_spreadsheet_may_hold_are_left_out_and_a_table_may_be_empty() -> None:
    sheet = load_workbook(io.BytesIO(xlsx("统计", HEAD, [("2026-11", "甲\x00\x0b乙", 1)]))).active
    assert sheet["B2"].value == "甲乙"
    assert list(load_workbook(io.BytesIO(xlsx("统计", HEAD, []))).active.values) == [HEAD]
