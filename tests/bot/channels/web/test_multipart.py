"""Forms as browsers send them, and as nobody should, in pieces of every size."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from bot.channels.web.multipart import FIELD, HEADER, HEADERS, PARTS, Part, read_form
from bot.pages.refusals import Refused, TooMany

BOUNDARY = "----niangjia"


def part(name: str, data: bytes, filename: str | None = None, *headers: str) -> bytes:
    said = f'form-data; name="{name}"' + ("" if filename is None else f'; filename="{filename}"')
    head = "\r\n".join((f"--{BOUNDARY}", f"Content-Disposition: {said}", *headers))
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def read(
    body: bytes,
    content_type: str = f"multipart/form-data; boundary={BOUNDARY}",
    step: int = 1000,
    took: Callable[[int], None] = lambda size: None,
) -> list[Part]:
    pieces: Iterator[Message] = iter(
        [
            *(
                {"type": "http.request", "body": body[at : at + step], "more_body": True}
                for at in range(0, len(body), step)
            ),
            {"type": "http.request", "body": b"", "more_body": False},
        ]
    )

    async def receive() -> Message:
        return next(pieces)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}
    return asyncio.run(read_form(Request(scope, receive), took))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=600), step=st.integers(1, 700))
def test_a_file_comes_out_as_it_went_in_however_it_is_cut(data: bytes, step: int) -> None:
    body = part("key", b"k" * 32) + part("file", data, "工资条.jpg", "Content-Type: text/html") + END
    key, file = read(body, step=step)
    assert (key.name, key.filename, bytes(key.data)) == ("key", None, b"k" * 32)
    assert (file.name, file.filename, bytes(file.data)) == ("file", "工资条.jpg", data)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        part("file", b"cut off", "a.jpg"),  # without an end
        part("file", b"x", "a.jpg")[:40],
        part("file", b"x", "a.jpg", f"X-Long: {'x' * 2 * HEADER}") + END,
        part("file", b"x", "a.jpg", *(f"X-{number}: y" for number in range(HEADERS))) + END,
        b"".join(part("file", b"x", "a.jpg") for _ in range(PARTS + 1)) + END,
        part("key", b"k" * (FIELD + 1)) + END,
        part("key\xff", b"x").replace("\xff".encode(), b"\xff") + END,
    ],
)
def test_what_is_no_form_of_ours_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read(body)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/json",
        f"multipart/mixed; boundary={BOUNDARY}",
        f"multipart/form-data; boundary={'b' * 5000}",
    ],
)
def test_what_names_no_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(part("file", b"x", "a.jpg") + END, content_type)
    assert refusal.value.status == 400


def test_what_a_part_says_of_its_length_is_not_believed() -> None:
    (file,) = read(part("file", b"four", "a.jpg", "Content-Length: 99999999") + END)
    assert bytes(file.data) == b"four"


def test_nothing_is_read_once_there_is_no_room() -> None:
    taken = []

    def took(size: int) -> None:
        taken.append(size)
        if sum(taken) > 5000:
            raise TooMany(10)

    with pytest.raises(TooMany):
        read(part("file", bytes(100_000), "a.jpg") + END, took=took)
    assert len(taken) == 6
