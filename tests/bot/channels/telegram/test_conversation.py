"""People talk with the whole bot, over polling and over the webhook."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import texts
from bot.channels.telegram.rendering import LIMIT, units
from bot.storage.storage import Storage
from bot.storage.tables import Status
from bot.texts import intake as intake_texts
from tests.bot.channels.telegram.house import ARTICLE, GUIDE, Echo, house
from tests.telegram_api import Fault, Person, TelegramApi

over_both_ways = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
SOURCES = f"{texts.SOURCES}①{texts.source_name(ARTICLE)}　②{texts.source_name(GUIDE)}"


@pytest.fixture
def answering() -> Echo:
    return Echo()


@pytest.fixture
def webhook() -> bool:
    return False


@pytest.fixture
async def storage(tmp_path: Path, api: TelegramApi, answering: Echo, webhook: bool) -> AsyncIterator[Storage]:
    async with house(tmp_path, api.base, api.token, answering=answering, webhook=webhook) as storage:
        yield storage


@pytest.fixture
def worker(api: TelegramApi, storage: Storage) -> Person:
    return api.person("小周")


def answered(question: str) -> str:
    return f"答：{question}\n\n{SOURCES}"


@over_both_ways
async def test_a_worker_is_welcomed_and_chooses_a_union(worker: Person) -> None:
    welcome = await worker.asks("/start")
    assert welcome.text == texts.welcome(None)
    tap = await worker.taps(welcome.labels[0])
    assert (await worker.receives()).text == texts.region_chosen(welcome.labels[0])
    assert await tap.toast() == ""


@over_both_ways
async def test_an_answer_shows_its_sources_and_a_tap_opens_one(worker: Person) -> None:
    answer = await worker.asks("老板欠薪怎么办")
    assert answer.text == answered("老板欠薪怎么办")
    await worker.taps(texts.source_label(1, ARTICLE))
    assert (await worker.receives()).text == texts.source_detail(1, ARTICLE)


@over_both_ways
async def test_thanks_for_a_judgement_appear_over_the_chat_and_not_in_it(worker: Person) -> None:
    await worker.asks("老板欠薪怎么办")
    tap = await worker.taps(texts.HELPFUL)
    assert await tap.toast() == texts.THANKS
    assert len(worker.heard) == 1


async def test_thanks_for_a_tap_too_old_to_be_answered_come_as_a_message(worker: Person) -> None:
    await worker.asks("老板欠薪怎么办")
    (await worker.taps(texts.HELPFUL)).expires()
    assert (await worker.receives()).text == texts.THANKS


async def test_pictures_stickers_and_edits_are_all_answered(worker: Person) -> None:
    await worker.sends_photo(b"JFIF", "这张工资条对吗")
    assert (await worker.receives()).text == intake_texts.FILE_WHERE
    assert (await worker.receives()).text == answered("这张工资条对吗")
    await worker.shares_location(30.3, 112.2)
    assert (await worker.receives()).text == intake_texts.NO_PLACES
    said = await worker.says("工姿怎么算")
    assert (await worker.receives()).text == answered("工姿怎么算")
    await worker.edits(said, "工资怎么算")
    assert (await worker.receives()).text == answered("工资怎么算")


async def test_a_long_answer_comes_in_readable_pieces(worker: Person) -> None:
    await worker.says("长问题")
    pieces = [await worker.receives() for _ in range(3)]
    assert all(units(piece.text) <= LIMIT for piece in pieces)
    assert [piece.text[-1] for piece in pieces[:2]] == ["。", "。"]
    assert pieces[2].text.endswith(SOURCES) and texts.HELPFUL in pieces[2].labels


@over_both_ways
async def test_answers_keep_the_order_of_a_chat_and_no_chat_waits_for_another(
    api: TelegramApi, worker: Person, answering: Echo
) -> None:
    await worker.says("慢问题")
    await worker.says("快问题")
    assert (await api.person("老李").asks("别的问题")).text == answered("别的问题")
    assert worker.heard == []
    answering.release.set()
    assert [(await worker.receives()).text, (await worker.receives()).text] == [answered("慢问题"), answered("快问题")]


async def test_typing_is_shown_while_an_answer_takes_long(api: TelegramApi, worker: Person, answering: Echo) -> None:
    await worker.says("慢问题")
    await api.sight.until(lambda: (worker.chat.id, "typing") in api.methods.actions)
    answering.release.set()
    assert (await worker.receives()).text == answered("慢问题")


@over_both_ways
async def test_two_taps_at_once_lose_nothing(worker: Person) -> None:
    await worker.asks("老板欠薪怎么办")
    first, second = await asyncio.gather(
        worker.taps(texts.source_label(1, ARTICLE)), worker.taps(texts.source_label(2, GUIDE))
    )
    assert {(await worker.receives()).text for _ in range(2)} == {
        texts.source_detail(1, ARTICLE),
        texts.source_detail(2, GUIDE),
    }
    assert [await first.toast(), await second.toast()] == ["", ""]


@over_both_ways
async def test_an_update_delivered_again_is_answered_once(api: TelegramApi, worker: Person) -> None:
    update = await worker.says("一")
    assert (await worker.receives()).text == answered("一")
    await api.redeliver(update)
    assert (await worker.asks("二")).text == answered("二")
    assert len(worker.heard) == 2


async def test_a_flood_limit_is_waited_out(api: TelegramApi, worker: Person) -> None:
    api.floods(1.0, worker.chat)
    assert (await worker.asks("一")).text == answered("一")
    assert [call.outcome for call in api.calls_of("sendMessage")] == ["429", "ok"]


async def test_who_blocked_the_bot_is_left_in_peace_and_welcome_back(
    api: TelegramApi, storage: Storage, worker: Person
) -> None:
    worker.blocks()
    await worker.says("一")
    await api.sight.until(lambda: api.calls_of("sendMessage", "403"))
    assert (await api.person("老李").asks("一")).text == answered("一")
    worker.unblocks()
    assert (await worker.asks("二")).text == answered("二")
    assert len(api.calls_of("sendMessage", "403")) == 1
    assert (await storage.outbox.counts())[Status.FAILED] == 1


@pytest.mark.parametrize(("fault", "copies"), [(Fault.CUT, 1), (Fault.CUT_AFTER, 2), (Fault.SERVER_ERROR, 1)])
async def test_a_broken_call_is_made_again(api: TelegramApi, worker: Person, fault: Fault, copies: int) -> None:
    """Only what Telegram took without our hearing of it comes twice."""
    api.breaks("sendMessage", fault)
    await worker.says("一")
    assert [(await worker.receives()).text for _ in range(copies)] == [answered("一")] * copies
    assert [call.outcome for call in api.calls_of("sendMessage")] == [fault.value, "ok"]


async def test_in_a_group_it_speaks_only_when_spoken_to(api: TelegramApi, worker: Person) -> None:
    member = worker.within(api.group("工友群"))
    await member.says("大家吃了吗")
    assert (await member.asks("@niangjia_bot 加班费怎么算")).text == answered("加班费怎么算")
    assert len(member.heard) == 1


async def test_what_is_ones_own_is_for_the_private_chat_and_not_for_a_group(api: TelegramApi, worker: Person) -> None:
    member = worker.within(api.group("工友群"))
    said = await member.asks("/my@niangjia_bot")
    assert "https://t.me/niangjia_bot?start" in said.text
    assert said.labels == []


async def test_the_menu_of_commands_is_in_chinese(api: TelegramApi, storage: Storage, worker: Person) -> None:
    await worker.asks("/help")
    assert {entry["command"]: entry["description"] for entry in api.methods.commands} == texts.COMMANDS


@over_both_ways
async def test_what_was_said_while_the_bot_was_away_is_answered(
    api: TelegramApi, tmp_path: Path, webhook: bool
) -> None:
    worker = api.person()
    await worker.says("一")
    async with house(tmp_path, api.base, api.token, webhook=not webhook):
        assert (await worker.receives()).text == answered("一")
    await worker.says("二")
    async with house(tmp_path, api.base, api.token, webhook=webhook):
        assert (await worker.receives()).text == answered("二")
