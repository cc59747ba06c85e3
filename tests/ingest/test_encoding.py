import pytest

from ingest.readers.encoding import decode
from ingest.readers.errors import ReadError

SIMPLIFIED = "用人单位拖欠工资的，劳动者可以依法申请支付令。\n职工有参加工会的权利！"
TRADITIONAL = "勞工有組織工會的權利，雇主不得拒絕給付工資。\n請問加班費怎麼計算？"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_simplified_chinese_is_read_however_it_is_written(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding)) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16", "utf-16-be"])
def test_traditional_chinese_is_read_however_it_is_written(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding)) == TRADITIONAL


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le"])
def test_a_few_characters_are_enough_to_tell(encoding: str) -> None:
    assert decode("加班工资怎么算".encode(encoding)) == "加班工资怎么算"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_long_text_is_told_by_its_beginning(encoding: str) -> None:
    text = "，" + SIMPLIFIED * 5_000
    assert decode(text.encode(encoding)) == text


def test_every_kind_of_line_end_becomes_one() -> None:
    assert decode("一\r\n二\r三\n四\x0c五\u2028六".encode()) == "一\n二\n三\n四\n五\n六"


def test_half_and_full_width_forms_stay_as_they_are() -> None:
    text = "１２３ 123 （甲）(乙) ，, ％% ＡＢＣ ｱ"
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 500, b"\x7fELF\x02\x01\x01", b"PK\x03\x04 zip", b"%PDF-1.7\n"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"text file|known encoding"):
        decode(data)


def test_bytes_that_are_text_at_first_and_rubbish_later_are_refused() -> None:
    with pytest.raises(ReadError, match="save it as UTF-8"):
        decode(("工资" * 20_000).encode() + b"\xff\xfe\xff")
