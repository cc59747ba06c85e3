"""What people send over Telegram, brought into the evidence room."""

import asyncio
import contextlib
from collections.abc import Iterator

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter
from aiohttp import ClientError

from bot.cases.model import KeptFile
from bot.cases.ports import EvidenceRefused, EvidenceRoom, Fault
from bot.delivery import RetryLater
from bot.messages import Attachment, Incoming

LARGEST = 20_000_000  # bytes; the Bot API hands over no more
AT_ONCE = 3  # downloads, each of which is held in memory
SECONDS = 45  # for one download; the worker waits a minute for the whole answer
CHUNK = 65_536  # bytes


class TelegramFiles:
    """Implements `Files`: downloads by the file's id, reading no more than Telegram may hand over."""

    def __init__(self, bot: Bot, room: EvidenceRoom) -> None:
        self._bot = bot
        self._room = room
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        """Download and keep a file; a place is none."""
        if attachment.kind == "location":
            raise EvidenceRefused(Fault.TYPE)
        _check(attachment.size)
        async with self._turns:
            with _translated():
                data = await self._download(attachment.reference)
            return await self._room.keep(data)

    async def _download(self, file_id: str) -> bytes:
        file = await self._bot.get_file(file_id)
        _check(file.file_size)
        if file.file_path is None:
            raise EvidenceRefused(Fault.GONE)
        session = self._bot.session
        url = session.api.file_url(self._bot.token, file.file_path)
        data = bytearray()
        async with contextlib.aclosing(session.stream_content(url, timeout=SECONDS, chunk_size=CHUNK)) as chunks:
            async for chunk in chunks:
                data += chunk
                _check(len(data))  # whatever size was announced
        return bytes(data)


def _check(size: int | None) -> None:
    if size is not None and size > LARGEST:
        raise EvidenceRefused(Fault.TOO_LARGE)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what goes wrong on the way into the dialogue's errors; no reason holds the token."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise RetryLater("Telegram's flood limit", error.retry_after) from error
    except TelegramBadRequest as error:  # the id is wrong or too old, or the file too big
        raise EvidenceRefused(Fault.TOO_LARGE if "too big" in error.message else Fault.GONE) from error
    except (AiogramError, ClientError, TimeoutError) as error:
        raise RetryLater(f"Telegram does not hand over a file: {type(error).__name__}") from None
