import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.storage.seal import Seal
from bot.storage.storage import Storage
from ingest.sources import BUILTIN_FOLDER
from knowledge.embedder import Embedder, open_embedder
from tests.bot.answers.house import build
from tests.bot.fakes import Clock
from tests.library import index

SECRET = b"a secret of at least thirty-two bytes"


@pytest.fixture(autouse=True)
def shared_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command that runs within the tests bind the logs, which are the whole process's, to its own output."""
    monkeypatch.setattr("bot.logs.configure_logs", lambda level: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'niangjia.db'}"


@pytest.fixture
async def storage(database_url: str, clock: Clock) -> AsyncIterator[Storage]:
    async with Storage(database_url, Seal(SECRET), now=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    """The built-in encoder."""
    return open_embedder()


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Path:
    """A home whose index is made of the shipped documents; only read from it."""
    home = tmp_path_factory.mktemp("shipped")
    assert index(home, BUILTIN_FOLDER, encoder).failures == {}
    return home


@pytest.fixture(scope="session")
def house_home(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Path:
    """The home of the small house; only read from it."""
    home = tmp_path_factory.mktemp("house")
    build(home, tmp_path_factory.mktemp("papers"), encoder)
    return home


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()
