import io
import zipfile

import pytest

from bot.cases.evidence import LARGEST, checked, ending
from bot.cases.ports import EvidenceRefused, Fault


def office(folder: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", ".jpg"),
        (b"\x89PNG\r\n\x1a\n png", ".png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ".webp"),
        (b"\x00\x00\x00\x18ftypheic", ".heic"),
        (b"\x00\x00\x00\x18ftypisom", ".mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", ".m4a"),
        (b"%PDF-1.7", ".pdf"),
        (b"OggS voice", ".ogg"),
        (b"#!AMR\n", ".amr"),
        ("工资条：三月没发".encode(), ".txt"),
        ("工资条：三月没发，老板叫我等，微信聊天记录见下\r\n".encode("gb18030"), ".txt"),
        ("2024-03-01 王喆 到账 3500.00 元，少了 500 元，问了不认账".encode("gb18030"), ".txt"),
        (office("word"), ".docx"),
        (office("xl"), ".xlsx"),
    ],
)
def test_what_workers_have_is_taken(data: bytes, name: str) -> None:
    assert ending(checked(data)) == name


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00 a program",
        b"\x7fELF",
        b"<html><script>alert(1)</script>",
        b"  <svg onload=alert(1)>",
        b"PK\x03\x04 any archive",
        b"Rar!\x1a\x07",
        b"words\x00and more",
        "工资".encode("utf-16"),
        "<html>工资</html>".encode("gb18030"),
        bytes(range(128, 256)) * 8,
        "工资条".encode("gb18030") + b"\xff\xfe\xfd\xfc\xfb" * 9,
    ],
)
def test_what_could_harm_is_not_taken_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        checked(data)
    assert refused.value.fault is Fault.TYPE


def test_nothing_and_too_much_are_told_apart() -> None:
    for data, fault in ((b"", Fault.EMPTY), (b"x" * (LARGEST + 1), Fault.TOO_LARGE)):
        with pytest.raises(EvidenceRefused) as refused:
            checked(data)
        assert refused.value.fault is fault
