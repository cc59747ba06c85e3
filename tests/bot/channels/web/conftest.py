import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.bot.channels.web.site import Site, open_site

expect.set_options(timeout=15_000)  # milliseconds; generous, for a busy machine


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


class Visits:
    """Opens pages as phones and desktops do, and fails on what a page complains of."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self._chromium = chromium
        self._site = site
        self.complaints: list[str] = []

    @asynccontextmanager
    async def context(self, width: int = 390, height: int = 844, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self._chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 700, base_url=self._site.url, **options
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", lambda message: self._listen(message.type, message.text))
        context.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def page(self, width: int = 390, height: int = 844, **options: Any) -> AsyncIterator[Page]:
        async with self.context(width, height, **options) as context:
            page = await context.new_page()
            await page.goto("/")
            yield page

    def _listen(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # as when the line is down
            self.complaints.append(text)


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, site: Site) -> AsyncIterator[Visits]:
    opened = Visits(chromium, site)
    yield opened
    assert opened.complaints == []
