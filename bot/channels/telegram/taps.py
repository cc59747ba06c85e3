"""Taps whose button still turns on the phone, until the query behind them is answered."""

import asyncio

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
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self, key: str, query: str, *, wait: bool = True) -> None:
        """Take in a tap; answer it soon, or at once where nothing is to be waited for."""
        self._queries[key] = query
        task = asyncio.create_task(self._let_go(key, PATIENCE if wait else 0.0))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def answer(self, key: str, toast: str = "") -> bool:
        """Show `toast` over the chat; False where the tap is not open any more, or the words are too long for it."""
        query = self._queries.get(key)
        if query is None or len(toast) > TOAST_CHARACTERS:
            return False
        try:
            await self._bot.answer_callback_query(query, text=toast or None)
        except TelegramBadRequest:  # too old
            self._queries.pop(key, None)
            return False
        self._queries.pop(key, None)
        return True

    async def close(self) -> None:
        """Stop waiting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _let_go(self, key: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await self.answer(key)
        except AiogramError as error:  # the button turns a little longer: nothing is lost
            log.debug("telegram.tap_unanswered", error=type(error).__name__)
        finally:
            self._queries.pop(key, None)
