"""What an operator sees who starts the bot with something amiss."""

import socket
from pathlib import Path
from typing import Any

import pytest

from bot.app import serve
from bot.settings import Settings
from knowledge.embedder import open_embedder
from knowledge.errors import NiangjiaError
from tests.library import index, write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    index(tmp_path / "home", write(tmp_path / "lib"), open_embedder())
    return tmp_path / "home"


def settings(home: Path, **chosen: Any) -> Settings:
    return Settings(_env_file=None, niangjia_home=home, host="127.0.0.1", **chosen)


async def test_a_token_that_is_none_is_told_in_one_sentence(home: Path) -> None:
    with pytest.raises(NiangjiaError, match="copy it from @BotFather"):
        await serve(settings(home, port=0, telegram_bot_token="no token"), print)


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
