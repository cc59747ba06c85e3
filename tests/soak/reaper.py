"""A crowd that writes all the time, and a bot that dies all the time."""

import asyncio
import multiprocessing
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

from bot.notices.duty_file import DUTY_FILE
from bot.storage.seal import Seal
from bot.storage.tables import Status
from tests.bot.fakes import eventually
from tests.soak import clerk
from tests.soak.books import Books
from tests.soak.mortal import SECRET, Life, live, open_storage
from tests.soak.workers import Story, Worker, takes
from tests.telegram_api import TelegramApi
from tests.telegram_api.calls import Call
from tests.telegram_api.updates import Update

CROWD = 5  # people who write at the same time
LONGEST = 1.0  # seconds after its beginning that a life ends, whatever it is doing then
MESSAGES = 8  # that the messenger has taken at most when a life ends within its taking
PATIENCE = 120.0  # seconds until everybody has come to an end in a life that is not cut short
OVERDUE = 30.0  # seconds after which that happens although it took fewer

_ROSTER = "people:\n  - {{name: 值班群, unions: [湖北省总工会], channel: telegram, address: {group}, hours: always}}\n"
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["pytest", "httpcore", "tests.soak.mortal"])


class Reaper:
    """Lets people write, kills the bot at moments drawn by chance, and looks each time at what it left behind."""

    def __init__(self, api: TelegramApi, database: str, home: Path, random: Random) -> None:
        self.sent: list[Update] = []
        self.stories: list[Story] = []
        self.books = Books(api, Seal(SECRET))
        self._api = api
        self._random = random
        self._writing: dict[int, Worker] = {}  # who is at each place of the crowd
        self._over = False  # nobody new comes
        self._group = api.group("值班群")
        (home / DUTY_FILE).write_text(_ROSTER.format(group=self._group.id), "utf8")
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self._port: int = listening.getsockname()[1]
        self._life = Life(database, home, api.base, api.token, None)

    async def run(self, kills: int) -> None:
        """Kill so often while people write, let the last ones come to their end, and hold everything to account."""
        on_duty = self._api.person("王芳")
        async with open_storage(self._life.database, self._life.home, self.books.seal) as storage:
            await clerk.links(storage, str(on_duty.chat.id))
        async with asyncio.TaskGroup() as tasks:
            colleague = tasks.create_task(takes(self._api, on_duty, self._group, self.sent))
            crowd = [tasks.create_task(self._one_after_the_other(number)) for number in range(CROWD)]
            for _ in range(kills):
                async with self._living() as process:
                    await self._moment(process)
            self._over = True
            async with self._living() as process:
                died = asyncio.create_task(asyncio.to_thread(process.join))
                everybody = asyncio.create_task(_all(crowd))
                await asyncio.wait((died, everybody), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
                assert not died.done(), "it died by itself"
                assert everybody.done(), (
                    f"in vain: {[f'{one.story.chat}: {one.awaits}' for one in self._writing.values()]}"
                )
                await everybody
                await eventually(self._nothing_waits)
                colleague.cancel()
        life = self._life
        async with open_storage(life.database, life.home, self.books.seal) as storage:
            await self.books.close(storage, self.sent, self.stories)

    async def _one_after_the_other(self, place: int) -> None:
        for number in count(place):
            if self._over:
                return
            worker = self._writing[place] = Worker(self._api, self._api.person(), self._random, self.sent)
            self.stories.append(worker.story)
            await (worker.settles, worker.calls_for_help, worker.withdraws, worker.hesitates)[number % 4]()

    @asynccontextmanager
    async def _living(self) -> AsyncIterator[multiprocessing.context.ForkServerProcess]:
        """Let the bot live, polling or called by a webhook, until the block ends; then look at what is left."""
        life = replace(self._life, webhook=self._random.choice((None, self._port)))
        process = _FORKS.Process(target=live, args=(life,))
        process.start()
        try:
            yield process
            assert process.exitcode in (None, -signal.SIGKILL), "it died by itself"
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
        await self._settled()
        async with open_storage(life.database, life.home, self.books.seal) as storage:
            await self.books.examine(storage)

    async def _moment(self, process: multiprocessing.context.ForkServerProcess) -> None:
        """Wait for a time, or kill the bot after so many messages, in between the taking of the last and the answer."""
        if self._random.random() < 0.5:
            await asyncio.sleep(self._random.uniform(0.1, LONGEST))
            return
        left = self._random.randint(1, MESSAGES)

        def witness(call: Call) -> None:
            nonlocal left
            left -= call.method == "sendmessage"
            if left == 0:
                process.kill()

        self._api.witnesses.append(witness)
        try:
            await asyncio.to_thread(process.join, OVERDUE)
        finally:
            self._api.witnesses.remove(witness)

    async def _settled(self) -> None:
        """Let the messenger carry out what it was handed before the death."""
        calls = -1
        while calls != len(self._api.calls):
            calls = len(self._api.calls)
            await asyncio.sleep(0.05)

    async def _nothing_waits(self) -> bool:
        life = self._life
        async with open_storage(life.database, life.home, self.books.seal) as storage:
            inbox, outbox, notices = [await each.counts() for each in (storage.inbox, storage.outbox, storage.notices)]
        return Status.WAITING not in {**inbox, **outbox, **notices} and sum(inbox.values()) == len(self.sent)


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)
