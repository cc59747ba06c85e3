"""Days at the desk of the served bot, in a real Chromium: what a clerk, an admin and an auditor come to do.

Each day is lived on a phone by night and on a desktop by day, and every page that the desk's links lead to is opened.
"""

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.audit import Actor, Entry, Record
from bot.desk.staff import Role
from bot.storage.seal import open_seal
from bot.storage.storage import Storage, utc_now
from bot.texts import intake
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from tests.bot.browsing import DAYS, Visits, assert_fine, light
from tests.bot.desk.office import PASSWORD
from tests.bot.desk.office import Browser as Colleague
from tests.bot.e2e.furnishing import CITY, DUTY, furnish
from tests.bot.e2e.hiring import first_link, hiring
from tests.bot.e2e.serving import serving
from tests.bot.e2e.visitor import Visitor, visiting
from tests.library import CARE, DOCUMENTS, index, write

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]

PROVINCE = "湖北省总工会"
COLLEAGUES = (("clerk", Role.CLERK, CITY), ("auditor", Role.AUDITOR, PROVINCE))
WAGES = """---
title: 工资被拖欠怎么办
---

## 先说结论

工资应当按月足额支付，单位拖欠工资的，可以向劳动保障监察机构投诉。
"""
HEATING = """---
title: 取暖补贴
---

## 怎么领

冬天在室外干活的，用人单位按月发取暖补贴，跟工资一起发。
"""
GOLDEN = """{"document": "高温津贴", "question": "高温津贴怎么领"}
{"document": "取暖补贴", "question": "取暖补贴怎么领"}
"""
STORY = "冷库欠了我们两个月的计件工资，记数的本子{}在我手上"
ASKED, TOLD, RESULT = "记数的本子能拍给我们看看吗？", "明天上午我带本子过来", "冷库已经把两个月的计件工资补齐。"
LINKS = "all => all.map(each => each.getAttribute('href'))"
ALIKE = re.compile(
    r"JZ-\d{4}-\d{6}|\d{8}T\d{6}-\w+|[0-9a-f]{8,}|(?<=/parameters/)[\w-]+|(?<=/routes/)[\w-]+|(?<=/clocks/)[\w-]+|(?<=/bodies/)[\w-]+|\?.*"
)


@dataclass
class Scene:
    """The served bot, the cookies of who works there, and the documents that it reads."""

    url: str
    home: Path
    library: Path
    staff: dict[str, Colleague]

    async def admit(self, context: BrowserContext, login: str) -> Page:
        """Return a new page of somebody who has logged in."""
        await context.add_cookies([{"name": "niangjia-desk", "value": self.staff[login].cookie, "url": self.url}])
        return await context.new_page()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("days")
    home, library = folder / "home", write(folder / "library", {**DOCUMENTS, "guides/欠薪.md": WAGES})
    index(home, library, encoder)
    (home / "duty.yaml").write_text(DUTY, "utf8")
    (home / "golden.jsonl").write_text(GOLDEN, "utf8")
    async with serving(home) as bot, hiring(bot.url, await first_link(bot), *COLLEAGUES) as staff:
        async with Storage(f"sqlite:///{home / 'niangjia.db'}", open_seal(home, None)) as storage:
            await furnish(storage, utc_now(), "clerk")
        yield Scene(bot.url, home, library, staff)


@pytest_asyncio.fixture(loop_scope="module")
async def visits(chromium: Browser, scene: Scene) -> AsyncIterator[Visits]:
    opened = Visits(chromium, scene.url)
    yield opened
    assert opened.complaints == []


async def test_every_page_that_the_desk_leads_to_is_fine_and_light(scene: Scene, visits: Visits) -> None:
    seen = set[str]()
    for login in scene.staff:
        async with visits.context(1280, 860) as context:
            page, waiting = await scene.admit(context, login), ["/desk/"]
            while waiting:
                path = waiting.pop(0)
                if (alike := ALIKE.sub("", path)) in seen:
                    continue
                seen.add(alike)
                async with light(page):
                    answer = await page.goto(path)
                    assert answer and answer.ok, path
                    await assert_fine(page, DAYS)
                links = await page.eval_on_selector_all("a[href^='/desk/']:not([download])", LINKS)
                waiting += [link.partition("#")[0] for link in links if "/files/" not in link]
    assert len(seen) >= 30, "the links were followed"


@pytest.mark.parametrize(("width", "height", "scheme"), DAYS)
async def test_a_clerk_brings_a_case_from_the_first_look_to_the_workers_word(
    scene: Scene, visits: Visits, width: int, height: int, scheme: str
) -> None:
    mark = f"第{width}页"
    async with (
        visiting(scene.url) as worker,
        visits.context(width, height, color_scheme=scheme) as desk,
        visits.context() as phone,
    ):
        await reports(worker, STORY.format(mark))
        page, chat = await desk.new_page(), await opened_chat(phone, scene, worker)
        await log_in(page, "clerk")
        await page.get_by_role("link", name="没人接").click()
        await look_for(page, mark, by_keyboard=width > 700)
        await page.get_by_role("button", name="我来办").click()
        await expect(page.get_by_text("经办人 同志").first).to_be_visible()
        await expect(page.get_by_text("办理中").first).to_be_visible()
        await make(page, "ask_worker", text=ASKED)
        await expect(chat.get_by_role("log")).to_contain_text(ASKED)

        await page.evaluate("window.stayed = true")
        await chat.get_by_label("写下您的问题").fill(TOLD)
        await chat.get_by_role("button", name="发送").click()
        await expect(page.locator("#events")).to_contain_text(TOLD)
        assert await page.evaluate("window.stayed"), "the answer came by itself"
        await page.get_by_role("link", name="刷新").click()
        await make(page, "resolve", text=RESULT)
        await expect(chat.get_by_role("log")).to_contain_text(RESULT)
        await make(page, "follow_up")
        await chat.get_by_role("button", name="解决了", exact=True).last.click()
        await expect(page.locator("#events")).to_contain_text("职工确认解决")
        await assert_fine(page, DAYS)


@pytest.mark.parametrize(("width", "height", "scheme"), DAYS)
async def test_a_clerk_registers_somebody_who_calls_and_prints_the_receipt(
    scene: Scene, visits: Visits, width: int, height: int, scheme: str
) -> None:
    async with visits.context(width, height, color_scheme=scheme) as context:
        page = await scene.admit(context, "clerk")
        await page.goto("/desk/cases")
        await page.get_by_role("link", name="登记来电来访").click()
        await page.get_by_label("事情经过").fill("饭店拖了服务员三个月工资")
        await page.get_by_label("单位").first.fill("荆州某饭店")
        await page.get_by_label("在哪里").fill("荆州")
        await page.get_by_label("对方同意").check()
        await page.get_by_role("button", name="看看分到哪里").click()
        await expect(page.get_by_label("类别")).to_have_value("欠薪")
        await assert_fine(page, DAYS)
        await page.get_by_role("button", name="登记", exact=True).click()
        await expect(page.locator(".digits")).to_have_text(re.compile(r"\d{4} \d{4} \d{4} \d{4}"))
        await assert_fine(page, DAYS)
        await page.emulate_media(media="print")
        await expect(page.locator(".digits")).to_be_visible()
        await expect(page.locator("body")).to_have_css("color", "rgb(43, 37, 33)")  # on paper it is always day
        for unprinted in (page.get_by_role("button"), page.get_by_role("navigation"), page.get_by_role("banner")):
            await expect(unprinted.filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize(("width", "height", "scheme"), DAYS)
async def test_an_admin_reads_the_documents_anew_looks_at_the_difference_switches_and_goes_back(
    scene: Scene, visits: Visits, width: int, height: int, scheme: str
) -> None:
    before = Generations(scene.home).current()
    changed = {"guides/高温.md": CARE.replace("按月", f"每{width}天"), "guides/取暖.md": HEATING}
    write(scene.library, changed)
    async with visits.context(width, height, color_scheme=scheme) as context:
        page = await scene.admit(context, "admin")
        await page.goto("/desk/knowledge/index")
        await page.get_by_role("button", name=re.compile("开始整理|重新整理一个")).click()
        await expect(page.get_by_role("progressbar")).to_be_visible()
        await expect(page.get_by_text("有一个新版本等您看")).to_be_visible(timeout=60_000)
        await page.get_by_role("link", name="看新版本").click()
        golden = page.get_by_role("region", name="考题答得怎么样")
        await expect(golden.locator("dd")).to_have_text(["2题", "1题", "2题"])
        await golden.get_by_text("原来找不到、现在找得到的").click()
        await expect(golden).to_contain_text("取暖补贴怎么领")
        await expect(page.get_by_role("link", name="高温津贴")).to_be_visible()
        await assert_fine(page, DAYS)
        await page.get_by_role("button", name="启用").click()
        await expect(page.get_by_text("换好了")).to_be_visible()
        assert Generations(scene.home).current() != before
        await page.goto(f"/desk/knowledge/index/{before}")
        await page.get_by_role("button", name="换回这个版本").click()
        await expect(page.get_by_text("换好了")).to_be_visible()
        assert Generations(scene.home).current() == before


@pytest.mark.parametrize(("width", "height", "scheme"), DAYS)
async def test_an_auditor_searches_checks_the_chain_and_takes_an_export_that_proves_itself(
    scene: Scene, visits: Visits, width: int, height: int, scheme: str
) -> None:
    async with visits.context(width, height, color_scheme=scheme) as context:
        page = await scene.admit(context, "auditor")
        await page.goto("/desk/audit")
        await page.get_by_label("做了什么").first.select_option("staff.joined")
        await expect(page.locator("tbody tr")).to_have_count(3)
        await page.get_by_role("button", name="校验记录").click()
        await expect(page.get_by_role("status")).to_contain_text("没有被改过")
        await assert_fine(page, DAYS)
        await page.goto("/desk/audit")
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="导出 CSV").click()
        exported = await (await downloading.value).path()
        records = [record_of(row) for row in rows_of(exported)]
        assert [record.number for record in records] == list(range(1, len(records) + 1))
        for previous, record in pairwise(records):
            assert record.follows(previous.hash), record.number
        await expect(page.get_by_role("navigation", name="导航")).not_to_contain_text("知识")


async def reports(worker: Visitor, story: str) -> None:
    """Hand in a grievance without a name."""
    await worker.says(f"/report {story}，在沙市的北风冷库公司，从今年9月开始，就我一个人")
    await worker.taps(intake.ANONYMOUS)
    await worker.taps(intake.SKIP)
    await worker.taps("提交")
    while "回执号" not in worker.words:
        await worker.taps(intake.ALONE)


async def opened_chat(phone: BrowserContext, scene: Scene, worker: Visitor) -> Page:
    """Open the worker's own conversation on a phone."""
    await phone.add_cookies([{"name": "niangjia", "value": worker.client.cookies["niangjia"], "url": scene.url}])
    chat = await phone.new_page()
    await chat.goto("/")
    await expect(chat.get_by_role("log")).to_contain_text("回执号")
    return chat


async def log_in(page: Page, login: str) -> None:
    """Come in with a password; the second factor is off."""
    await page.goto("/desk/")
    await assert_fine(page, DAYS)
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="同志")).to_be_visible()


async def look_for(page: Page, words: str, *, by_keyboard: bool) -> None:
    """Find a case by words of its story and open it, by keys alone or by the hand."""
    await page.wait_for_url("**/cases?*", wait_until="load")
    if by_keyboard:
        await page.keyboard.press("/")
        await page.keyboard.type(words)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="查找")).to_be_visible()
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
    else:
        await page.get_by_label("查找").fill(words)
        await page.get_by_role("button", name="查找").tap()
        await page.locator("[data-row]").tap()
    await expect(page.get_by_role("heading", name="办理", exact=True)).to_be_visible()


async def make(page: Page, move: str, **fields: str) -> None:
    """Make a move of a case by its form."""
    form = page.locator(f'[data-move="{move}"]')
    await form.locator("summary").click()
    for name, value in fields.items():
        await form.locator(f'[name="{name}"]').fill(value)
    await form.locator("button.strong").click()
    await expect(page.get_by_role("status").first).to_be_visible()


def rows_of(exported: Path) -> list[dict[str, str]]:
    """Return the rows of an export, the oldest first."""
    return list(csv.DictReader(io.StringIO(exported.read_text("utf-8-sig"))))[::-1]


def record_of(row: dict[str, str]) -> Record:
    """Read a row as a record, without any help of the desk."""
    number, at, _, actor, role, act, subject, detail, hash_ = row.values()
    return Record(int(number), datetime.fromisoformat(at), Entry(Actor(actor, role), act, subject, detail), hash_)
