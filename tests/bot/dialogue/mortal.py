"""A whole bot without a network, made to be killed: `python -m tests.bot.dialogue.mortal HOME MESSAGES`.

It hands in every message that it does not know to be accepted, as a messenger redelivers what was not acknowledged,
answers them all, and appends each reply to HOME/messenger, the messenger's own record of what it took.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.dialogue.drainer import Drainer
from bot.dialogue.ports import Delivery
from bot.dialogue.worker import Worker
from bot.messages import Channel
from bot.storage.seal import open_seal
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.fakes import eventually, message
from tests.bot.talk import dialogue

CHATS = 7


def appender(path: Path) -> Callable[[str], None]:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda line: (os.write(file, f"{line}\n".encode()), None)[1]


class Ledger:
    """A messenger that writes down what it takes, and answers a little later."""

    def __init__(self, path: Path) -> None:
        self._write = appender(path)

    async def send(self, delivery: Delivery) -> str | None:
        await asyncio.sleep(0.001)
        self._write(f"{delivery.id} {delivery.chat} {delivery.key}")
        await asyncio.sleep(0.003)  # accepted, and not yet recorded by us
        return None


async def feed(storage: Storage, home: Path, count: int) -> None:
    path = home / "acknowledged"
    known = set(path.read_text().split()) if path.exists() else set()
    acknowledge = appender(path)
    for number in range(count):
        if str(number) not in known:
            await storage.inbox.accept(message("工资", chat=f"chat{number % CHATS}", key=str(number)))
            acknowledge(str(number))


async def main(home: Path, count: int) -> None:
    async with Storage(f"sqlite:///{home / 'niangjia.db'}", open_seal(home, None)) as storage:
        ledger = Ledger(home / "messenger")
        tasks = [
            asyncio.create_task(Worker(storage.inbox, dialogue()).run()),
            asyncio.create_task(Drainer(storage.outbox, {Channel.TELEGRAM: ledger}).run()),
        ]
        await feed(storage, home, count)

        async def nothing_waits() -> bool:
            return Status.WAITING not in {**await storage.inbox.counts(), **await storage.outbox.counts()}

        await eventually(nothing_waits)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
