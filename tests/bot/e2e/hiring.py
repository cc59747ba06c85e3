"""The people of a served bot's desk: the first admin by the printed link, everybody else by the admin's invitation."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pyotp

from bot.desk.staff import Role
from tests.bot.desk.office import PASSWORD, Browser
from tests.bot.e2e.serving import PATIENCE, Serving
from tests.telegram_api import Person

_LINK = re.compile(r"/desk/welcome/[\w-]+")
_START = re.compile(r"/start staff-[\w-]+")
_SECRET = re.compile(r'name="secret" value="(\w+)"')


async def first_link(bot: Serving) -> str:
    """Return where the first admin of a bot that has just begun is welcomed."""
    assert bot.process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        return welcome_in((await bot.process.stdout.readline()).decode())


def welcome_in(told: str) -> str:
    """Return the path of the link by which somebody who was invited joins."""
    link = _LINK.search(told)
    assert link, told
    return link[0]


@asynccontextmanager
async def hiring(
    url: str, link: str, *colleagues: tuple[str, Role, str], name: str = "同志"
) -> AsyncIterator[dict[str, Browser]]:
    """Yield a browser for each login, in which its person is at the desk: `admin`, and each (login, role, union)."""
    async with AsyncExitStack() as stack:

        async def browser() -> Browser:
            return Browser(await stack.enter_async_context(httpx2.AsyncClient(base_url=url, timeout=PATIENCE)))

        admin = await browser()
        await _joins(admin, link, name)
        secret = _SECRET.search(admin.page.text if admin.page else "")
        assert secret, admin.text
        await admin.sends("/desk/account/factor", secret=secret[1], code=pyotp.TOTP(secret[1]).at(time.time()))
        everybody = {"admin": admin}
        for login, role, union in colleagues:
            await admin.opens("/desk/staff/invite")
            invited = await admin.sends("/desk/staff/invite", name=login, login=login, role=role.value, union=union)
            everybody[login] = await browser()
            await _joins(everybody[login], welcome_in(invited.text), name)
        yield everybody


async def links(browser: Browser, person: Person) -> None:
    """Let somebody who is at the desk link their account in the messenger, in a private chat with the bot."""
    await browser.opens("/desk/account/messenger")
    page = await browser.sends("/desk/account/messenger", password=PASSWORD)
    sent = _START.search(page.text)
    assert sent, browser.text
    assert "绑定好了" in (await person.asks(sent[0])).text


async def _joins(browser: Browser, path: str, name: str) -> None:
    await browser.opens(path)
    await browser.sends(path, name=name, password=PASSWORD, again=PASSWORD)
    assert "/desk/welcome/" not in str(browser.page and browser.page.url), browser.text
