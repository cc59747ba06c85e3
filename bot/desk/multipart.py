"""Forms with files: read no further than they may go, and never onto the disk."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.desk import texts
from bot.desk.doors import Fields
from bot.pages.refusals import Refused


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a form may bring."""

    size: int  # bytes of the whole form
    files: int
    fields: int
    field: int  # bytes of a field


async def multipart_form(request: Request, bounds: Bounds, too_big: Refused) -> tuple[Fields, list[Upload]]:
    """Return the fields and the files of a form, those without a name left out.

    Raise `too_big` for more bytes than it may have, and that it is malformed for all else that is wrong.
    """
    if int(request.headers.get("content-length") or 0) > bounds.size:
        raise too_big
    parser = MultiPartParser(
        request.headers,
        _limited(request, bounds.size, too_big),
        max_files=bounds.files,
        max_fields=bounds.fields,
        max_part_size=bounds.field,
    )
    parser.spool_max_size = bounds.size + 1  # all of it in memory
    fields: Fields = {}
    files: list[Upload] = []
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise texts.malformed(400) from error
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = (*fields.get(name, ()), value)
        elif value.filename:
            files.append(Upload(value.filename, await value.read()))
    await form.close()
    return fields, files


async def _limited(request: Request, size: int, too_big: Refused) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > size:
            raise too_big
        yield chunk
