"""Taps whose button still turns on the phone, until the query behind them is answered."""

import asyncio
from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest

log = structlog.get_logger(__name__)

PATIENCE = 1.0  # seconds that a tap waits for the notice that it brings about
TOAST_CHARACTERS = 200  # Telegram's limit


class OpenTaps:
    """Answers each tap once: with the notice that it brings about, or with nothing when none comes soon."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._queries: dict[str, str] = {}  # the update's key → the query's id
        self._replied: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, key: str, query: str, *, wait: bool = True) -> None:
        """Take in a tap; answer it soon, or at once where nothing is to be waited for."""
        self._queries[key] = query
        self._replied[key] = asyncio.Event()
        if not wait:
            self._replied[key].set()
        task = asyncio.create_task(self._let_go(key, self._replied[key]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def answer(self, key: str, toast: str = "") -> bool:
        """Show `toast` over the chat; False where the tap is not open any more, or the words are too long for it."""
        if len(toast) > TOAST_CHARACTERS or (query := self._queries.pop(key, None)) is None:
            return False
        try:
            await self._bot.answer_callback_query(query, text=toast or None)
        except TelegramBadRequest:  # too old
            return False
        except AiogramError:
            self._queries[key] = query
            raise
        return True

    def replied(self, key: str) -> None:
        """Let the tap go, for its answer is a message."""
        if replied := self._replied.get(key):
            replied.set()

    async def close(self) -> None:
        """Stop waiting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _let_go(self, key: str, replied: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await replied.wait()
        try:
            await self.answer(key)
        except AiogramError as error:  # the button turns a little longer: nothing is lost
            log.debug("telegram.tap_unanswered", error=type(error).__name__)
        finally:
            self._queries.pop(key, None)
            self._replied.pop(key, None)
