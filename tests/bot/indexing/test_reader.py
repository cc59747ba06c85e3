"""Files that people bring: what is made of them, and what a hostile one can do."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from bot.desk.knowledge.ports import Stated, UnreadableError
from bot.indexing import reader
from bot.indexing.reader import FileReader
from knowledge.model import DocumentKind
from tests.bot.answers.house import OLD_LEAVE, SHIYAN
from tests.library import STATION

STATED = Stated("新标题", ("随州",), date(2027, 1, 1), None)


async def test_an_act_keeps_its_shape_and_its_dates() -> None:
    text = await FileReader().convert("职工搬家假办法(2010-05-01).txt", OLD_LEAVE.encode("gb18030"))
    understood = await FileReader().understand("paste.md", text)
    assert understood.document.kind is DocumentKind.STATUTE
    assert [passage.article for passage in understood.passages][-3:] == ["第一条", "第二条", "第三条"]
    assert understood.document.issued == date(2010, 5, 1)


async def test_a_report_stays_a_report_and_names_its_region() -> None:
    understood = await FileReader().understand("paste.md", await FileReader().convert("a.txt", SHIYAN.encode()))
    assert understood.document.kind is DocumentKind.REPORT
    assert understood.document.regions == ("十堰",)
    assert any("137座" in passage.text and passage.path for passage in understood.passages)


async def test_rows_of_a_spreadsheet_are_told_with_their_columns() -> None:
    book, file = openpyxl.Workbook(), BytesIO()
    for row in (("驿站", "地址"), ("人民路驿站", "人民路1号"), ("车城路驿站", "车城路2号")):
        book.active.append(row)
    book.save(file)
    understood = await FileReader().understand("paste.md", await FileReader().convert("站点.xlsx", file.getvalue()))
    told = " ".join(passage.text for passage in understood.passages)
    assert "人民路驿站" in told and "车城路2号" in told


async def test_what_is_stated_goes_before_what_the_head_says_and_the_rest_of_it_stays() -> None:
    text = STATION.replace("regions:", "categories: [工时与休假]\nregions:")
    understood = await FileReader().understand("paste.md", text, STATED)
    document = understood.document
    assert (document.title, document.regions, document.validity.effective) == ("新标题", ("随州",), date(2027, 1, 1))
    assert document.categories == ("工时与休假",)
    assert (await FileReader().understand("paste.md", understood.text)).document == document


async def test_somebody_can_say_that_a_text_is_a_report_or_none() -> None:
    text = await FileReader().convert("a.txt", SHIYAN.encode())
    for report, kind in ((False, DocumentKind.GUIDE), (True, DocumentKind.REPORT), (None, DocumentKind.REPORT)):
        understood = await FileReader().understand("paste.md", text, replace(STATED, report=report))
        assert understood.document.kind is kind
    text = STATION.replace("title:", "kind: service\ntitle:")
    understood = await FileReader().understand("paste.md", text, replace(STATED, report=False))
    assert "kind: service" in understood.text, "what a guide says of itself stays"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.md", b"---\na: " + b"[" * 5_000 + b"\n---\n\nwords\n"),
        ("deep.html", b"<div>" * 60_000 + "有字".encode()),
        ("bomb.docx", b""),
        ("slow.md", b"[" * 40_000),
    ],
)
async def test_a_hostile_file_harms_nobody(name: str, content: bytes, tmp_path: Path) -> None:
    if name == "bomb.docx":
        bomb = BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * (64 << 20))
        content = bomb.getvalue()
    try:
        text = await FileReader().convert(name, content)
        await FileReader().understand("paste.md", text)
    except UnreadableError as error:
        assert str(error)
    assert (await FileReader().understand("paste.md", STATION)).passages


async def test_a_reader_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", 0.01)
    with pytest.raises(UnreadableError, match="far too large"):
        await FileReader().understand("paste.md", STATION)


async def test_a_text_that_was_understood_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = FileReader()
    first = await opened.understand("paste.md", STATION)
    monkeypatch.setattr(reader, "SECONDS", 0.0)
    assert await opened.understand("paste.md", STATION) is first
    with pytest.raises(UnreadableError):
        await opened.understand("paste.md", STATION, STATED)
