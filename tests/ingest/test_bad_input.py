"""Files that a folder should not hold, and sometimes does: each is a failure with its reason, and nothing worse."""

import gzip
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.readers import ReadError, iter_documents, read
from ingest.sources import Failure, SourceFile, walk
from tests.ingest.files import source_file, written
from tests.ingest.test_readers import make_pdf

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096


def reason(path: Path) -> str:
    (found,) = iter_documents(source_file(path))
    assert isinstance(found, Failure)
    return found.reason


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.pdf", "a.docx", "a.csv", "a.jsonl"])
def test_an_empty_file_says_that_it_is_empty(tmp_path: Path, name: str) -> None:
    assert reason(written(tmp_path, name, b"")) == "is empty"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.htm"])
def test_a_file_of_nothing_but_white_space_holds_no_text(tmp_path: Path, name: str) -> None:
    assert reason(written(tmp_path, name, "\n  \n\u3000\n")) == "holds no text"


def test_a_table_of_empty_rows_holds_no_words(tmp_path: Path) -> None:
    assert "no rows" in reason(written(tmp_path, "a.csv", ",,\n,,\n"))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv"])
def test_a_binary_file_under_a_texts_name_is_refused(tmp_path: Path, name: str) -> None:
    assert "text file" in reason(written(tmp_path, name, bytes(range(256)) * 64))


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.pptx", "a.png", "a.jsonl.gz"])
def test_a_broken_file_says_that_it_is_broken(tmp_path: Path, name: str) -> None:
    assert reason(written(tmp_path, name, b"this is not what its name says" * 20)).startswith("is broken")


def test_a_pdf_that_was_cut_off_is_broken(tmp_path: Path) -> None:
    whole = make_pdf(tmp_path / "a.pdf", [["职工之家"]]).read_bytes()
    assert reason(written(tmp_path, "b.pdf", whole[: len(whole) // 3])).startswith("is broken")


def test_a_word_document_that_was_cut_off_is_broken(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    whole = (tmp_path / "a.docx").read_bytes()
    assert reason(written(tmp_path, "b.docx", whole[: len(whole) // 2])).startswith("is broken")


def test_a_zip_that_is_no_word_document_is_broken(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("readme.txt", "nothing of Word's")
    assert reason(tmp_path / "a.docx").startswith("is broken")


def test_an_office_file_that_was_damaged_on_its_way_is_broken(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("工会服务职工。" * 500)
    document.save(str(tmp_path / "a.docx"))
    content = bytearray((tmp_path / "a.docx").read_bytes())
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith(".xml")]
    for part in parts:
        content[part.header_offset + 60 : part.header_offset + 200] = b"\xff" * 140
    (tmp_path / "a.docx").write_bytes(content)
    assert reason(tmp_path / "a.docx").startswith("is broken")


def test_an_encrypted_pdf_asks_for_one_without_a_password(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["秘密"]], encrypt="secret")
    assert reason(path) == "is protected by a password: save it without one"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx"])
def test_an_encrypted_office_file_asks_for_one_without_a_password(tmp_path: Path, name: str) -> None:
    assert reason(written(tmp_path, name, COMPOUND)).startswith("is protected by a password")


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx"])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.xml", "w") as part:
        for _ in range(64):
            part.write(b"\x00" * 2**20)
    assert "zip bomb" in reason(tmp_path / name)


def test_a_sheet_is_no_larger_than_what_stands_in_it_whatever_it_claims(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["站点", "地区"])
    book.active.cell(20_000, 16_384, "最后一格")  # 2,600 MB if every cell before it were kept
    book.save(tmp_path / "a.xlsx")
    (document,) = read(source_file(tmp_path / "a.xlsx"))
    assert "最后一格" in document.text


def test_a_sheet_of_more_cells_than_anybody_fills_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 400):
        book.active.cell(row, 16_384, "x")
    book.save(tmp_path / "a.xlsx")
    assert reason(tmp_path / "a.xlsx") == "holds a sheet of more than 5,000,000 cells: split it"


def test_a_table_whose_cell_spans_thousands_of_millions_of_columns_is_broken(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 2).cell(0, 0)._tc.grid_span = 2_000_000_000
    document.save(str(tmp_path / "a.docx"))
    assert reason(tmp_path / "a.docx").startswith("is broken")


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>"])
def test_a_page_whose_tags_are_never_closed_is_a_failure_and_nothing_worse(tmp_path: Path, tag: str) -> None:
    assert "too deep" in reason(written(tmp_path, "a.html", tag * 20_000 + "工会"))


def test_a_gzip_bomb_is_not_read_to_its_end(tmp_path: Path) -> None:
    line = b'{"id": %d, "law": "a", "text": "' + b"a" * 100_000 + b'"}\n'
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb") as file:
        for number in range(800):
            file.write(line % number)
    *_, failure = iter_documents(source_file(path))
    assert isinstance(failure, Failure)
    assert "zip bomb" in failure.reason


def test_a_line_without_an_end_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"a" * 5 * 2**20)
    assert "no file of records" in reason(path)


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (f'<?xml version="1.0"?>{LAUGHS}'.encode(), "XML entities"),
        (f'<?xml version="1.0"?><!--{"x" * 100_000}-->{LAUGHS}'.encode(), "XML entities"),
        (f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}'.encode("utf-16"), "XML entities"),
        (f'<?xml version="1.0" encoding="GBK"?>{LAUGHS}'.encode("gbk"), "is broken"),
        (f'<?xml version="1.0" encoding="no-such"?>{LAUGHS}'.encode(), "is broken"),
    ],
    ids=["plainly", "behind a comment", "in UTF-16", "in GBK", "in what nobody knows"],
)
def test_xml_entities_are_not_expanded(tmp_path: Path, part: bytes, told: str) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        archive.writestr("xl/laughs.xml", part)
    assert told in reason(tmp_path / "a.xlsx")


def test_a_file_of_200_mb_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    assert reason(tmp_path / "a.txt") == "is of 200 MB, more than the 100 MB allowed: split it"


def test_the_size_that_is_allowed_can_be_set(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="more than the 0 MB"):
        read(source_file(written(tmp_path, "a.txt", "工会服务职工。")), max_bytes=3)


def test_a_file_that_vanished_after_it_was_found_is_a_failure(tmp_path: Path) -> None:
    found = source_file(written(tmp_path, "a.txt", "工会。"))
    found.path.unlink()
    assert list(iter_documents(found)) == [Failure(found.source, "cannot be opened: No such file or directory")]


def test_a_folder_in_a_files_place_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    file = SourceFile(tmp_path / "a.txt", "a/a.txt", 1, 0.0)
    assert list(iter_documents(file)) == [Failure("a/a.txt", "cannot be opened: Is a directory")]


def test_mixed_line_ends_make_no_difference(tmp_path: Path) -> None:
    mixed = written(tmp_path, "a.txt", "总标题\r\n\r\n工会办实事。\r工会办好事。\n\n职工很满意。\r\n".encode())
    plain = written(tmp_path, "b.txt", "总标题\n\n工会办实事。\n工会办好事。\n\n职工很满意。\n")
    assert read(source_file(mixed))[0].text == read(source_file(plain))[0].text


def test_half_and_full_width_forms_stay_as_they_are(tmp_path: Path) -> None:
    text = "补助５００元(500元)，占１０％或10%。"
    assert read(source_file(written(tmp_path, "a.txt", text)))[0].text == text


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    written(tmp_path, "a.pdf", b"broken")
    written(tmp_path, "b.txt", "工会服务职工。")
    found = [result for file in walk(tmp_path) if isinstance(file, SourceFile) for result in iter_documents(file)]
    assert [isinstance(result, Failure) for result in found] == [True, False]
