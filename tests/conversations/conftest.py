from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.messages import Channel
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.casebook import Shelf
from tests.bot.fakes import Clock
from tests.bot.talk import Nightwatch, Talk


class House:
    """One database, and everybody who writes to the bot."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self.watch = Nightwatch(("王主任",))

    def worker(self, chat: str = "7", channel: Channel = Channel.TELEGRAM, shelf: Shelf | None = None) -> Talk:
        return Talk(self.storage.cases, channel, chat, self.watch, clock=self.clock, shelf=shelf or Shelf())

    async def news(self, chat: str = "7", channel: Channel = Channel.TELEGRAM) -> str:
        """Return what the bot sent to the chat of its own accord."""
        return "\n".join(reply.reply.text for reply in await self.storage.outbox.after(channel, chat))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock()
    url = f"sqlite:///{tmp_path / 'niangjia.db'}"
    seal = Seal(b"a secret of at least thirty-two bytes")
    async with Storage(url, seal, evidence=tmp_path / "evidence", now=clock) as storage:
        yield House(storage, clock)
