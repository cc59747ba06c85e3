"""Hands replies to Telegram."""

import contextlib
from collections.abc import Iterator

import structlog
from aiogram import Bot
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.channels.telegram.calls import Markup, SendText, Written
from bot.channels.telegram.rendering import Part, markup, parts
from bot.channels.telegram.taps import OpenTaps
from bot.delivery import RetryLater, Undeliverable
from bot.dialogue.ports import Delivery

log = structlog.get_logger(__name__)

TOKEN_PAUSE = 60.0  # seconds until a refused token is tried again


class TelegramSender:
    """A `Sender` and `Presence`: raises `RetryLater` for what may pass and `Undeliverable` for what will not."""

    def __init__(self, bot: Bot, taps: OpenTaps) -> None:
        self._bot = bot
        self._taps = taps
        self._taken: dict[int, int] = {}  # delivery → how many of its messages Telegram has, while it is not through
        self._moved: dict[str, str] = {}  # a group's old id → the id that it has as a supergroup

    async def send(self, delivery: Delivery) -> str | None:
        """Send a reply, in as many messages as it takes, and return the last one's id; None for a toast."""
        reply = delivery.reply
        with translated():
            if reply.notice and await self._taps.answer(delivery.key, reply.text):
                return None
            self._taps.replied(delivery.key)
            messages = parts(reply)
            message: Written | None = None
            try:
                for number in range(self._taken.get(delivery.id, 0), len(messages)):
                    last = number == len(messages) - 1
                    message = await self._write(
                        delivery.chat, messages[number], markup(reply) if last else None, reply.notice
                    )
                    self._taken[delivery.id] = number + 1
            except (TelegramBadRequest, TelegramForbiddenError):
                self._taken.pop(delivery.id, None)
                raise
            self._taken.pop(delivery.id, None)
            return str(message.message_id) if message else None

    async def typing(self, chat: str) -> None:
        """Show that an answer is being written; a chat that cannot be reached is left to `send`."""
        try:
            await self._bot.send_chat_action(self._moved.get(chat, chat), ChatAction.TYPING)
        except AiogramError as error:
            log.debug("telegram.typing_not_shown", error=type(error).__name__)

    async def _write(self, chat: str, part: Part, below: Markup | None, silent: bool) -> Written:
        try:
            return await self._write_to(self._moved.get(chat, chat), part, below, silent)
        except TelegramMigrateToChat as error:
            self._moved[chat] = str(error.migrate_to_chat_id)
            return await self._write_to(self._moved[chat], part, below, silent)

    async def _write_to(self, chat: str, part: Part, below: Markup | None, silent: bool) -> Written:
        for text, mode in ((part.html, ParseMode.HTML), (part.plain, None)):
            try:
                return await self._bot(
                    SendText(chat_id=chat, text=text, parse_mode=mode, reply_markup=below, disable_notification=silent)
                )
            except TelegramBadRequest as error:
                if mode is None or "can't parse entities" not in error.message:
                    raise
                log.warning("telegram.sent_as_plain_text", reason=error.message)
        raise AssertionError("plain text was sent or refused")


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn aiogram's errors into the dialogue's; their reasons name no chat and quote no words."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise RetryLater("Telegram's flood limit", error.retry_after) from error
    except (TelegramUnauthorizedError, TelegramNotFound) as error:
        raise RetryLater("Telegram refuses the token: check TELEGRAM_BOT_TOKEN", TOKEN_PAUSE) from error
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        raise Undeliverable(error.message) from error
    except (TelegramServerError, ClientDecodeError) as error:
        raise RetryLater("Telegram has a fault of its own") from error
    except TelegramAPIError as error:
        raise RetryLater(f"Telegram cannot be reached: {type(error).__name__}") from error
