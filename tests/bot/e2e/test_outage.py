"""The database goes down while the bot serves, and comes back: nobody is left in the dark, and nothing is lost."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.desk import texts
from bot.desk.staff import Role
from bot.pages.refusals import Outage
from knowledge.embedder import Embedder
from tests.bot.e2e.hiring import first_link, hiring
from tests.bot.e2e.serving import PATIENCE, serving, start
from tests.bot.e2e.visitor import visiting
from tests.bot.storage import postgres
from tests.library import index, write
from tests.telegram_api import TelegramApi

QUESTION = "高温津贴怎么领"


@pytest.fixture
def home(tmp_path: Path, encoder: Embedder) -> Path:
    home = tmp_path / "home"
    index(home, write(tmp_path / "papers"), encoder)
    return home


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: no initdb found")
    with postgres.running() as server:
        yield server


async def test_while_the_database_is_gone_everybody_is_told_and_what_was_sent_is_answered_afterwards(
    home: Path, server: postgres.Server
) -> None:
    async with TelegramApi() as telegram:
        settings = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.base}
        async with (
            serving(home, DATABASE_URL=server.url, **settings) as bot,
            hiring(bot.url, await first_link(bot), ("clerk", Role.CLERK, "荆州市总工会")) as staff,
            visiting(bot.url) as visitor,
            httpx2.AsyncClient(base_url=bot.url, timeout=PATIENCE) as watchdog,
        ):
            worker, clerk = telegram.person("小周"), staff["clerk"]
            assert "津贴" in (await worker.asks(QUESTION)).text
            assert (await watchdog.get("/readyz")).status_code == 200

            server.stop()
            assert (await watchdog.get("/healthz")).status_code == 200
            unready = await watchdog.get("/readyz")
            assert (unready.status_code, unready.json()) == (503, {"index": True, "database": False})
            metrics = await watchdog.get("/metrics")
            assert metrics.status_code == 200 and "niangjia_info" in metrics.text
            page = await visitor.client.get("/")
            assert page.status_code == 503 and Outage().text in page.text and page.headers["retry-after"]
            sent = await visitor.client.post("/chat/messages", json={"key": "a" * 32, "text": QUESTION})
            assert (sent.status_code, sent.json()["error"]) == (503, Outage().text)
            page = await clerk.client.get("/desk/cases")
            assert page.status_code == 503 and texts.OUTAGE[1] in page.text and page.headers["retry-after"]
            await worker.says(QUESTION)

            server.start()
            began = time.monotonic()
            while (await watchdog.get("/readyz")).status_code != 200:
                assert time.monotonic() < began + PATIENCE
                await asyncio.sleep(0.1)
            assert "津贴" in (await worker.receives()).text
            assert "津贴" in await visitor.says(QUESTION, key="a" * 32)
            assert (await clerk.client.get("/desk/cases")).status_code == 200
            bot.process.terminate()
            code, complaints = await bot.ends()
            assert code == 0 and "telegram.polling" in complaints and "Traceback" not in complaints


async def test_without_its_database_the_bot_does_not_start_and_says_why(home: Path, server: postgres.Server) -> None:
    server.stop()
    process = await start(home, "serve", "--port", "0", DATABASE_URL=server.url)
    _, complaints = await process.communicate()
    assert process.returncode == 1
    assert "The database cannot be reached" in complaints.decode() and "Traceback" not in complaints.decode()
