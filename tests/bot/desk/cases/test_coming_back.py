"""What becomes of somebody's words when their session ends while they write, in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.bot.browsing import Visits
from tests.bot.desk.cases.casework import Casework
from tests.bot.desk.office import PASSWORD

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]
WORDS = "差的四千，我明天上午再去一趟。"


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, work: Casework) -> AsyncIterator[Visits]:
    opened = Visits(chromium, work.office.url)
    yield opened
    assert opened.complaints == []


async def log_in(page: Page, login: str) -> None:
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def test_who_is_asked_to_log_in_again_comes_back_to_the_page_and_to_every_word(
    work: Casework, visits: Visits
) -> None:
    case, lunch = await work.in_progress(), 3 * 3600
    await work.office.hire("writer")
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await page.goto(f"/desk/cases/{case.number}")
        await log_in(page, "writer")
        field = page.locator('[data-move="say"] textarea')
        await page.locator('[data-move="say"] summary').click()
        await field.fill(WORDS)
        work.office.clock.forward(seconds=lunch)
        await expect(page.get_by_label("登录名")).to_be_visible(timeout=20_000)  # the page looks for news by itself
        await log_in(page, "writer")
        await expect(field).to_have_value(WORDS)
        await expect(field).to_be_visible()
        work.office.clock.forward(seconds=lunch)
        await page.locator('[data-move="say"] button.strong').click()
        await log_in(page, "writer")
        await expect(field).to_have_value(WORDS)
        await page.locator('[data-move="say"] button.strong').click()
        await expect(page.locator(".events .bubble").first).to_contain_text(WORDS)
        await page.locator('[data-move="say"] summary').click()
        await expect(field).to_have_value("")


async def test_who_is_cut_off_is_told_that_the_queue_may_be_old_until_it_is_new_again(
    work: Casework, chromium: Browser
) -> None:
    await work.office.hire("cut.off")
    context = await chromium.new_context(base_url=work.office.url, viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto("/desk/cases")
    await log_in(page, "cut.off")
    told = page.get_by_text("现在连不上")
    await expect(page.get_by_role("heading", name="诉求", exact=True)).to_be_visible()
    await expect(told).to_be_hidden()
    await context.set_offline(True)
    await expect(told).to_be_visible(timeout=20_000)
    await context.set_offline(False)
    await expect(told).to_be_hidden(timeout=20_000)
    await context.close()


async def test_nobody_else_comes_upon_what_was_written(work: Casework, visits: Visits) -> None:
    for login in ("caller", "another"):
        await work.office.hire(login)
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await page.goto("/desk/cases/new")
        await log_in(page, "caller")
        story = page.locator("textarea").first
        await story.fill(WORDS)
        work.office.clock.forward(seconds=3 * 3600)
        await page.get_by_role("button", name="看看分到哪里").click()
        await log_in(page, "another")
        await expect(story).to_have_value("")
        assert await page.evaluate("sessionStorage.getItem('kept')") is None
        await story.fill(WORDS)
        await page.get_by_text("的菜单").locator("..").click()
        await page.get_by_role("button", name="退出").click()
        await expect(page.get_by_label("登录名")).to_be_visible()
        assert await page.evaluate("sessionStorage.getItem('kept')") is None
