"""Forms with papers: read no further than they may go, and never onto the disk before they are sealed."""

from collections.abc import AsyncGenerator, Sequence

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.cases.evidence import LARGEST
from bot.cases.ports import EvidenceFull, EvidenceRefused, EvidenceRoom
from bot.desk import texts
from bot.desk.cases import paper_words as words
from bot.desk.cases.moving import LONGEST, Unfit
from bot.desk.cases.ports import Paper
from bot.desk.doors import MAX_BODY, MAX_FIELDS, Fields, Visit, plain_form

MOST = 9  # files of one form
ACCEPTED = "image/*,audio/*,video/*,.pdf,.doc,.docx,.xls,.xlsx,.txt"  # offered; what is taken is told by the content
_LARGEST_FORM = LARGEST + MAX_BODY  # bytes
_LONGEST_NAME = 80  # characters


async def papers_form(request: Request) -> Fields:
    """Return the fields of a form with files, which are left in `request.state.files`; raise what was wrong."""
    request.state.files = []
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await plain_form(request)
    if int(request.headers.get("content-length") or 0) > _LARGEST_FORM:
        raise words.too_big(LARGEST)
    parser = MultiPartParser(
        request.headers, _limited(request), max_files=MOST + 1, max_fields=MAX_FIELDS, max_part_size=4 * LONGEST
    )
    parser.spool_max_size = _LARGEST_FORM + 1  # all of it in memory
    fields: Fields = {}
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise texts.malformed(400) from error
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields[name] = (*fields.get(name, ()), value)
        elif value.filename:
            request.state.files.append((value.filename, await value.read()))
    await form.close()
    return fields


async def kept(visit: Visit, room: EvidenceRoom) -> tuple[Paper, ...]:
    """Check and seal the files that came with a form; raise Unfit that names the first that is not taken."""
    files: Sequence[tuple[str, bytes]] = visit.request.state.files
    if len(files) > MOST:
        raise Unfit(words.too_many_files(MOST))
    papers = []
    for filename, data in files:
        name = _clean(filename)
        try:
            papers.append(Paper(await room.keep(data), name))
        except EvidenceRefused as error:
            raise Unfit(words.refused_file(name, error.fault)) from error
        except EvidenceFull as error:
            raise Unfit(words.NO_ROOM) from error
    return tuple(papers)


def _clean(filename: str) -> str:
    """Return the last part of a file's name without signs that cannot be seen."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-_LONGEST_NAME:]


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        if taken > _LARGEST_FORM:
            raise words.too_big(LARGEST)
        yield chunk
