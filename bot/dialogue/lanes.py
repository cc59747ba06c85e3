"""Work in order within a chat, and side by side between chats."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

import structlog

log = structlog.get_logger(__name__)

_REST = 0.01  # seconds between two looks at least: what comes meanwhile is taken together
_PAUSE = 1.0  # seconds after an error that nobody handled, such as a full disk


class HasLane(Protocol):
    """An item of one chat."""

    @property
    def lane(self) -> str:
        """Name the chat."""
        ...


Item = TypeVar("Item", bound=HasLane)


class Lanes(Generic[Item]):
    """Takes items that are due and handles at most `width` at a time, never two of one lane."""

    def __init__(
        self,
        due: Callable[[int, Collection[str]], Awaitable[Sequence[Item]]],
        handle: Callable[[Item], Awaitable[None]],
        wake: asyncio.Event,
        *,
        width: int,
        poll: float = 1.0,
        grace: float = 5.0,
    ) -> None:
        self._due = due
        self._handle = handle
        self._wake = wake  # set by whoever has something new
        self._width = width
        self._poll = poll  # seconds between looks when nobody wakes us
        self._grace = grace  # seconds that work under way may take to end when we are stopped
        self._ready: deque[Item] = deque()
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work until cancelled; what is then under way may finish."""
        try:
            while True:
                self._wake.clear()
                await self._fill()
                await asyncio.sleep(_REST)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):  # wait_for loses a cancellation that meets a wake-up
                        await self._wake.wait()
        finally:
            self._ready.clear()
            await self._settle()

    async def _fill(self) -> None:
        if not self._ready and len(self._busy) < self._width:
            try:
                # As busy as it is now: a lane that falls free while the query runs may be in it with what is just done.
                self._ready.extend(await self._due(self._width, frozenset(self._busy)))
            except Exception as error:
                log.error("lanes.blocked", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)
        self._begin()

    def _begin(self) -> None:
        while self._ready and len(self._busy) < self._width:
            item = self._ready.popleft()
            self._busy[item.lane] = asyncio.create_task(self._one(item))

    async def _one(self, item: Item) -> None:
        try:
            await self._handle(item)
        except Exception as error:  # the item is still stored, so it comes again
            log.error("lanes.unhandled", error=type(error).__name__)
            await asyncio.sleep(_PAUSE)
        finally:
            del self._busy[item.lane]
            self._begin()
            if not self._ready:
                self._wake.set()

    async def _settle(self) -> None:
        tasks = list(self._busy.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
