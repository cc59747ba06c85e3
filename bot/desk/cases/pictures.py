"""Pictures of what was sent, drawn anew in a process of their own: the original is never opened on our pages."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass

from bot.desk.cases.drawing import FORMATS, PDF
from knowledge.errors import NiangjiaError

SHOWN = frozenset({*FORMATS, PDF})  # MIME types of which there are pictures
TINY, SMALL, LARGE = 32, 480, 1600  # pixels of the longer side
_SECONDS = 30.0  # for one picture
_AT_ONCE = 2
_ENVIRONMENT = {"LANG": "C.UTF-8"}  # no secret of ours is there to be read


class NoPictureError(NiangjiaError):
    """Say that no picture can be made of a file."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of one page, and how many pages there are."""

    pages: int
    jpeg: bytes


class Pictures:
    """Draws pictures, a few at a time."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def draw(self, data: bytes, mime: str, page: int = 0, longest: int = LARGE) -> Picture:
        """Return a picture of a file whose type is one of `SHOWN`; raise NoPictureError for a broken one."""
        async with self._slots:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot.desk.cases.drawing", mime, str(page), str(longest)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=_ENVIRONMENT,
            )
            try:
                async with asyncio.timeout(_SECONDS):
                    out, _ = await process.communicate(data)
            except TimeoutError:
                out = b""
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        pages, _, jpeg = out.partition(b"\n")
        if process.returncode or not jpeg:
            raise NoPictureError("No picture can be made of the file: hand out the file itself.")
        return Picture(int(pages), jpeg)
