"""A crowd that writes all the time, and a bot that dies all the time."""

import asyncio
import socket
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from bot.notices.duty_file import DUTY_FILE
from bot.storage.seal import Seal
from tests.bot.fakes import eventually
from tests.soak import clerk
from tests.soak.books import Books
from tests.soak.lives import Lives, nothing_waits
from tests.soak.mortal import SECRET, Life
from tests.soak.workers import Story, Worker, takes
from tests.telegram_api import TelegramApi
from tests.telegram_api.updates import Update

CROWD = 5  # people who write at the same time
PATIENCE = 120.0  # seconds until everybody has come to an end in a life that is not cut short

_ROSTER = "people:\n  - {{name: 值班群, unions: [湖北省总工会], channel: telegram, address: {group}, hours: always}}\n"


class Reaper:
    """Lets people write, kills the bot at moments drawn by chance, and looks each time at what it left behind."""

    def __init__(self, api: TelegramApi, database: str, home: Path, random: Random) -> None:
        self.sent: list[Update] = []
        self.stories: list[Story] = []
        self.books = Books(api, Seal(SECRET))
        self._lives = Lives(api, self.books, random)
        self._api = api
        self._random = random
        self._writing: dict[int, Worker] = {}  # who is at each place of the crowd
        self._over = False  # nobody new comes
        self._group = api.group("值班群")
        (home / DUTY_FILE).write_text(_ROSTER.format(group=self._group.id), "utf8")
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self._port: int = listening.getsockname()[1]
        self._life = Life(database, home, api.base, api.token)

    async def run(self, kills: int) -> None:
        """Kill so often while people write, let the last ones come to their end, and hold everything to account."""
        on_duty = self._api.person("王芳")
        async with self._lives.storage(self._life) as storage:
            await clerk.links(storage, str(on_duty.chat.id))
        async with asyncio.TaskGroup() as tasks:
            colleague = tasks.create_task(takes(self._api, on_duty, self._group, self.sent))
            crowd = [tasks.create_task(self._one_after_the_other(number)) for number in range(CROWD)]
            for _ in range(kills):
                async with self._living() as process:
                    await self._lives.death(process)
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
        async with self._lives.storage(self._life) as storage:
            await self.books.close(storage, self.sent, self.stories)

    async def _one_after_the_other(self, place: int) -> None:
        for number in count(place):
            if self._over:
                return
            worker = self._writing[place] = Worker(self._api, self._api.person(), self._random, self.sent)
            self.stories.append(worker.story)
            await (worker.settles, worker.calls_for_help, worker.withdraws, worker.hesitates)[number % 4]()

    def _living(self) -> AbstractAsyncContextManager[BaseProcess]:
        """Let the bot live, polling or called by a webhook."""
        return self._lives.one(replace(self._life, webhook=self._random.choice((None, self._port))))

    async def _nothing_waits(self) -> bool:
        async with self._lives.storage(self._life) as storage:
            return await nothing_waits(storage, len(self.sent))


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)
