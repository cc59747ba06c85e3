"""What an operator sees who starts the bot with something amiss."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot import app
from bot.app import background
from bot.server import address, listen
from bot.settings import Settings
from knowledge.embedder import open_embedder
from knowledge.errors import NiangjiaError
from knowledge.live import LiveGeneration
from tests.library import index, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    index(tmp_path / "home", write(tmp_path / "lib"), open_embedder())
    return tmp_path / "home"


def settings(home: Path, **chosen: Any) -> Settings:
    return Settings(_env_file=None, niangjia_home=home, host="127.0.0.1", **chosen)


async def serve(chosen: Settings, announce: app.Announce) -> None:
    """Serve as the command does."""
    with listen(chosen.host, chosen.port) as listening:
        await app.serve(chosen, listening, announce)


async def test_a_token_that_is_none_is_told_in_one_sentence(home: Path) -> None:
    with pytest.raises(NiangjiaError, match="copy it from @BotFather"):
        await serve(settings(home, port=0, telegram_bot_token="no token"), print)


async def test_an_identity_provider_that_knows_us_by_no_name_is_told_in_one_sentence(home: Path) -> None:
    with pytest.raises(NiangjiaError, match="OIDC_CLIENT_ID"):
        await serve(settings(home, port=0, oidc_issuer="https://id.example.org"), print)


async def test_a_port_in_use_is_told_once_with_a_way_out(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NiangjiaError) as told:
            await serve(settings(home, port=port), print)
    assert str(told.value).count(str(port)) == 1
    assert "--port" in str(told.value)


async def test_without_an_index_the_way_to_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(NiangjiaError, match="niangjia ingest"):
        await serve(settings(tmp_path, port=0), print)


async def test_a_new_index_is_taken_up_though_nobody_asks(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FOLLOW_SECONDS", 0.05)
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    followed = asyncio.Event()
    serving = asyncio.create_task(serve(settings(home, port=0), lambda address, _: opened.set_result(address)))
    async with httpx2.AsyncClient(base_url=await opened) as visitor:
        taken_up = LiveGeneration.refresh

        def refresh(live: LiveGeneration) -> None:
            taken_up(live)
            loop.call_soon_threadsafe(followed.set)

        loop = asyncio.get_running_loop()
        await asyncio.to_thread(
            index, home, write(tmp_path / "more", {"新.md": "# 新\n\n新的一段。\n"}), open_embedder()
        )
        monkeypatch.setattr(LiveGeneration, "refresh", refresh)
        async with asyncio.timeout(30):
            await followed.wait()
        first = await visitor.get("/documents/more/新.md")
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    assert first.status_code == 200


def test_who_listens_at_all_addresses_is_told_one_that_opens() -> None:
    with listen("0.0.0.0", 0) as everywhere, listen("127.0.0.1", 0) as here:
        assert address(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}"
        assert address(here) == f"http://127.0.0.1:{here.getsockname()[1]}"
