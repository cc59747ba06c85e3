import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.audit import Search
from bot.desk.knowledge.ports import JobState
from bot.desk.staff import Role
from ingest import console
from knowledge.embedder import Embedder
from tests.bot.desk.knowledge.workplace import Workplace, open_workplace
from tests.bot.desk.office import PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="function")


@pytest_asyncio.fixture
async def place(tmp_path: Path, encoder: Embedder) -> AsyncIterator[Workplace]:
    """A desk of its own for each test: they switch."""
    async with open_workplace(tmp_path, encoder) as opened:
        yield opened


@pytest_asyncio.fixture
async def admin(place: Workplace) -> AsyncIterator[Browser]:
    await place.office.hire("keeper", Role.ADMIN, PROVINCE)
    browser = await place.office.admitted("keeper")
    await browser.opens("/desk/knowledge/index")
    yield browser
    await browser.client.aclose()


async def test_a_new_index_is_built_read_about_served_and_taken_back(place: Workplace, admin: Browser) -> None:
    before = place.generations.current()
    place.changes()
    page = await admin.sends("/desk/knowledge/index/build")
    assert "开始整理了" in page.text
    job = await place.ended()
    assert (job.state, place.generations.current()) == (JobState.BUILT, before), job
    new = place.generations.waiting()

    await admin.opens("/desk/knowledge/index")
    assert "有一个新版本等您看" in admin.text and "keeper同志" in admin.text
    await admin.opens(f"/desk/knowledge/index/{new}")
    assert (
        "新增 1 份 取暖补贴" in admin.text and "改动 1 份 高温津贴" in admin.text and "拿掉 1 份 工会驿站" in admin.text
    )
    assert "取暖补贴怎么领 → 取暖补贴" in admin.text
    assert "一共考了 2 题 原来找得到 1 题 现在找得到 2 题" in admin.text

    page = await admin.opens(f"/desk/knowledge/index/{new}/compare?against={before}&source=lib/guides/高温.md")
    assert "<del>六月到九月在室外干活的，用人单位按月发高温津贴。</del>" not in page.text
    assert "<del>用人单位按月发高温津贴。</del><ins>用人单位按天发高温津贴。</ins>" in page.text

    await admin.opens(f"/desk/knowledge/index/{new}")
    await admin.sends(f"/desk/knowledge/index/{new}/serve")
    assert "换好了" in admin.text
    assert (place.generations.current(), place.generations.waiting()) == (new, None)
    with place.live.use() as serving:
        assert serving.id == new

    await admin.opens(f"/desk/knowledge/index/{before}")
    await admin.sends(f"/desk/knowledge/index/{before}/serve")
    assert place.generations.current() == before
    acts = [record.entry for record in await place.office.storage.audit.search(Search(), limit=3)]
    assert [(entry.act, entry.subject) for entry in acts] == [
        ("index.served", f"index/{before}"),
        ("index.served", f"index/{new}"),
        ("index.built", ""),
    ]


async def test_a_new_index_that_nobody_wants_is_thrown_away_and_the_next_start_does_not_bring_it_back(
    place: Workplace, admin: Browser
) -> None:
    before = place.generations.current()
    place.changes()
    await admin.sends("/desk/knowledge/index/build")
    assert (await place.ended()).state is JobState.BUILT
    new = place.generations.waiting()
    await admin.opens("/desk/knowledge/index")
    await admin.sends("/desk/knowledge/index/discard")
    assert "新版本已经丢弃" in admin.text and "重新启动也不换新的" in admin.text
    assert "还没有启用" not in admin.text
    assert [manifest.id for manifest in place.generations.manifests()] == [before]
    again = await admin.posts("/desk/knowledge/index/discard", csrf=admin.csrf)
    assert again.status_code == 404
    await asyncio.to_thread(console.refresh, place.home, None)
    assert place.generations.current() == before
    (record,) = await place.office.storage.audit.search(Search(act="index.discarded"))
    assert record.entry.subject == f"index/{new}"


async def test_nothing_new_is_said_so(place: Workplace, admin: Browser) -> None:
    place.changes()
    place.returns()
    await admin.sends("/desk/knowledge/index/build")
    assert (await place.ended()).state is JobState.UNCHANGED
    await admin.opens("/desk/knowledge/index")
    assert "资料没有变化" in admin.text
    assert place.generations.waiting() is None


async def test_progress_is_told_while_the_job_runs_to_any_page_and_a_second_one_is_refused(
    place: Workplace, admin: Browser
) -> None:
    place.changes()
    await admin.sends("/desk/knowledge/index/build")
    assert "正在" in admin.text
    part = await admin.client.get("/desk/knowledge/index/job", headers={"HX-Request": "true"})
    assert (part.status_code, 'hx-trigger="every 1s"' in part.text) == (200, True)
    assert "<html" not in part.text
    assert "keeper同志" in part.text, "who began it"
    second = await admin.posts("/desk/knowledge/index/build", csrf=admin.csrf)
    assert second.status_code == 409
    assert "另一次整理正在进行" in second.text
    await place.ended()
    after = await admin.client.get("/desk/knowledge/index/job", headers={"HX-Request": "true"})
    assert (after.status_code, after.headers["HX-Refresh"]) == (204, "true")


async def test_a_job_that_is_stopped_leaves_nothing_behind(place: Workplace, admin: Browser) -> None:
    before = [manifest.id for manifest in place.generations.manifests()]
    place.changes()
    await admin.sends("/desk/knowledge/index/build")
    await admin.sends("/desk/knowledge/index/cancel")
    assert (await place.ended()).state is JobState.CANCELLED
    assert "已经停止" in admin.text
    assert [manifest.id for manifest in place.generations.manifests()] == before
    assert not list(place.generations.folder.glob(".building-*"))


async def test_files_that_lose_most_of_their_text_are_taken_only_when_it_is_meant(
    place: Workplace, admin: Browser
) -> None:
    law = next(place.library.glob("laws/*.md"))
    law.write_text(law.read_text("utf8").partition("第二条")[0], "utf8")
    await admin.sends("/desk/knowledge/index/build")
    assert (await place.ended()).state is JobState.SHRUNK
    await admin.opens("/desk/knowledge/index")
    assert "少了三成以上" in admin.text
    await admin.sends("/desk/knowledge/index/build", allow_shrink="yes")
    assert (await place.ended()).state is JobState.BUILT


async def test_the_desk_answers_on_while_an_index_is_built(place: Workplace, admin: Browser) -> None:
    place.changes()
    await admin.sends("/desk/knowledge/index/build")
    asked = 0
    while (job := await place.reindexer.last()) and job.state is JobState.RUNNING:
        page = await admin.client.get("/desk/knowledge/try", params={"q": "高温津贴怎么领"})
        assert "按月发高温津贴" in page.text
        asked += 1
        await asyncio.sleep(0.05)
    assert asked


async def test_a_generation_that_is_not_there_is_said_so(place: Workplace, admin: Browser) -> None:
    for path in ("none", "..%2F..", "20261121-000000-abcdef"):
        answer = await admin.client.get(f"/desk/knowledge/index/{path}")
        assert answer.status_code == 404
        served = await admin.posts(f"/desk/knowledge/index/{path}/serve", csrf=admin.csrf)
        assert served.status_code == 404
    current = place.generations.current()
    for asked in (
        "against=x&source=y",
        f"against={current}&source=y&record=[]",
        f"against={current}&source=y&record={{",
    ):
        assert (await admin.client.get(f"/desk/knowledge/index/{current}/compare?{asked}")).status_code == 404
