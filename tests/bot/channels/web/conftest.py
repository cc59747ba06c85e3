from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.messages import Incoming
from tests.bot.browsing import Visits
from tests.bot.channels.web.site import Site, open_site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with open_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    """The module's site, with a fresh script; every test is a visitor of its own."""
    running.reset()
    return running


@pytest_asyncio.fixture(loop_scope="module")
async def client(site: Site) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor without scripts who has opened the page once, and so has the cookie."""
    async with httpx2.AsyncClient(base_url=site.url, timeout=10) as visitor:
        await visitor.get("/")
        yield visitor


@pytest.fixture
def taken(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """What the inbox was handed, as it was handed over."""
    seen: list[Incoming] = []
    accept = site.storage.inbox.accept

    async def watch(incoming: Incoming) -> bool:
        new = await accept(incoming)
        if new:
            seen.append(incoming)
        return new

    monkeypatch.setattr(site.storage.inbox, "accept", watch)
    return seen


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, site: Site) -> AsyncIterator[Visits]:
    opened = Visits(chromium, site.url)
    yield opened
    assert opened.complaints == []
