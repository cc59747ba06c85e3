"""Linking an account in the messenger, over HTTP and the storage."""

import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.audit import Act, Search
from bot.delivery import RetryLater
from bot.desk.messenger.linking import CODE_LIFE, Linking, code_in
from bot.desk.messenger.pages import Invitation, messenger_pages
from bot.desk.staff import Role
from bot.storage.messenger_tables import staff_messengers
from tests.bot.desk.office import PASSWORD, Browser, Office, open_office
from tests.bot.fakes import Clock

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = "/desk/account/messenger"
_SENT = re.compile(r"/start staff-[\w-]+")
_silent: list[bool] = []  # whether the messenger does not say what the bot is called


async def invitation(start: str) -> str:
    if _silent:
        raise RetryLater("Telegram cannot be reached")
    return f"https://t.me/niangjia_bot?start={start}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with opened(tmp_path_factory.mktemp("messenger"), invitation) as office:
        yield office


def opened(folder: Path, invitation: Invitation) -> AbstractAsyncContextManager[Office]:
    clock = Clock()
    return open_office(
        folder,
        more=lambda rooms, storage: (messenger_pages(rooms, Linking(storage.messengers, clock), invitation),),
        clock=clock,
    )


def linking(office: Office) -> Linking:
    return Linking(office.storage.messengers, office.clock)


async def asked(browser: Browser, password: str = PASSWORD) -> str:
    """Ask for a code and return what is to be sent to the bot; "" if there is none."""
    await browser.opens(PAGE)
    page = await browser.sends(PAGE, password=password)
    found = _SENT.search(page.text)
    return found[0] if found else ""


async def code(browser: Browser) -> str:
    found = code_in(await asked(browser))
    assert found
    return found


async def test_a_code_links_one_account_once(office: Office) -> None:
    staff = await office.hire("linker")
    browser = await office.admitted("linker")
    sent = await code(browser)
    assert f"https://t.me/niangjia_bot?start=staff-{sent}" in (browser.page.text if browser.page else "")
    assert await linking(office).link(sent, "1001") == staff
    assert await linking(office).staff_of("1001") == staff
    assert await linking(office).link(sent, "1002") is None
    assert await linking(office).staff_of("1002") is None
    await browser.opens(PAGE)
    assert "已经绑定" in browser.text
    acts = [each.entry.act for each in await office.storage.audit.search(Search(actor=staff.id))]
    assert Act.MESSENGER_LINKED in acts


async def test_a_code_is_given_to_nobody_who_only_found_the_desk_open(office: Office) -> None:
    await office.hire("away")
    browser = await office.admitted("away")
    assert await asked(browser, "guessed by a passer-by") == ""
    assert "当前密码不对" in browser.text


async def test_a_code_grows_old_and_a_new_one_replaces_it(office: Office) -> None:
    await office.hire("slow")
    browser = await office.admitted("slow")
    first, second = await code(browser), await code(browser)
    assert await linking(office).link(first, "1010") is None
    office.clock.now += CODE_LIFE
    assert await linking(office).link(second, "1010") is None


async def test_a_code_that_others_saw_is_void(office: Office) -> None:
    await office.hire("loud")
    sent = await code(await office.admitted("loud"))
    await linking(office).void(sent)
    assert await linking(office).link(sent, "1020") is None


async def test_an_account_is_one_persons_and_a_person_has_one(office: Office) -> None:
    first, second = await office.hire("first"), await office.hire("second")
    there, here = await office.admitted("first"), await office.admitted("second")
    await linking(office).link(await code(there), "1030")
    await linking(office).link(await code(here), "1030")
    assert await linking(office).staff_of("1030") == second
    assert await linking(office).since(first) is None
    await linking(office).link(await code(here), "1031")
    assert await linking(office).staff_of("1030") is None
    assert await linking(office).staff_of("1031") == second
    subjects = [each.entry.subject for each in await office.storage.audit.search(Search(act=Act.MESSENGER_UNLINKED))]
    assert first.subject in subjects


async def test_unlinking_takes_hold_at_once(office: Office) -> None:
    staff = await office.hire("leaver")
    browser = await office.admitted("leaver")
    await linking(office).link(await code(browser), "1040")
    held = await code(browser)
    await browser.opens(PAGE)
    await browser.sends(f"{PAGE}/off")
    assert "已解除绑定" in browser.text
    assert await linking(office).staff_of("1040") is None
    assert await linking(office).link(held, "1041") is None, "nor is a code left"
    acts = [each.entry.act for each in await office.storage.audit.search(Search(actor=staff.id))]
    assert Act.MESSENGER_UNLINKED in acts


@pytest.mark.parametrize("end", ["disable", "reset"])
async def test_an_account_that_is_closed_or_reset_acts_no_more(office: Office, end: str) -> None:
    staff = await office.hire(f"ended.{end}")
    browser = await office.admitted(staff.login)
    await linking(office).link(await code(browser), f"1050{end}")
    held = await code(browser)
    chief = await office.hire(f"chief.{end}", Role.ADMIN)
    await (office.accounts.disable if end == "disable" else office.accounts.reset)(chief, staff)
    assert await linking(office).staff_of(f"1050{end}") is None
    assert await linking(office).link(held, f"1050{end}") is None


async def test_the_tables_name_no_account(office: Office) -> None:
    await office.hire("hidden")
    await linking(office).link(await code(await office.admitted("hidden")), "7316549820")
    rows = repr(await office.storage.database.read(select(staff_messengers)))
    assert "7316549820" not in rows


async def test_while_telegram_is_silent_the_words_are_shown_without_a_link(office: Office) -> None:
    await office.hire("patient")
    browser = await office.admitted("patient")
    _silent.append(True)
    assert await asked(browser)
    _silent.clear()
    assert "t.me" not in (browser.page.text if browser.page else "")


async def test_ones_account_names_the_page_and_where_there_is_no_messenger_nothing_of_it(
    office: Office, tmp_path: Path
) -> None:
    await office.hire("named")
    browser = await office.admitted("named")
    assert PAGE in (await browser.opens("/desk/account")).text
    async with open_office(tmp_path) as offline:
        await offline.hire("offline")
        browser = await offline.admitted("offline")
        page = await browser.opens("/desk/account")
        assert page.status_code == 200 and "Telegram" not in page.text
        assert (await browser.opens(PAGE)).status_code == 404


async def test_everybody_has_the_page_and_strangers_are_led_to_the_login(office: Office) -> None:
    stranger = office.browser()
    for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/off")):
        await stranger.opens("/desk/login")
        answer = await stranger.client.request(method, path, data={"csrf": stranger.csrf})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/desk/login")
    for role in Role:
        await office.hire(f"role.{role}", role)
        browser = await office.admitted(f"role.{role}")
        assert (await browser.opens(PAGE)).status_code == 200
        assert (await browser.posts(f"{PAGE}/off", csrf="0" * 32)).status_code == 403, "a form of another site"


@pytest.mark.parametrize("text", ["/start", "/start staff-", "start staff-abc", "/start staff-a b", "/start staff-é"])
async def test_what_brings_no_code(text: str) -> None:
    assert code_in(text) is None
