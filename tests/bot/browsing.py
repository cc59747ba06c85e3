"""A real Chromium that opens our pages as phones and desktops do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

expect.set_options(timeout=15_000)  # milliseconds; generous, for a busy machine


class Visits:
    """Opens pages as phones and desktops do, and fails on what a page complains of."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self._chromium = chromium
        self._url = url
        self.complaints: list[str] = []

    @asynccontextmanager
    async def context(self, width: int = 390, height: int = 844, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self._chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 700, base_url=self._url, **options
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
