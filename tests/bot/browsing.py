"""A real Chromium that opens our pages as phones and desktops do."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Request, expect

expect.set_options(timeout=15_000)  # milliseconds; generous, for a busy machine

Look = tuple[int, int, Literal["light", "dark"]]  # width, height, colours
PHONE, DESKTOP = (390, 844), (1280, 860)
LOOKS: Sequence[Look] = ((*PHONE, "light"), (*PHONE, "dark"), (*DESKTOP, "light"), (*DESKTOP, "dark"))
DAYS = LOOKS[1:3]  # for what takes long: a phone by night and a desktop by day
MAX_PAGE = 150_000  # bytes on the line, all that a page needs
_WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
# What a thumb must hit, less links within text, that is too low; with the label that it belongs to, if any.
_TOO_LOW = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select, textarea')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .filter((each) => !each.closest('.vh, .skip, p, dd, td, small, .grow'))
  .map((each) => [(each.closest('label') || each).getBoundingClientRect(), each.outerHTML])
  .filter(([box]) => box.width > 2 && box.height < 43.5).map(([box, html]) => html)"""


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


async def assert_fine(page: Page, looks: Sequence[Look] = LOOKS) -> None:
    """Hold a page to what every page is held to, on phone and desktop, by day and by night: it fits, axe is content."""
    before = page.viewport_size
    for width, height, scheme in looks:
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # half faded in, words are pale
        wide, there = await page.evaluate(_WIDTHS)
        assert wide <= there, (page.url, width)
        if (width, height) == PHONE:
            low = await page.evaluate(_TOO_LOW)
            assert low == [], (page.url, low)
        found = (await Axe().run(page)).response["violations"]
        faults = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
        assert faults == [], (page.url, width, scheme)
    if before:
        await page.set_viewport_size(before)


@asynccontextmanager
async def light(page: Page) -> AsyncIterator[None]:
    """Open one page within the block, and hold all that it loads to what every page may weigh."""
    loaded: list[Request] = []

    def note(request: Request) -> None:
        loaded.append(request)

    page.on("requestfinished", note)
    yield
    page.remove_listener("requestfinished", note)
    sizes = [await request.sizes() for request in loaded]
    assert sizes
    assert sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes) <= MAX_PAGE, page.url
