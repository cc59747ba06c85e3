"""Draws the pictures of the README from the bot as it is: `python -m docs.images.draw`, in the repository's root.

The pages are photographed in Chromium; the people and employers of the cases are invented. Telegram itself is out of
reach of a build, so its picture shows what the bot really sent to the emulator of the Bot API that the tests use, set
as bubbles: words, marks and buttons, nothing added.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot.cases.model import Case
from bot.desk.staff import Role
from bot.logs import configure_logs
from bot.storage.seal import open_seal
from bot.storage.storage import Storage, utc_now
from ingest.pipeline import ingest
from ingest.sources import Sources
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from tests.bot.desk.office import Browser as Colleague
from tests.bot.e2e.furnishing import CITY, DUTY, furnish
from tests.bot.e2e.hiring import first_link, hiring
from tests.bot.e2e.serving import serving
from tests.library import write
from tests.telegram_api import Message, Person, TelegramApi

HERE = Path(__file__).parent
QUESTION = "上班路上被车撞了，算工伤吗？"
SECOND = "没签合同，能要双倍工资吗？"
HEATING = """---
title: 取暖补贴
regions: [荆州市]
---

## 怎么领

冬天在室外干活的，用人单位按月发取暖补贴，跟工资一起发。
"""
GOLDEN = """{"document": "取暖补贴", "question": "取暖补贴怎么领"}
{"document": "上下班路上出车祸算工伤吗", "question": "下班路上出了车祸算工伤吗"}
"""
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


@dataclass(frozen=True)
class House:
    """The served bot, and who works at its desk."""

    url: str
    staff: dict[str, Colleague]
    case: Case  # one with something to see in it


@asynccontextmanager
async def open_house(home: Path, api: TelegramApi) -> AsyncIterator[House]:
    """Run the whole bot on the shipped documents, with months of cases behind it."""
    ingest(Sources(home), Generations(home), open_embedder())
    (home / "duty.yaml").write_text(DUTY, "utf8")
    (home / "golden.jsonl").write_text(GOLDEN, "utf8")
    telegram = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE": api.base}
    colleague = ("wang.fang", Role.CLERK, CITY)
    async with (
        serving(home, **telegram) as bot,
        hiring(bot.url, await first_link(bot), colleague, name="王芳") as staff,
    ):
        async with Storage(f"sqlite:///{home / 'niangjia.db'}", open_seal(home, None)) as storage:
            cases = await furnish(storage, utc_now(), "wang.fang")
        Sources(home).add(write(home.parent / "papers", {"取暖补贴.md": HEATING}))
        yield House(bot.url, staff, cases[1])


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


async def photograph_desk(browser: Browser, house: House) -> None:
    """Photograph what a clerk works with, and a new index before it serves."""
    page = await at_the_desk(browser, house, "wang.fang")
    for name, path in {
        "desk-queue": "/desk/cases",
        "desk-case": f"/desk/cases/{house.case.number}",
        "desk-figures": "/desk/figures",
    }.items():
        await page.goto(path)
        await page.wait_for_load_state("networkidle")
        await shoot(page, name)
    page = await at_the_desk(browser, house, "admin")
    await page.goto("/desk/knowledge/index")
    await page.get_by_role("button", name="开始整理").click()
    await page.get_by_role("link", name="看新版本").click(timeout=300_000)
    await page.get_by_role("heading", name="考题").wait_for()
    await shoot(page, "desk-index")


async def at_the_desk(browser: Browser, house: House, login: str) -> Page:
    """Return a page of somebody who has logged in."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 1000}, base_url=house.url, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    cookie = house.staff[login].cookie
    await context.add_cookies([{"name": "niangjia-desk", "value": cookie, "url": house.url}])
    return await context.new_page()


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
    configure_logs("WARNING")
    with TemporaryDirectory() as home:
        async with (
            TelegramApi() as api,
            open_house(Path(home) / "home", api) as house,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            await photograph_web(browser, house.url)
            await photograph_desk(browser, house)
            await photograph_telegram(browser, await talk(api.person("小周")))
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
