"""The worker: takes stored messages and sees to it that each is answered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from bot import texts
from bot.delivery import RetryLater
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.lanes import Lanes
from bot.dialogue.ports import Letter, Letters, Presence, Turn
from bot.messages import Channel, Reply

log = structlog.get_logger(__name__)

AGAIN = (1.0, 5.0)  # seconds before the second and the third attempt
AWAY = (1.0, 5.0, 15.0, 60.0, 180.0, 600.0)  # the same where a messenger does not hand over what was sent
_TYPING_AFTER = 0.4  # seconds; a quick answer needs no announcement
_TYPING_EVERY = 4.0  # seconds; Telegram shows it for five


class Worker:
    """Answers waiting messages, each chat's in order, until cancelled."""

    def __init__(
        self,
        letters: Letters,
        dialogue: Dialogue,
        presences: Mapping[Channel, Presence] | None = None,
        *,
        width: int = 8,
        patience: float = 60.0,
    ) -> None:
        self._letters = letters
        self._dialogue = dialogue
        self._presences = presences or {}
        self._width = width
        self._patience = patience  # seconds that one answer may take

    async def run(self) -> None:
        """Work until cancelled; a message that is not done then is done on the next start."""
        await Lanes(self._letters.due, self.work, self._letters.arrived, width=self._width).run()

    async def work(self, letter: Letter) -> None:
        """Answer one message; what cannot be answered after three attempts gets an apology.

        A photo that its messenger keeps back is asked for more patiently.
        """
        try:
            await self._letters.finish(letter, await self._respond(letter))
        except Exception as error:
            await self._stumble(letter, error)

    async def _respond(self, letter: Letter) -> Turn:
        async with self._showing(letter), asyncio.timeout(self._patience):
            return await self._dialogue.respond(letter.incoming, letter.conversation)

    async def _stumble(self, letter: Letter, error: Exception) -> None:
        kind = type(error).__name__  # never its message, which may quote the worker
        attempt = letter.attempts + 1
        log.error("message.failed", inbox_id=letter.id, channel=letter.incoming.channel, attempt=attempt, error=kind)
        pauses, asked = (AWAY, error.seconds or 0.0) if isinstance(error, RetryLater) else (AGAIN, 0.0)
        if letter.attempts < len(pauses):
            await self._again(letter, max(pauses[letter.attempts], asked), kind)
            return
        await self._letters.finish(letter, Turn((Reply(texts.APOLOGY),), letter.conversation), error=kind)

    async def _again(self, letter: Letter, seconds: float, kind: str) -> None:
        await self._letters.postpone(letter, seconds, kind)
        asyncio.get_running_loop().call_later(seconds, self._letters.arrived.set)

    @asynccontextmanager
    async def _showing(self, letter: Letter) -> AsyncIterator[None]:
        """Show in the chat that an answer is on its way, for as long as that lasts."""
        presence = self._presences.get(letter.incoming.channel)
        if presence is None:
            yield
            return
        showing = asyncio.create_task(_type(presence, letter.incoming.chat))
        try:
            yield
        finally:
            showing.cancel()


async def _type(presence: Presence, chat: str) -> None:
    await asyncio.sleep(_TYPING_AFTER)
    with suppress(Exception):  # a courtesy: the answer does not depend on it
        while True:
            await presence.typing(chat)
            await asyncio.sleep(_TYPING_EVERY)
