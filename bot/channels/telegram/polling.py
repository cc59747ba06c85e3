"""Asks Telegram for updates, and acknowledges each only after it is stored.

aiogram's own loop acknowledges an update whose handler failed, and stands still at one that it cannot parse.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.utils.backoff import Backoff, BackoffConfig

from bot.channels.telegram.calls import GetRawUpdates

log = structlog.get_logger(__name__)

T = TypeVar("T")

WAIT = 30  # seconds that Telegram holds a poll open
GRACE = 10  # seconds more until we take the connection for dead
BACKOFF = BackoffConfig(min_delay=0.5, max_delay=30.0, factor=2.0, jitter=0.1)  # seconds
UPDATE_KINDS = ["message", "edited_message", "callback_query"]


async def poll(
    bot: Bot,
    read: Callable[[list[dict[str, Any]]], Awaitable[T]],
    store: Callable[[T], Awaitable[None]],
) -> None:
    """Read updates as they come together, once, and hand what they bring to `store` until it succeeds; until cancelled.

    Only then does the next request acknowledge them.
    """
    offset: int | None = None
    while True:
        request = GetRawUpdates(offset=offset, timeout=WAIT, allowed_updates=UPDATE_KINDS)
        updates = await insist(partial(bot, request, request_timeout=WAIT + GRACE), "fetching updates")
        if updates:
            brought = await insist(partial(read, updates), "reading updates")
            await insist(partial(store, brought), "storing updates")
            offset = int(updates[-1]["update_id"]) + 1


async def insist(attempt: Callable[[], Awaitable[T]], what: str) -> T:
    """Try until it succeeds, with pauses that grow, and log why it did not."""
    backoff = Backoff(BACKOFF)
    while True:
        try:
            result = await attempt()
        except Exception as error:
            pause = max(next(backoff), error.retry_after if isinstance(error, TelegramRetryAfter) else 0)
            log.warning("telegram.failed", doing=what, reason=_reason(error), next_try_in=round(pause, 1))
            await asyncio.sleep(pause)
        else:
            if backoff.counter:
                log.info("telegram.works_again", doing=what)
            return result


def _reason(error: Exception) -> str:
    """Say what an operator should know; errors may quote what people wrote, so most are named only."""
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "Telegram refuses the token, check TELEGRAM_BOT_TOKEN"
        case TelegramConflictError():
            return f"somebody else uses this token ({error.message})"
        case AiogramError():
            return type(error).__name__
    return f"{type(error).__name__}, so the update stays with Telegram"
