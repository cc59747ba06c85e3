"""What an upload must pass before anything of it is kept: bytes are counted as they come, whatever was announced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request

from bot.cases.evidence import LARGEST
from bot.cases.ports import Fault
from bot.channels.web import errors
from bot.channels.web.multipart import Part, read_form
from bot.pages.limits import Rate, Slots, Store, TokenBuckets

FRAME = 16_384  # bytes that a form takes around its files
LEAST = 250_000  # bytes that any upload counts as
_VISITOR, _ADDRESS = Rate(200 * 2**20, 50_000), Rate(1_000 * 2**20, 500_000)  # bytes


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much may be uploaded by one visitor, and from one address, behind which a whole factory may sit."""

    visitor: Rate = _VISITOR
    address: Rate = _ADDRESS
    visitor_at_once: int = 3
    address_at_once: int = 60
    memory: int = 128 * 2**20  # bytes of all that is under way
    seconds: float = 300.0  # for one upload


class Gate:
    """Reads forms with files, within the limits."""

    def __init__(self, limits: UploadLimits) -> None:
        self._seconds = limits.seconds
        self._visitor_bytes = TokenBuckets(limits.visitor)
        self._address_bytes = TokenBuckets(limits.address)
        self._visitors = Slots(limits.visitor_at_once)
        self._addresses = Slots(limits.address_at_once)
        self._memory = Store(limits.memory)

    @asynccontextmanager
    async def parts(self, request: Request, visitor: str, address: str) -> AsyncIterator[list[Part]]:
        """Yield the form's parts, which count as held until the block ends; raise what their sender is told."""
        length = int(request.headers.get("content-length") or 0)  # the server reads no more than that
        if length > LARGEST + FRAME:
            raise errors.file_refused(Fault.TOO_LARGE, LARGEST)
        if not length:
            raise errors.malformed()
        self._address_bytes.take(address, max(length, LEAST))
        self._visitor_bytes.take(visitor, max(length, LEAST))
        with self._visitors.hold(visitor), self._addresses.hold(address), self._memory.account() as took:
            try:
                async with asyncio.timeout(self._seconds):
                    parts = await read_form(request, took)
            except TimeoutError as error:
                raise errors.too_slow() from error
            yield parts
