"""The bot is killed again and again; nothing is lost, and what comes twice does so for one reason only."""

import asyncio
import multiprocessing
import random
import signal
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.bot.channels.telegram.house import run
from tests.telegram_api import Message, Person, TelegramApi
from tests.telegram_api.calls import Call

PEOPLE = 3
QUESTIONS = 4  # a person, before each kill
FORKS = multiprocessing.get_context("forkserver")  # each life starts from a process that has done the imports
FORKS.set_forkserver_preload(["tests.bot.channels.telegram.house"])


@asynccontextmanager
async def bot(home: Path, api: TelegramApi) -> AsyncIterator[BaseProcess]:
    """Run the bot as a process of its own; kill it at the end of the block at the latest."""
    process = FORKS.Process(target=run, args=(home, api.base, api.token))
    await asyncio.to_thread(process.start)
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.join, 30)
        assert process.exitcode == -signal.SIGKILL


def recorded(home: Path) -> set[int]:
    """Return the ids of the messages that the outbox knows Telegram has taken."""
    path = home / "niangjia.db"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as database:
        try:
            rows = database.execute("SELECT remote_id FROM outbox WHERE status = 'done' AND remote_id IS NOT NULL")
            return {int(row[0]) for row in rows}
        except sqlite3.OperationalError:  # killed before the tables were made
            return set()


def at_a(method: str, process: BaseProcess, number: int) -> Callable[[Call], None]:
    """Return a witness that kills with the n-th call of a method: carried out, and not yet answered."""
    left = [number]

    def witness(call: Call) -> None:
        left[0] -= call.method == method
        if left[0] == 0:
            process.kill()

    return witness


async def test_every_message_is_answered_and_each_double_was_taken_but_not_yet_recorded(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    async with TelegramApi() as api:
        people = [api.person(f"工友{number}") for number in range(PEOPLE)]
        said: dict[int, list[str]] = defaultdict(list)
        known_at: list[tuple[int, set[int]]] = []  # at each kill: the last message there was, and those recorded

        async def everybody_asks() -> None:
            for person in people:
                for _ in range(QUESTIONS):
                    question = f"问题{len(said[person.chat.id])}"
                    said[person.chat.id].append(question)
                    await person.says(question)

        async def note_kill() -> None:
            await asyncio.sleep(0.05)  # what the dead process had sent may still be on the wire
            known_at.append((max((message.id for message in ours(api)), default=0), recorded(tmp_path)))

        for moment in ("sendmessage", "getupdates", "sendmessage", "chance", "chance"):
            before = len(api.calls)
            async with bot(tmp_path, api) as process:
                await everybody_asks()
                if moment == "chance":
                    await api.sight.until(partial(polled_since, api, before), patience=30)
                    await asyncio.sleep(chance.uniform(0, 0.3))
                else:
                    witness = at_a(moment, process, chance.randint(1, 5 if moment == "sendmessage" else 2))
                    api.witnesses.append(witness)
                    await asyncio.to_thread(process.join, 30)
                    api.witnesses.remove(witness)
            await note_kill()

        async with bot(tmp_path, api):
            for person in people:
                expected = {f"答：{question}" for question in said[person.chat.id]}
                await api.sight.until(partial(has_all, person, expected), patience=30)

        doubles = 0
        for person in people:
            assert list(dict.fromkeys(answers(person))) == [f"答：{q}" for q in said[person.chat.id]], "lost, or moved"
            for first, again in doubled(person.heard):
                doubles += 1
                between = [ids for last, ids in known_at if first <= last < again]
                assert between, f"{first} and {again} went out within one life of the process"
                assert all(first not in ids for ids in between), f"{first} was recorded, and yet went out again"
        assert doubles >= 2, "a process that dies between acceptance and record cannot know"
        assert doubles <= len(known_at) * PEOPLE, "at most one a chat and kill"


def polled_since(api: TelegramApi, start: int) -> bool:
    return any(call.method == "getupdates" for call in api.calls[start:])


def has_all(person: Person, expected: set[str]) -> bool:
    return expected <= set(answers(person))


def ours(api: TelegramApi) -> list[Message]:
    return [message for message in api.world.messages.values() if message.sender is api.bot]


def answers(person: Person) -> list[str]:
    return [message.text.partition("\n")[0] for message in person.heard]


def doubled(heard: list[Message]) -> list[tuple[int, int]]:
    """Return the ids of each message and of its next copy."""
    last: dict[str, int] = {}
    pairs = []
    for message in heard:
        if message.text in last:
            pairs.append((last[message.text], message.id))
        last[message.text] = message.id
    return pairs
