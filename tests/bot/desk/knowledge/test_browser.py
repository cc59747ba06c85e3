"""An admin's day with the knowledge, in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.desk.staff import Role
from ingest.pipeline import ingest
from ingest.sources import Sources
from knowledge.embedder import Embedder
from tests.bot.browsing import Visits, assert_fine
from tests.bot.desk.knowledge.test_gaps import MISSED, asks
from tests.bot.desk.knowledge.workplace import HEATING, Workplace
from tests.bot.desk.office import PASSWORD, PROVINCE
from tests.bot.desk.test_browser import log_in

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, place: Workplace) -> AsyncIterator[Visits]:
    opened = Visits(chromium, place.office.url)
    yield opened
    assert opened.complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def furnished(place: Workplace, encoder: Embedder) -> None:
    """Something to see on every page."""
    for question, verdict, region in MISSED:
        await asks(place, question, verdict, region)
    for login in ("li.ming", "wang.fang"):
        await place.office.hire(login, Role.ADMIN, PROVINCE)
    wang = await place.office.accounts.named("wang.fang")
    paper = place.shelf.write(HEATING, "取暖补贴", by=wang.id, at=place.office.clock.now)
    place.shelf.approve(paper.id, paper.versions[0].digest, by="00000000", at=place.office.clock.now)
    text = HEATING.replace("按月", "按周")
    place.shelf.write(text, "取暖补贴", by=wang.id, at=place.office.clock.now, paper_id=paper.id)
    place.changes()
    ingest(Sources(place.home), place.generations, encoder, serve=False)


async def test_every_page_of_the_knowledge_fits_and_can_be_read_by_everybody(place: Workplace, visits: Visits) -> None:
    (paper,) = place.shelf.papers()
    old, new = place.generations.current(), place.generations.waiting()
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, place.office, "li.ming")
        for path in (
            "",
            "/papers/new",
            f"/papers/{paper.id}",
            f"/papers/{paper.id}/edit",
            "/try?q=高温津贴怎么领",
            "/index",
            f"/index/{new}",
            f"/index/{new}/compare?against={old}&source=lib/guides/高温.md",
            "/gaps",
            "/golden",
            "/pins",
        ):
            await page.goto(f"/desk/knowledge{path}")
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await assert_fine(page)


async def test_a_text_is_pasted_read_about_and_kept_on_a_phone(place: Workplace, visits: Visits) -> None:
    async with visits.context(390, 844) as context:
        page = await context.new_page()
        await log_in(page, place.office, "li.ming")
        await page.goto("/desk/knowledge/papers/new")
        await page.get_by_label("或者把文字贴进来").fill("# 夜班补贴\n\n## 领多少\n\n每个夜班十八元，跟工资一起发。")
        await page.get_by_role("button", name="看看读成什么样").click()
        await page.get_by_label("十堰").check()
        await page.get_by_role("button", name="重新看看").click()
        await expect(page.get_by_label("十堰")).to_be_checked()
        await page.get_by_role("button", name="存成草稿").click()
        await expect(page.get_by_text("草稿存好了")).to_be_visible()
        await expect(page.get_by_text("要请另一位管理员看过、批准")).to_be_visible()
        await expect(page.get_by_role("button", name="我看过了，批准")).to_have_count(0)


async def test_a_text_is_there_again_where_the_session_ended_while_it_was_written(
    place: Workplace, visits: Visits
) -> None:
    text = "# 夜班补贴\n\n## 领多少\n\n每个夜班十八元，跟工资一起发。"
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, place.office, "li.ming")
        await page.goto("/desk/knowledge/papers/new")
        await page.get_by_label("或者把文字贴进来").fill(text)
        place.office.clock.forward(hours=3)
        await page.get_by_role("button", name="看看读成什么样").click()
        await page.get_by_label("登录名").fill("li.ming")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await page.get_by_label("动态口令").fill(place.office.code("li.ming"))
        await page.get_by_role("button", name="继续").click()
        await expect(page.get_by_label("或者把文字贴进来")).to_have_value(text)


async def test_documents_are_found_while_one_types(place: Workplace, visits: Visits) -> None:
    async with visits.context(1280, 860) as context:
        page = await context.new_page()
        await log_in(page, place.office, "li.ming")
        await page.goto("/desk/knowledge")
        await page.get_by_label("找资料").fill("年休假")
        await expect(page.get_by_text("1 份，这里是第 1 到 1 份")).to_be_visible()
        await expect(page.locator("#documents")).to_contain_text("带薪年休假条例")
