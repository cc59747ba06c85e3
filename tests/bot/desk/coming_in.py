"""A desk that trusts an identity provider, and those who come in by it."""

import httpx2

from bot.audit import CLI, Search
from bot.desk.staff import Role
from tests.bot.desk.identity_provider import FakeProvider
from tests.bot.desk.office import CITY, Browser, Office

LABEL = "工会统一认证"
BEGIN, BACK = "/desk/login/provider", "/desk/login/provider/back"


async def invite(office: Office, login: str, role: Role = Role.CLERK, email: str = "") -> str:
    invited = office.accounts.invite(CLI, login=login, name=f"{login}同志", role=role, unions=[CITY], email=email)
    _, token = await invited
    return token


async def sets_out(browser: Browser, path: str = BEGIN) -> str:
    """Go to the provider and return the address to which it sends the browser back, which is not opened yet."""
    there = await browser.client.get(path)
    assert there.status_code == 303
    async with httpx2.AsyncClient() as elsewhere:  # the provider's cookies are none of ours
        back = await elsewhere.get(there.headers["location"])
    assert back.status_code == 302, back.text
    return back.headers["location"]


async def comes_in(office: Office, path: str = BEGIN) -> Browser:
    browser = office.browser()
    await browser.opens(await sets_out(browser, path))
    return browser


async def joined(office: Office, provider: FakeProvider, login: str, role: Role = Role.CLERK) -> None:
    """Let somebody whose subject is their login take up an invitation by its link."""
    provider.who = {"sub": login}
    await comes_in(office, f"{BEGIN}?invitation={await invite(office, login, role)}")


async def last_act(office: Office, subject: str = "") -> tuple[str, str]:
    entry = (await office.storage.audit.search(Search(subject=subject), limit=1))[0].entry
    return entry.act, entry.detail
