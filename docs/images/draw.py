"""Draws the pictures of the README from the bot as it is: `python -m docs.images.draw`, in the repository's root.

The web page is photographed in Chromium. Telegram itself is out of reach of a build, so its picture shows what the bot
really sent to the emulator of the Bot API that the tests use, set as bubbles: words, marks and buttons, nothing added.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot.app import serve
from bot.settings import Settings
from ingest.pipeline import ingest
from ingest.sources import Sources
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from tests.telegram_api import Message, Person, TelegramApi

HERE = Path(__file__).parent
QUESTION = "上班路上被车撞了，算工伤吗？"
SECOND = "没签合同，能要双倍工资吗？"
COLOURS = 128  # enough for a page of few colours, at a third of the size

STYLE = """
body { margin: 0; padding: 22px; width: 500px; background: #cfdcc5;
       font: 16px/1.55 'WenQuanYi Micro Hei', 'Noto Color Emoji', sans-serif }
.turn { display: flex; flex-direction: column; margin: 0 60px 14px 0 }
.person { align-items: flex-end; margin: 0 0 14px 60px }
.bubble { background: #fff; border-radius: 14px; padding: 9px 14px; white-space: pre-wrap }
.person .bubble { background: #e3fbc9 }
.row { display: flex; gap: 5px; margin-top: 5px }
.row span { flex: 1; background: #6f8f66; color: #fff; border-radius: 9px; padding: 7px; text-align: center;
            font-size: 14px }
"""


@asynccontextmanager
async def bot(home: Path, api: TelegramApi) -> AsyncIterator[str]:
    """Run the whole bot on the shipped documents; yields its address."""
    ingest(Sources(home), Generations(home), open_embedder())
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings: dict[str, Any] = {"telegram_bot_token": api.token, "telegram_api_base": api.base}
    serving = asyncio.create_task(
        serve(Settings(_env_file=None, niangjia_home=home, port=0, **settings), opened.set_result)
    )
    try:
        yield await opened
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def ask(page: Page, question: str) -> None:
    """Ask on the page and wait until the answer stands there."""
    await page.get_by_label("写下您的问题").fill(question)
    await page.get_by_role("button", name="发送").click()
    await page.locator("a.source").last.wait_for()
    await page.wait_for_timeout(600)  # the page scrolls smoothly


async def photograph_web(browser: Browser, url: str) -> None:
    """Photograph the chat on a phone by day and by night and on a desktop, and a document at its quote."""
    for name, dark in (("web-phone", False), ("web-dark", True)):
        context = await browser.new_context(
            viewport={"width": 390, "height": 844},
            device_scale_factor=2,
            color_scheme="dark" if dark else "light",
            base_url=url,
        )
        page = await context.new_page()
        await page.goto("/")
        await ask(page, QUESTION)
        await shoot(page, name)
        if not dark:
            await page.locator("a.source").first.click()
            await page.locator("mark").first.wait_for()
            await page.wait_for_timeout(600)
            await shoot(page, "document")
        await context.close()
    page = await browser.new_page(viewport={"width": 1280, "height": 860}, base_url=url)
    await page.goto("/")
    await ask(page, SECOND)
    await shoot(page, "web-desktop")


async def talk(person: Person) -> list[tuple[str, Message | str]]:
    """Talk with the bot in Telegram; return who said what, in order."""
    said: list[tuple[str, Message | str]] = [("person", QUESTION), ("bot", await person.asks(QUESTION))]
    label = next(label for label in person.heard[-1].labels if label.startswith("出处1"))
    await person.taps(label)
    said += [("person", f"（点了“{label}”）"), ("bot", await person.receives())]
    return said


async def photograph_telegram(browser: Browser, said: Sequence[tuple[str, Message | str]]) -> None:
    """Set the conversation as bubbles and photograph it."""
    page = await browser.new_page(viewport={"width": 544, "height": 400}, device_scale_factor=1.5)
    turns = "".join(f'<div class="turn {who}">{_bubble(words)}</div>' for who, words in said)
    await page.set_content(f"<!doctype html><html lang=zh><style>{STYLE}</style><body>{turns}</body></html>")
    await shoot(page, "telegram", full_page=True)


def _bubble(words: Message | str) -> str:
    if isinstance(words, str):
        return f'<div class="bubble">{escape(words)}</div>'
    html = escape(words.text)
    for bold in words.entity_texts("bold"):
        html = html.replace(escape(bold), f"<b>{escape(bold)}</b>")
    rows = "".join(f'<div class="row">{_buttons(row)}</div>' for row in words.keyboard)
    return f'<div class="bubble">{html}</div>{rows}'


def _buttons(row: Sequence[dict[str, Any]]) -> str:
    return "".join(f"<span>{escape(button['text'])}</span>" for button in row)


async def shoot(page: Page, name: str, *, full_page: bool = False) -> None:
    """Write a small picture."""
    path = HERE / f"{name}.png"
    await page.screenshot(path=path, full_page=full_page)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


async def main() -> None:
    """Draw all pictures."""
    with TemporaryDirectory() as home:
        async with TelegramApi() as api, bot(Path(home), api) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            await photograph_web(browser, url)
            await photograph_telegram(browser, await talk(api.person("小周")))
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
