"""Forms with papers, which are never on the disk before they are sealed."""

from collections.abc import Sequence

from fastapi import Request

from bot.cases.evidence import LARGEST
from bot.cases.ports import EvidenceFull, EvidenceRefused, EvidenceRoom
from bot.desk.cases import paper_words as words
from bot.desk.cases.moving import LONGEST, Unfit
from bot.desk.cases.ports import Paper
from bot.desk.doors import MAX_BODY, MAX_FIELDS, Fields, Visit, plain_form
from bot.desk.multipart import Bounds, Upload, multipart_form

MOST = 9  # files of one form
ACCEPTED = "image/*,audio/*,video/*,.pdf,.doc,.docx,.xls,.xlsx,.txt"  # offered; what is taken is told by the content
_BOUNDS = Bounds(LARGEST + MAX_BODY, files=MOST + 1, fields=MAX_FIELDS, field=4 * LONGEST)
_LONGEST_NAME = 80  # characters


async def papers_form(request: Request) -> Fields:
    """Return the fields of a form with files, which are left in `request.state.files`; raise what was wrong."""
    request.state.files = []
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await plain_form(request)
    fields, request.state.files = await multipart_form(request, _BOUNDS, words.too_big(LARGEST))
    return fields


async def kept(visit: Visit, room: EvidenceRoom) -> tuple[Paper, ...]:
    """Check and seal the files that came with a form; raise Unfit that names the first that is not taken."""
    files: Sequence[Upload] = visit.request.state.files
    if len(files) > MOST:
        raise Unfit(words.too_many_files(MOST))
    papers = []
    for file in files:
        name = _clean(file.name)
        try:
            papers.append(Paper(await room.keep(file.content), name))
        except EvidenceRefused as error:
            raise Unfit(words.refused_file(name, error.fault)) from error
        except EvidenceFull as error:
            raise Unfit(words.NO_ROOM) from error
    return tuple(papers)


def _clean(filename: str) -> str:
    """Return the last part of a file's name without signs that cannot be seen."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-_LONGEST_NAME:]
