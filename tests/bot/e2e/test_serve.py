"""The whole bot as a process: it ingests, is asked in both channels, takes up a new index, and stops when told."""

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from html import unescape
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from knowledge.embedder import Embedder
from tests.bot.e2e.serving import PATIENCE, Serving, ran, serving
from tests.bot.e2e.visitor import visiting
from tests.library import index
from tests.telegram_api import TelegramApi
from tests.telegram_api.calls import Call

pytestmark = pytest.mark.asyncio(loop_scope="module")

FERRY = """---
id: rights/ferry
title: 渡口职工摆渡补贴怎么领
kind: right
regions: []
questions:
  先说结论: [渡口职工的摆渡补贴有多少, 摆渡补贴每班多少钱]
---

## 先说结论

渡口职工每摆渡一班，单位发摆渡补贴37元，跟当月工资一起发。

## 怎么领

当班的船长在班次表上签字，月底交到渡口办公室。
"""
QUESTION = "渡口职工的摆渡补贴每班多少钱？"
QUOTE = "渡口职工每摆渡一班，单位发摆渡补贴37元，跟当月工资一起发。"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramApi) -> AsyncIterator[Serving]:
    """A bot that was started with an empty home but for one published document, and with Telegram."""
    home = tmp_path_factory.mktemp("home")
    publish(home, FERRY)
    async with serving(home, TELEGRAM_BOT_TOKEN=telegram.token, TELEGRAM_API_BASE=telegram.base) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def other_telegram() -> AsyncIterator[TelegramApi]:
    """A Telegram for a second bot: two that poll with one token are in each other's way."""
    async with TelegramApi() as api:
        yield api


@pytest.fixture
def small_home(tmp_path: Path, encoder: Embedder) -> Path:
    """A home whose index is that one document."""
    publish(tmp_path, FERRY)
    index(tmp_path, tmp_path / "documents", encoder)
    return tmp_path


def publish(home: Path, text: str) -> None:
    """Write the document where the desk would."""
    (home / "documents").mkdir(exist_ok=True)
    (home / "documents" / "ferry.md").write_text(text, "utf8")


def visitor_of(bot: Serving) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=bot.url, timeout=PATIENCE)


async def test_it_ingests_what_is_there_and_is_ready_once_it_prints_its_address(bot: Serving) -> None:
    assert any("serves" in line for line in bot.said), "the index was built first"
    async with visitor_of(bot) as visitor:
        ready = await visitor.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"index": True, "database": True})
        assert (await visitor.get("/healthz")).text == "ok"


async def test_whoever_starts_it_is_given_a_link_for_the_first_admin_of_the_desk(bot: Serving) -> None:
    assert bot.process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        told = (await bot.process.stdout.readline()).decode()
    link = re.search(rf"{bot.url}(/desk/welcome/\S+)", told)
    assert link, told
    async with visitor_of(bot) as visitor:
        page = await visitor.get(link[1])
        assert page.status_code == 200
        assert "管理员" in page.text
        assert (await visitor.get("/desk")).headers["location"] == "/desk/"
        assert (await visitor.get("/desk/")).headers["location"] == "/desk/login"


async def test_a_question_on_the_page_is_answered_and_its_source_opens_at_the_quote(bot: Serving) -> None:
    async with visiting(bot.url) as visitor:
        assert "37元" in await visitor.says(QUESTION)
        html = visitor.heard
        assert QUOTE in html
        link = re.search(r'href="(/documents/[^"]+)"', html)
        assert link
        page = await visitor.client.get(unescape(link[1]))
        assert page.status_code == 200
        assert re.search(rf'<mark id="quote".*?{QUOTE}</mark>', page.text)
        assert "班次表上签字" in page.text, "the quote stands in its context"


async def test_the_same_question_in_telegram_gets_the_same_answer(bot: Serving, telegram: TelegramApi) -> None:
    person = telegram.person()
    await person.says(QUESTION)
    reply = await person.receives(PATIENCE)
    assert "37元" in reply.text
    assert any("渡口职工摆渡补贴怎么领" in label for label in reply.labels)


async def test_a_new_index_is_taken_up_without_a_restart(bot: Serving) -> None:
    publish(bot.home, FERRY.replace("37元", "52元"))
    code, told, _ = await ran(bot.home, "ingest")
    assert code == 0, told
    async with visiting(bot.url) as visitor, asyncio.timeout(PATIENCE):
        while "52元" not in await visitor.says(QUESTION):  # noqa: ASYNC110 - another process builds the index
            await asyncio.sleep(1)
    assert bot.process.returncode is None


async def test_it_stops_when_told_with_everything_recorded_and_goes_on_when_it_starts_again(
    small_home: Path, other_telegram: TelegramApi
) -> None:
    settings = {
        "TELEGRAM_BOT_TOKEN": other_telegram.token,
        "TELEGRAM_API_BASE": other_telegram.base,
        "LOG_LEVEL": "WARNING",
    }
    person = other_telegram.person()
    async with AsyncExitStack() as visits, serving(small_home, **settings) as running:

        def stop(call: Call) -> None:
            if call.method == "sendmessage":
                running.process.send_signal(signal.SIGTERM)  # Telegram took the message, and its answer is on the way

        visitor = await visits.enter_async_context(visiting(running.url))
        await visitor.says(QUESTION)
        cookies = dict(visitor.client.cookies)
        page = await visits.enter_async_context(visitor.client.stream("GET", "/chat/stream"))  # a page that stays open
        assert page.status_code == 200
        other_telegram.witnesses.append(stop)
        await person.says(QUESTION)
        await person.receives(PATIENCE)
        other_telegram.witnesses.remove(stop)
        assert await running.ends() == (0, "")
        assert page.is_closed or [line async for line in page.aiter_lines()], "the page was told the end of its stream"
    async with serving(small_home, **settings) as again:
        assert not any("built in" in line for line in again.said), "the index was there already"
        async with httpx2.AsyncClient(base_url=again.url, cookies=cookies) as returned:
            assert "37元" in (await returned.get("/")).text
        await person.says("谢谢")
        await person.receives(PATIENCE)
        again.process.send_signal(signal.SIGINT)
        assert await again.ends() == (0, "")
    assert [("37元" in message.text) for message in person.heard] == [True, False], "what was recorded goes out once"
    async with httpx2.AsyncClient() as nobody:
        with pytest.raises(httpx2.ConnectError):
            await nobody.get(again.url)


async def test_a_port_in_use_is_one_sentence(small_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, errors = await ran(small_home, "serve", "--port", str(port))
    assert code == 1
    assert len(errors.strip().splitlines()) == 1
    assert str(port) in errors
