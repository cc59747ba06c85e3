"""A form with one file, read no further than it may go."""

from fastapi import Request

from bot.desk.doors import Fields
from bot.desk.multipart import Bounds, Upload, multipart_form
from bot.pages.refusals import Refused

MAX_UPLOAD = 20 << 20  # bytes of the whole form
MAX_TEXT = 150_000  # characters of a text in a form, and of one that a file turns into
_BOUNDS = Bounds(MAX_UPLOAD, files=1, fields=20, field=4 * MAX_TEXT)
_LONGEST_NAME = 200  # characters; it says nothing but the format


async def upload_form(request: Request) -> Fields:
    """Return the fields of a form with a file, which is left in `request.state.upload`; raise what was wrong."""
    fields, files = await multipart_form(request, _BOUNDS, _too_big())
    request.state.upload = Upload(files[0].name[-_LONGEST_NAME:], files[0].content) if files else None
    return fields


def _too_big() -> Refused:
    return Refused(413, "文件太大了", "一次最多上传 20 MB。请把文件分成几份，或者去掉里面的图片再传。")
