"""The pages of cases as staff use them, in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cases.model import Case, CaseKind, Content, Move
from bot.desk.staff import Role
from knowledge.vocabulary import Urgency
from tests.bot.browsing import DESKTOP, PHONE, Visits, assert_fine, light
from tests.bot.cases import house
from tests.bot.desk.cases.casework import NAME, TELEPHONE, Casework
from tests.bot.desk.cases.test_files import photo
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
            f"/desk/cases/{case.number}/join",
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


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_visitors_photo_is_brought_looked_at_and_a_slip_undone(
    work: Casework, visits: Visits, width: int, height: int
) -> None:
    case = await lively(work)
    async with visits.context(width, height) as context:
        page = await context.new_page()
        await log_in(page, work)
        await page.goto(f"/desk/cases/{case.number}")
        await page.get_by_text("添加材料").click()
        photos = [{"name": f"工资条{number}.jpg", "mimeType": "image/jpeg", "buffer": photo()} for number in (1, 2)]
        await page.set_input_files("#paper", photos)  # type: ignore[arg-type]
        await page.get_by_role("button", name="添加", exact=True).click()
        await expect(page.get_by_text("您刚才：补充材料")).to_be_visible()
        await page.get_by_text("看小图（2）").click()
        picture = page.locator(".thumbs img").first
        await expect(picture).to_have_js_property("naturalWidth", 480, timeout=30_000)
        await assert_fine(page)
        await page.locator(".thumbs a").first.click()
        await expect(page.locator(".look img")).to_have_js_property("naturalWidth", 1200, timeout=30_000)
        await assert_fine(page)
        await page.get_by_role("link", name="回到诉求").click()
        await page.get_by_role("button", name="撤销", exact=True).click()
        await expect(page.get_by_text("看小图（1）")).to_be_visible()


async def test_a_filter_is_kept_as_a_view_though_it_was_chosen_without_reloading(
    work: Casework, visits: Visits
) -> None:
    await lively(work)
    async with visits.context(390, 844) as context:
        page = await context.new_page()
        await log_in(page, work, "viewer")
        await page.goto("/desk/cases")
        await page.get_by_text("筛选", exact=True).first.click()
        await page.get_by_label("缓急").select_option("紧急")
        await expect(page.locator("#view-query")).to_have_value("urgency=%E7%B4%A7%E6%80%A5")
        await page.get_by_label("起个名字存起来").fill("急的")
        await page.get_by_role("button", name="存成视图").click()
        await page.goto("/desk/cases")
        await page.get_by_role("navigation", name="我的视图").get_by_role("link", name="急的").click()
        await expect(page.get_by_label("缓急")).to_have_value("紧急")
        await page.get_by_role("button", name="删除视图“急的”").click()
        await expect(page.get_by_text("视图已删除")).to_be_visible()


async def test_the_pages_of_admins_and_auditors_fit_and_can_be_read_by_everybody(
    work: Casework, visits: Visits
) -> None:
    case = await lively(work)
    pages = {
        Role.ADMIN: ("/desk/directory/canned", "/desk/directory/canned/paid"),
        Role.AUDITOR: ("/desk/cases", f"/desk/cases/{case.number}"),
    }
    for role, paths in pages.items():
        await work.office.hire(f"the.{role}", role)
        cookie = (await work.office.admitted(f"the.{role}")).cookie
        async with visits.context() as context:
            await context.add_cookies([{"name": "niangjia-desk", "value": cookie, "url": work.office.url}])
            page = await context.new_page()
            for path in paths:
                await page.goto(path)
                await assert_fine(page)
