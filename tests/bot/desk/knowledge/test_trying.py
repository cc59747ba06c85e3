import httpx2
import pytest
import pytest_asyncio

from bot.desk.staff import Role
from ingest.pipeline import ingest
from ingest.sources import Sources
from knowledge.embedder import Embedder
from tests.bot.desk.knowledge.workplace import Workplace
from tests.bot.desk.office import PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(place: Workplace) -> Browser:
    await place.office.hire("keeper", Role.ADMIN, PROVINCE)
    return await place.office.admitted("keeper")


async def asked(admin: Browser, question: str, **more: str) -> httpx2.Response:
    admin.page = await admin.client.get("/desk/knowledge/try", params={"q": question, **more})
    return admin.page


async def test_an_answer_is_shown_with_its_chance_and_why_each_passage_came(admin: Browser) -> None:
    await asked(admin, "高温津贴怎么领")
    assert "会这样回答 把握" in admin.text
    assert "《高温津贴》怎么领" in admin.text
    first = admin.text.partition("找到的段落")[2].partition("看这一段")[0]
    assert "高温津贴 答案用了它" in first
    assert "总分 100 按字词第 1 按意思第 1" in first


async def test_what_the_index_does_not_hold_is_refused_as_a_worker_would_see(admin: Browser) -> None:
    await asked(admin, "月亮上有几个环形山")
    assert "会说没有找到" in admin.text
    assert "会这样回答" not in admin.text


async def test_any_generation_answers_whatever_serves(place: Workplace, encoder: Embedder, admin: Browser) -> None:
    place.changes()
    new = ingest(Sources(place.home), place.generations, encoder, serve=False).generation
    assert new is not None
    await asked(admin, "取暖补贴怎么领")
    assert "按月发取暖补贴" not in admin.text
    await asked(admin, "取暖补贴怎么领", generation=new)
    assert "按月发取暖补贴" in admin.text
    assert place.generations.current() != new


async def test_what_is_expired_on_that_day_does_not_answer(place: Workplace, encoder: Embedder, admin: Browser) -> None:
    new = place.generations.waiting()
    assert new is not None
    await asked(admin, "取暖补贴怎么领", generation=new, day="2027-02-01")
    assert "按月发取暖补贴" not in admin.text


async def test_a_generation_that_is_not_there_is_said_so_and_nonsense_is_taken_for_nothing(admin: Browser) -> None:
    assert (await asked(admin, "高温津贴", generation="none")).status_code == 404
    assert (await asked(admin, "高温津贴", region="月球", day="yesterday")).status_code == 200
    assert (await asked(admin, "问" * 501)).status_code == 400


async def test_markup_in_a_question_is_shown_as_it_was_written(admin: Browser) -> None:
    page = await asked(admin, "<script>alert(1)</script>高温津贴怎么领")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;" in page.text
