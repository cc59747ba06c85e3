"""A form with one file, read no further than it may go."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.desk import texts
from bot.desk.doors import Fields
from bot.desk.knowledge import words

MAX_UPLOAD = 20 << 20  # bytes of the whole form
MAX_TEXT = 150_000  # characters of a text in a form, and of one that a file turns into
_PARTS = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it; its name says nothing but its format."""

    name: str
    content: bytes


async def upload_form(request: Request) -> Fields:
    """Return the fields of a form with a file, which is left in `request.state.upload`; raise what was wrong."""
    request.state.upload = None
    if int(request.headers.get("content-length") or 0) > MAX_UPLOAD:
        raise words.too_big()
    parser = MultiPartParser(
        request.headers, _limited(request), max_files=1, max_fields=_PARTS, max_part_size=4 * MAX_TEXT
    )
    fields: Fields = {}
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise texts.malformed(400) from error
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = (*fields.get(name, ()), value)
        elif value.filename:
            request.state.upload = Upload(value.filename[-200:], await value.read())
    await form.close()
    return fields


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > MAX_UPLOAD:
            raise words.too_big()
        yield chunk
