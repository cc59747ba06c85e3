"""The lives of the bot, one after the other, each a process that is killed."""

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from random import Random

from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.soak.books import Books
from tests.soak.mortal import Life, live, open_storage
from tests.telegram_api import TelegramApi
from tests.telegram_api.calls import Call

LONGEST = 1.0  # seconds after its beginning that a life ends, whatever it is doing then
MESSAGES = 8  # that the messenger has taken at most when a life ends within its taking
OVERDUE = 30.0  # seconds after which that happens although it took fewer

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["pytest", "httpcore", "tests.soak.mortal"])


class Lives:
    """Lets the bot live and die, and looks each time at what it left behind."""

    def __init__(self, api: TelegramApi, books: Books, random: Random) -> None:
        self.books = books
        self._api = api
        self._random = random

    @asynccontextmanager
    async def one(self, life: Life) -> AsyncIterator[BaseProcess]:
        """Let the bot live until the block ends."""
        process = _FORKS.Process(target=live, args=(life,))
        process.start()
        try:
            yield process
            assert process.exitcode in (None, -signal.SIGKILL), "it died by itself"
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
        await self._settled()
        async with self.storage(life) as storage:
            await self.books.examine(storage)

    def storage(self, life: Life) -> Storage:
        """Return the storage of a life, to look at from here."""
        return open_storage(life, self.books.seal)

    async def death(
        self, process: BaseProcess, *, messages: int = MESSAGES, longest: float = LONGEST, overdue: float = OVERDUE
    ) -> None:
        """Wait for a time, or kill the bot after so many messages, in between the taking of the last and the answer.

        `overdue` is how many seconds are waited for these messages.
        """
        if self._random.random() < 0.5:
            await asyncio.sleep(self._random.uniform(0, longest))
            return
        left = self._random.randint(1, messages)

        def witness(call: Call) -> None:
            nonlocal left
            left -= call.method == "sendmessage"
            if left == 0:
                process.kill()

        self._api.witnesses.append(witness)
        try:
            await asyncio.to_thread(process.join, overdue)
        finally:
            self._api.witnesses.remove(witness)

    async def _settled(self) -> None:
        """Let the messenger carry out what it was handed before the death."""
        calls = -1
        while calls != len(self._api.calls):
            calls = len(self._api.calls)
            await asyncio.sleep(0.05)


async def nothing_waits(storage: Storage, messages: int) -> bool:
    """Tell whether so many messages came in, all are answered, and everything is sent."""
    inbox, outbox, notices = [await each.counts() for each in (storage.inbox, storage.outbox, storage.notices)]
    return Status.WAITING not in {**inbox, **outbox, **notices} and sum(inbox.values()) == messages
