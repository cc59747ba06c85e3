from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dialogue.ports import Turn
from bot.messages import Reply
from bot.storage.haste import LASTS, Haste
from bot.storage.seal import Seal
from bot.storage.sealed import Address
from bot.storage.storage import Storage
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock, message


@pytest.fixture
async def watchful(url: str, clock: Clock) -> AsyncIterator[Storage]:
    async with Storage(url, Seal(SECRET), in_danger=lambda text: "救命" in text, now=clock) as opened:
        yield opened


async def waiting(storage: Storage) -> list[str]:
    return [letter.incoming.text for letter in await storage.inbox.due(99, ())]


async def test_whoever_is_in_danger_is_read_before_all_who_wrote_earlier(watchful: Storage) -> None:
    for number in range(30):
        await watchful.inbox.accept(message(f"问 {number}", chat=str(number)))
    await watchful.inbox.accept(message("救命", chat="昨晚的工友"))
    assert (await waiting(watchful))[:2] == ["救命", "问 0"]
    assert [letter.incoming.text for letter in await watchful.inbox.due(1, ())] == ["救命"]


async def test_what_the_same_person_wrote_before_goes_along_and_keeps_its_order(watchful: Storage) -> None:
    for chat, text in [("1", "问"), ("2", "在吗"), ("2", "救命")]:
        await watchful.inbox.accept(message(text, chat=chat))
    assert await waiting(watchful) == ["在吗", "问"]


async def test_the_reply_to_somebody_in_danger_overtakes_the_others_replies(watchful: Storage) -> None:
    for chat, text in [("1", "问"), ("2", "救命")]:
        await watchful.inbox.accept(message(text, chat=chat))
    for letter in sorted(await watchful.inbox.due(9, ()), key=lambda letter: letter.id):
        await watchful.inbox.finish(letter, Turn((Reply(f"答 {letter.incoming.text}"),), letter.conversation))
    replies = await watchful.outbox.due(9, (), ("telegram",))
    assert [each.reply.text for each in replies] == ["答 救命", "答 问"]


async def test_haste_ends(watchful: Storage, clock: Clock) -> None:
    for chat, text in [("1", "问"), ("2", "救命")]:
        await watchful.inbox.accept(message(text, chat=chat))
    clock.now += LASTS + timedelta(seconds=1)
    assert await waiting(watchful) == ["问", "救命"]


def test_a_flood_of_alarms_keeps_to_the_newest_chats(clock: Clock) -> None:
    haste = Haste(clock)
    for number in range(1000):
        haste.add(Address(message().channel, str(number)))
    assert len(haste.chats()) < 300
    assert haste.chats()[-1] == "999"
