"""A form with files, read as it arrives and never further than it may go."""

from collections.abc import Callable
from dataclasses import dataclass, field

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from bot.channels.web import errors

PARTS = 16  # fields and files of one form; a few more files than are taken, so that this can be said kindly
FIELD = 200  # bytes of a field
HEADERS, HEADER = 4, 1_024  # of a part, and bytes of each


@dataclass(slots=True)
class Part:
    """A field, or a file with the name that its sender gives it."""

    name: str = ""
    filename: str | None = None  # None for a field
    data: bytearray = field(default_factory=bytearray)


async def read_form(request: Request, took: Callable[[int], None]) -> list[Part]:
    """Return the parts of a multipart form; raise the refusal that says what is wrong with it.

    `took` is told of each piece's bytes before it is kept, and may refuse. The type and length that a part claims are
    not looked at.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise errors.malformed()
    form = _Form()
    try:
        parser = form.parser(options[b"boundary"])
        async for chunk in request.stream():
            took(len(chunk))
            parser.write(chunk)
        parser.finalize()
    except (FormParserError, UnicodeDecodeError) as error:
        raise errors.malformed() from error
    if not form.ended:
        raise errors.malformed()
    return form.parts


class _Form:
    """What the parser tells of, part by part."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._field = bytearray()
        self._value = bytearray()

    def parser(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_part_data": self._data,
                "on_end": self._end,
            },
            max_header_count=HEADERS,
            max_header_size=HEADER,
        )

    def _begin(self) -> None:
        if len(self.parts) == PARTS:
            raise errors.malformed()
        self.parts.append(Part())

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            part = self.parts[-1]
            part.name = options.get(b"name", b"").decode()
            if b"filename" in options:
                part.filename = options[b"filename"].decode()
        self._field.clear()
        self._value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        if part.filename is None and len(part.data) + end - start > FIELD:
            raise errors.malformed()
        part.data += data[start:end]

    def _end(self) -> None:
        self.ended = True
