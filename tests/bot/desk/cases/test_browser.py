"""The pages of cases as staff use them, in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cases.model import Case, CaseKind, Content, Move
from knowledge.vocabulary import Urgency
from tests.bot.browsing import DESKTOP, PHONE, Visits, assert_fine, light
from tests.bot.cases import house
from tests.bot.desk.cases.casework import NAME, TELEPHONE, Casework
from tests.bot.desk.office import PASSWORD

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]

SIZES = [PHONE, DESKTOP]


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, work: Casework) -> AsyncIterator[Visits]:
    opened = Visits(chromium, work.office.url)
    yield opened
    assert opened.complaints == []


async def log_in(page: Page, work: Casework, login: str = "zhang.wei") -> None:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login)
    await page.goto("/desk/")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("navigation", name="导航")).to_be_visible()


async def lively(work: Casework) -> Case:
    """Return a case with much in it, beside others."""
    await work.opened(urgency=Urgency.EMERGENCY, kind=CaseKind.EMERGENCY)
    await work.opened(urgency=Urgency.URGENT)
    now = work.office.clock.now
    case = await work.opened(house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=now))
    case = await work.moved(case, Move.TRIAGE, house.TRIAGE)
    where = Content(organization=case.organization, department="rights", reason="在十堰。")
    for move, actor, content in (
        (Move.DISPATCH, house.TRIAGE, where),
        (Move.ACCEPT, house.HANDLER, Content()),
        (Move.START, house.HANDLER, Content()),
        (Move.SAY, house.WORKER, Content(text="单位昨天又说月底给。")),
        (Move.NOTE, house.HANDLER, Content(text="刘经理态度还好。")),
    ):
        case = await work.moved(case, move, actor, content)
    return case


async def test_every_page_fits_can_be_read_by_everybody_and_is_light(work: Casework, visits: Visits) -> None:
    case = await lively(work)
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, work)
        for path in (
            "/desk/cases",
            "/desk/cases?tab=unclaimed&urgency=紧急",
            "/desk/cases?tab=ended",
            f"/desk/cases/{case.number}",
            f"/desk/cases/{case.number}/letters/opinion",
            "/desk/cases/new",
            "/desk/figures",
        ):
            async with light(page):
                await page.goto(path)
                if path.endswith(case.number):
                    await page.locator('[data-move="resolve"] summary').click()
                    await expect(page.get_by_text("单位应当按月付工资。")).to_be_visible()
                await assert_fine(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_clerk_takes_a_case_answers_with_what_stands_ready_and_asks_who_it_is(
    work: Casework, visits: Visits, width: int, height: int
) -> None:
    case = await lively(work)
    async with visits.context(width, height) as context:
        page = await context.new_page()
        await log_in(page, work)
        await page.goto(f"/desk/cases/{case.number}")
        await page.get_by_role("button", name="我来办").click()
        await expect(page.get_by_text("经办人 zhang.wei同志").first).to_be_visible()
        await page.locator('[data-move="say"] summary').click()
        await page.get_by_role("button", name="会联系单位").click()
        field = page.locator('[data-move="say"] textarea')
        await expect(field).to_have_value("我们这两天就去找十堰某某建筑有限公司，有了消息马上告诉您。")
        await page.get_by_role("button", name="放进答复里再改").click()
        assert "《劳动法》第五十条" in await field.input_value()
        await page.locator('[data-move="say"] button.strong').click()
        await expect(page.locator(".events .bubble").first).to_contain_text("我们这两天就去找")
        await expect(page.locator("body")).not_to_contain_text(TELEPHONE)
        await page.get_by_role("button", name="显示姓名电话").click()
        await expect(page.locator("#claimants")).to_contain_text(TELEPHONE)


async def test_the_queue_keeps_up_to_date_by_itself_and_listens_to_the_keyboard(work: Casework, visits: Visits) -> None:
    await lively(work)
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, work)
        await page.goto("/desk/cases")
        await page.evaluate("window.stayed = true")
        new = await work.opened(urgency=Urgency.URGENT)
        await expect(page.locator(f"#c-{new.number}")).to_be_visible(timeout=20_000)
        assert await page.evaluate("window.stayed")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await expect(page.locator("[data-row]").first).to_be_focused()
        await page.keyboard.press("/")
        await expect(page.get_by_label("查找")).to_be_focused()
        await page.keyboard.type("欠条jk")
        await expect(page.get_by_label("查找")).to_have_value("欠条jk")
        await page.get_by_role("navigation", name="诉求").get_by_role("link", name="没人接").focus()
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="办理", exact=True)).to_be_visible()
