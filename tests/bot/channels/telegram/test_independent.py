"""The whole bot talks over a Bot API that others wrote, so that no misreading of ours stays unseen."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from bs4 import BeautifulSoup

from bot import texts
from tests.bot.channels.telegram.house import ARTICLE, GUIDE, house
from tests.telegram_api import Message, TelegramApi
from tests.telegram_api.independent import Said, Worker, emulator

pytestmark = pytest.mark.independent

TOKEN = "42:" + "x" * 35
SOURCE_LABELS = [texts.source_label(1, ARTICLE), texts.source_label(2, GUIDE)]


@pytest.fixture
async def worker(tmp_path: Path) -> AsyncIterator[Worker]:
    async with emulator() as base, aiohttp.ClientSession() as client, house(tmp_path, base, TOKEN):
        yield Worker(base, TOKEN, client)


def words(said: Said) -> str:
    return BeautifulSoup(said.html, "html.parser").get_text()  # not by our emulator's parser


def rows(said: Said | Message) -> list[list[str]]:
    return [[button["text"] for button in row] for row in said.keyboard]


async def test_a_worker_is_welcomed_and_chooses_a_union(worker: Worker) -> None:
    welcome = await worker.asks("/start")
    assert words(welcome) == texts.welcome(None)
    await worker.taps(welcome, welcome.labels[0])
    assert words(await worker.receives()) == texts.region_chosen(welcome.labels[0])


async def test_an_answer_shows_its_sources_as_buttons_and_a_tap_opens_one(worker: Worker) -> None:
    answer = await worker.asks("老板欠薪怎么办")
    assert words(answer).startswith("答：老板欠薪怎么办\n\n")
    assert f"<b>{texts.SOURCES}</b>" in answer.html
    assert answer.labels[:2] == SOURCE_LABELS
    await worker.taps(answer, SOURCE_LABELS[0])
    assert words(await worker.receives()) == texts.source_detail(1, ARTICLE)


async def test_both_emulators_show_the_same_conversation(tmp_path: Path, worker: Worker) -> None:
    theirs = [await worker.asks("/start"), await worker.asks("工资<3000元&没合同")]
    await worker.taps(theirs[-1], SOURCE_LABELS[1])
    theirs.append(await worker.receives())

    (tmp_path / "ours").mkdir()
    async with TelegramApi() as api, house(tmp_path / "ours", api.base, api.token):
        person = api.person()
        ours = [await person.asks("/start"), await person.asks("工资<3000元&没合同")]
        await person.taps(SOURCE_LABELS[1])
        ours.append(await person.receives())

    assert "工资&lt;3000元&amp;没合同" in theirs[1].html
    assert [words(said) for said in theirs] == [message.text for message in ours]
    assert [rows(said) for said in theirs] == [rows(message) for message in ours]
