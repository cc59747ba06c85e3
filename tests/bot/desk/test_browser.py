"""The desk as staff use it, in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.desk.staff import Role
from tests.bot.browsing import DAYS, DESKTOP, PHONE, Visits, assert_fine, light
from tests.bot.desk.office import CITY, PASSWORD, PROVINCE, Office

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]

SIZES = [PHONE, DESKTOP]


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, office: Office) -> AsyncIterator[Visits]:
    opened = Visits(chromium, office.url)
    yield opened
    # The first page asks rooms that this desk is without what waits there.
    assert [each for each in opened.complaints if "Error Code 404" not in each] == []


async def hired(office: Office, login: str, role: Role, *unions: str) -> None:
    if login not in {staff.login for staff in await office.accounts.everybody()}:
        await office.hire(login, role, *unions, factor=True)


async def log_in(page: Page, office: Office, login: str) -> None:
    await page.goto("/desk/")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_label("动态口令").fill(office.code(login))
    await page.get_by_role("button", name="继续").click()
    await expect(page.get_by_role("navigation", name="导航")).to_be_visible()


async def test_every_page_fits_and_can_be_read_by_everybody(office: Office, visits: Visits) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    await hired(office, "wang.fang", Role.CLERK, CITY)
    wang = await office.accounts.named("wang.fang")
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await page.goto("/desk/login")
        await assert_fine(page)
        await log_in(page, office, "li.ming")
        for path in (
            "/desk/",
            "/desk/account",
            "/desk/account/factor",
            "/desk/staff",
            "/desk/staff/invite",
            f"/desk/staff/{wang.id}",
            "/desk/audit",
            "/desk/nowhere",
        ):
            await page.goto(path)
            await assert_fine(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_an_admin_joins_adds_the_second_factor_and_comes_in(
    office: Office, visits: Visits, width: int, height: int
) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    by = await office.accounts.named("li.ming")
    login = f"new.{width}"
    _, token = await office.accounts.invite(by, login=login, name="周敏", role=Role.ADMIN, unions=[CITY])
    async with visits.context(width, height) as context:
        page = await context.new_page()
        await page.goto(f"/desk/welcome/{token}")
        await assert_fine(page, DAYS)
        await page.get_by_label("密码", exact=True).fill(PASSWORD)
        await page.get_by_label("再输一次密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="开启动态口令")).to_be_visible()
        assert await page.locator(".qr svg").bounding_box()
        office.secrets[login] = await page.locator("input[name=secret]").input_value()
        await page.get_by_label("填验证器上的六位数字").fill(office.code(login))
        await page.get_by_role("button", name="开启").click()
        await expect(page.locator(".codes li")).to_have_count(10)
        await assert_fine(page, DAYS)
        await page.get_by_role("link", name="收好了，继续").click()
        await expect(page.get_by_role("heading", name="周敏")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in await context.cookies()}
        assert cookies["niangjia-desk"]["httpOnly"]
        assert "niangjia-desk" not in await page.evaluate("document.cookie")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_the_audit_is_searched_and_checked_without_leaving_the_page(
    office: Office, visits: Visits, width: int, height: int
) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    async with visits.context(width, height) as context:
        page = await context.new_page()
        await log_in(page, office, "li.ming")
        await page.get_by_role("link", name="审计").click()
        await page.evaluate("window.stayed = true")
        await page.get_by_role("button", name="校验记录").click()
        await expect(page.get_by_role("status")).to_contain_text("没有被改过")
        await page.get_by_role("button", name="从头校验").click()
        await expect(page.get_by_role("status")).to_contain_text("从第 1 条到第")
        await page.get_by_role("button", name="校验记录").click()
        await expect(page.get_by_role("status")).to_contain_text("上次查到第")
        await page.get_by_label("做了什么").first.select_option("totp.on")
        await expect(page.locator("tbody tr").first).to_contain_text("开启动态口令")
        await expect(page.locator("tbody")).not_to_contain_text("接受邀请")
        assert "act=totp.on" in page.url
        assert await page.evaluate("window.stayed")


async def test_colours_are_chosen_kept_and_the_menu_closes_by_the_keyboard(office: Office, visits: Visits) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, office, "li.ming")
        await page.locator("summary", has_text="li.ming").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("radio", name="深色").check()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="退出")).to_be_hidden()
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "li.ming" not in kept, "no page stays behind in the browser"


async def test_the_keyboard_reaches_the_text_first_and_then_the_navigation(office: Office, visits: Visits) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, office, "li.ming")
        await page.goto("/desk/staff")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="直接到正文")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="邀请同事")).to_be_focused()


async def test_a_page_is_light_on_the_line(office: Office, visits: Visits) -> None:
    await hired(office, "li.ming", Role.ADMIN, PROVINCE)
    for number in range(40):
        await office.browser().logs_in(f"nobody{number}", "wrong")
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, office, "li.ming")
        for path in ("/desk/", "/desk/audit", "/desk/staff/invite"):
            async with light(page):
                await page.goto(path)
                await page.wait_for_load_state("networkidle")
