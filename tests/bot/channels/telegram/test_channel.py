"""How updates get into the inbox, whatever goes wrong on the way; nothing is acknowledged before it is stored."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.floods import MOST
from bot.messages import Incoming
from tests.bot.channels.telegram.house import SECRET, serving
from tests.telegram_api import Fault, Person, TelegramApi


class Shelf:
    """An inbox that keeps what comes in, and may fail as a full disk does."""

    def __init__(self, failures: int = 0) -> None:
        self.kept: dict[str, Incoming] = {}
        self.asked = 0
        self._failures = failures
        self._changed = asyncio.Event()

    async def accept(self, incoming: Incoming) -> bool:
        (new,) = await self.accept_all([incoming])
        return new

    async def accept_all(self, messages: Sequence[Incoming]) -> list[bool]:
        self.asked += 1
        if self.asked <= self._failures:
            raise OSError(f"no space left for {messages[0].text}")
        new = [self.kept.setdefault(incoming.key, incoming) is incoming for incoming in messages]
        self._changed.set()
        return new

    async def texts(self, number: int) -> list[str]:
        """Wait for so many messages and return their words."""
        async with asyncio.timeout(10):
            while len(self.kept) < number:
                self._changed.clear()
                await self._changed.wait()
        return [incoming.text for incoming in self.kept.values()]


@asynccontextmanager
async def polling(api: TelegramApi, shelf: Shelf) -> AsyncIterator[None]:
    channel = TelegramChannel(api.token, shelf, api_base=api.base)
    running = asyncio.create_task(channel.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()


@asynccontextmanager
async def called(api: TelegramApi, shelf: Shelf) -> AsyncIterator[str]:
    channel = TelegramChannel(api.token, shelf, api_base=api.base, webhook_secret=SECRET)
    try:
        async with serving(channel) as url:
            await channel.register(url)
            yield url
    finally:
        await channel.close()


async def test_an_update_that_could_not_be_stored_stays_with_telegram(api: TelegramApi, worker: Person) -> None:
    shelf = Shelf(failures=1)
    with capture_logs() as logs:
        async with polling(api, shelf):
            await worker.says("我叫王小明")
            await worker.says("二")
            assert await shelf.texts(2) == ["我叫王小明", "二"]
    assert "王小明" not in str(logs)
    assert any("stays with Telegram" in entry.get("reason", "") for entry in logs)


async def test_what_comes_together_is_stored_together_and_counts_but_once_when_that_fails(
    api: TelegramApi, worker: Person
) -> None:
    shelf = Shelf(failures=1)
    said = [str(number) for number in range(MOST // 2 + 1)]
    for words in said:
        await worker.says(words)
    async with polling(api, shelf):
        assert await shelf.texts(len(said)) == said
    assert shelf.asked == 2


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.CUT, Fault.CUT_AFTER])
async def test_a_poll_that_fails_is_made_again(api: TelegramApi, worker: Person, fault: Fault) -> None:
    shelf = Shelf()
    await worker.says("一")
    api.breaks("getUpdates", fault)
    async with polling(api, shelf):
        assert await shelf.texts(1) == ["一"]
    assert [call.outcome for call in api.calls_of("getUpdates")][:2] == [fault.value, "ok"]


async def test_a_second_poller_is_named_and_outlived(api: TelegramApi, worker: Person) -> None:
    shelf = Shelf()
    with capture_logs() as logs:
        async with polling(api, shelf):
            await api.sight.until(lambda: api.updates.polls)
            async with aiohttp.ClientSession() as other:
                await other.post(f"{api.base}/bot{api.token}/getUpdates")
            await worker.says("一")
            assert await shelf.texts(1) == ["一"]
    assert "409" in [call.outcome for call in api.calls_of("getUpdates")]
    assert any("somebody else uses this token" in entry.get("reason", "") for entry in logs)


async def test_a_start_without_telegram_waits_for_it(api: TelegramApi, worker: Person) -> None:
    shelf = Shelf()
    port = int(api.base.rpartition(":")[2])
    await api.stop()
    async with polling(api, shelf):
        await asyncio.sleep(0)
        await api.start(port)
        await worker.says("一")
        assert await shelf.texts(1) == ["一"]


async def test_a_refused_token_is_named_without_being_told(api: TelegramApi) -> None:
    shelf = Shelf()
    with capture_logs() as logs:
        channel = TelegramChannel("700001:another", shelf, api_base=api.base)
        running = asyncio.create_task(channel.run())
        await api.sight.until(lambda: len(api.calls_of("getMe", "401")) == 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()
    assert logs[0]["reason"] == "Telegram refuses the token, check TELEGRAM_BOT_TOKEN"
    assert "700001:another" not in str(logs)


async def test_an_update_of_a_shape_that_we_do_not_know_hides_none_behind_it(api: TelegramApi, worker: Person) -> None:
    shelf = Shelf()
    api.updates.pending.append({"update_id": 1, "message": {"chat": {"id": worker.chat.id}, "from": "the future"}})
    await worker.says("一")
    async with polling(api, shelf):
        assert await shelf.texts(1) == ["一"]


async def test_a_webhook_call_that_could_not_be_stored_comes_again(api: TelegramApi, worker: Person) -> None:
    shelf = Shelf(failures=2)
    async with called(api, shelf):
        await worker.says("一")
        await worker.says("二")
        assert await shelf.texts(2) == ["一", "二"]
    assert shelf.asked == 4


async def test_a_webhook_call_without_the_secret_is_turned_away(api: TelegramApi) -> None:
    shelf = Shelf()
    async with called(api, shelf) as url, aiohttp.ClientSession() as stranger:
        header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        for headers, body, status in (({}, "{}", 401), ({**header, **{next(iter(header)): "密"}}, "{}", 401)):
            async with stranger.post(url, headers=headers, data=body) as answer:
                assert answer.status == status
        async with stranger.post(url, headers=header, data="no JSON") as answer:
            assert answer.status == 400
        async with stranger.post(url, headers=header, json={"update_id": 1, "message": "the future"}) as answer:
            assert answer.status == 200
    assert shelf.kept == {}


async def test_without_a_secret_no_webhook_call_is_taken(api: TelegramApi) -> None:
    shelf = Shelf()
    channel = TelegramChannel(api.token, shelf, api_base=api.base)
    header = {"X-Telegram-Bot-Api-Secret-Token": ""}
    async with (
        serving(channel) as url,
        aiohttp.ClientSession() as stranger,
        stranger.post(url, headers=header, json={}) as answer,
    ):
        assert answer.status == 401
    await channel.close()
