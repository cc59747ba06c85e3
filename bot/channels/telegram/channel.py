"""The Telegram channel as a whole."""

from collections.abc import Callable, Sequence
from hmac import compare_digest
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BotCommand
from aiogram.utils.token import TokenValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bot import texts
from bot.cases.ports import EvidenceRoom
from bot.channels.telegram.board import TelegramBoard
from bot.channels.telegram.calls import JsonSession
from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.floods import Floods
from bot.channels.telegram.polling import UPDATE_KINDS, insist, poll
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.sender import TelegramSender, translated
from bot.channels.telegram.taps import OpenTaps
from bot.channels.telegram.updates import Update
from bot.dialogue.ports import Inbox
from bot.messages import Incoming
from knowledge.errors import NiangjiaError

log = structlog.get_logger(__name__)

TIMEOUT = 20.0  # seconds for a call
Brought = tuple[Update, Incoming | None]  # None for what is not for us
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class TelegramChannel:
    """Brings updates to the inbox, by `run` or `handle`; its `sender` takes replies back, its `board` notices."""

    def __init__(
        self,
        token: str,
        inbox: Inbox,
        *,
        api_base: str,
        webhook_secret: str | None = None,
        dangerous: Callable[[str], bool] = lambda words: True,
    ) -> None:
        """`dangerous` tells which words are let through a flood of messages: all of them unless told otherwise."""
        session = JsonSession(TelegramAPIServer.from_base(api_base), TIMEOUT)
        try:
            self._bot = Bot(token, session=session)
        except TokenValidationError as error:
            raise NiangjiaError("TELEGRAM_BOT_TOKEN is no token: copy it from @BotFather once more.") from error
        self._taps = OpenTaps(self._bot)
        self._secret = webhook_secret
        self._inbox = inbox
        self._reader = Reader(Floods(dangerous))
        self.sender = TelegramSender(self._bot, self._taps)
        self.board = TelegramBoard(self._bot)

    def files(self, room: EvidenceRoom) -> TelegramFiles:
        """Return what brings the files of this channel into the evidence room."""
        return TelegramFiles(self._bot, room)

    async def invitation(self, start: str) -> str:
        """Return the link that opens a private chat with the bot, which is then sent `/start` with these words."""
        with translated():
            return f"https://t.me/{(await self._bot.me()).username}?start={start}"

    async def run(self) -> None:
        """Poll until cancelled; nothing that waited meanwhile is dropped."""

        async def prepare() -> None:
            await self._introduce()
            await self._bot.delete_webhook(drop_pending_updates=False)  # Telegram serves either way, not both

        await insist(prepare, "starting to poll Telegram")
        log.info("telegram.polling")
        await poll(self._bot, self._read, self._store)

    async def register(self, url: str) -> None:
        """Tell Telegram to call `url`, which must lead to `handle`; return when it has understood."""

        async def prepare() -> None:
            await self._introduce()
            await self._bot.set_webhook(url, secret_token=self._secret, allowed_updates=UPDATE_KINDS)

        await insist(prepare, "setting the webhook")
        log.info("telegram.webhook_set")

    async def handle(self, request: Request) -> Response:
        """Answer a webhook call: 200 once its update is stored; otherwise Telegram will call again."""
        given = request.headers.get(SECRET_HEADER, "")
        if not self._secret or not compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=401)
        try:
            update = await request.json()
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(update, dict):
            return Response(status_code=400)
        try:
            await self._store(await self._read([update]))
        except Exception as error:
            log.error("telegram.update_not_stored", error=type(error).__name__)
            return Response(status_code=503)
        return Response()

    async def close(self) -> None:
        """Close the connections."""
        await self._taps.close()
        await self._bot.session.close()

    async def _introduce(self) -> None:
        await self._bot.me()
        commands = [BotCommand(command=name, description=words) for name, words in texts.COMMANDS.items()]
        await self._bot.set_my_commands(commands)

    async def _read(self, raw: Sequence[dict[str, Any]]) -> list[Brought]:
        me = await self._bot.me()
        updates = [update for one in raw if (update := _understood(one)) is not None]
        return [(update, self._reader.read(update, me)) for update in updates]

    async def _store(self, brought: Sequence[Brought]) -> None:
        """Store all together, and let the buttons that were tapped know."""
        said = {update.update_id: incoming for update, incoming in brought if incoming is not None}
        new = dict(zip(said, await self._inbox.accept_all([*said.values()]), strict=True))
        for update, _ in brought:
            if tap := update.callback_query:
                self._taps.open(str(update.update_id), tap.id, wait=new.get(update.update_id, False))


def _understood(raw: dict[str, Any]) -> Update | None:
    try:
        return Update.model_validate(raw)
    except ValidationError as error:  # of a shape that we do not know: bringing it again would not help
        log.error(
            "telegram.update_not_understood",
            update_id=raw.get("update_id"),
            fields=[e["loc"] for e in error.errors()],
        )
        return None
