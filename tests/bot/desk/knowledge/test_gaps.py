import pytest
import pytest_asyncio

from bot.audit import Search
from bot.desk.knowledge.golden import FILE
from bot.desk.staff import Role
from bot.dialogue.ports import Conversation, Feedback, Turn, Verdict
from bot.messages import Channel
from ingest.judge import GOLDEN
from knowledge.question_set import read_questions
from tests.bot.desk.knowledge.workplace import GOLDEN_ROWS, Workplace
from tests.bot.desk.office import PROVINCE, Browser
from tests.bot.fakes import message

pytestmark = pytest.mark.asyncio(loop_scope="module")

MISSED = (
    ("工会驿站几点开门", Verdict.REFUSED, "十堰"),
    ("附近的工会驿站几点开门", Verdict.UNHELPFUL, None),
    ("月亮上有几个环形山", Verdict.REFUSED, None),
    ("高温津贴怎么领", Verdict.HELPFUL, None),
)


async def asks(place: Workplace, question: str, verdict: Verdict, region: str | None) -> None:
    """Let a worker ask and judge, as the dialogue stores it."""
    inbox = place.office.storage.inbox
    await inbox.accept(message(question, chat=question))
    (letter,) = await inbox.due(1, ())
    conversation = Conversation(Channel.TELEGRAM, letter.incoming.chat)
    feedback = Feedback("e1", verdict, question, region)
    await inbox.finish(letter, Turn((), conversation, (feedback,)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(place: Workplace) -> Browser:
    for question, verdict, region in MISSED:
        await asks(place, question, verdict, region)
    await place.office.hire("keeper", Role.ADMIN, PROVINCE)
    return await place.office.admitted("keeper")


async def test_what_was_refused_or_did_not_help_is_listed_with_its_likes(admin: Browser) -> None:
    await admin.opens("/desk/knowledge/gaps")
    assert "3 次提问，合成 2 件事" in admin.text
    first, _, rest = admin.text.partition("月亮上有几个环形山")
    assert "工会驿站几点开门 问了 2 次 1 次没找到 1 次没帮上 十堰" in first
    assert "还有这样问的 附近的工会驿站几点开门" in first
    assert "问了 1 次 1 次没找到" in rest
    assert "高温津贴" not in admin.text


async def test_somebody_looks_after_a_question_and_puts_it_aside(place: Workplace, admin: Browser) -> None:
    page = await admin.opens("/desk/knowledge/gaps")
    ours = [part.partition('"')[0] for part in page.text.partition("月亮")[0].split('name="gap" value="')[1:]]
    assert len(ours) == 2
    await admin.sends("/desk/knowledge/gaps/care", gap=ours, deed="taken")
    assert "keeper同志在跟进" in admin.text
    await admin.sends("/desk/knowledge/gaps/care", gap=ours, deed="left")
    assert "在跟进" not in admin.text.partition("月亮")[0].replace("我来跟进", "")
    await admin.sends("/desk/knowledge/gaps/care", gap=ours, deed="settled")
    assert "驿站" not in admin.text and "月亮" in admin.text
    found = await place.office.storage.audit.search(Search(act="gap.cared"))
    assert [record.entry.detail for record in found] == ["settled", "left", "taken"]
    kept = (place.home / "knowledge" / "gaps.json").read_text("utf8")
    assert "驿站" not in kept


@pytest.mark.parametrize("fields", [{"gap": "1", "deed": "burn"}, {"gap": "99999", "deed": "taken"}, {"deed": "taken"}])
async def test_care_for_what_is_not_there_is_refused(admin: Browser, fields: dict[str, str]) -> None:
    await admin.opens("/desk/knowledge/gaps")
    answer = await admin.posts("/desk/knowledge/gaps/care", csrf=admin.csrf, **fields)
    assert answer.status_code == 400


async def test_a_gap_becomes_a_draft_and_a_golden_question(place: Workplace, admin: Browser) -> None:
    assert FILE == GOLDEN
    gap = next(one for one in await place.office.storage.gaps.latest(10) if "月亮" in one.question)
    page = await admin.opens(f"/desk/knowledge/papers/new?gap={gap.id}")
    assert "# 月亮上有几个环形山\n\n## 先说结论" in page.text
    page = await admin.opens(f"/desk/knowledge/golden?gap={gap.id}")
    assert 'value="月亮上有几个环形山"' in page.text
    await admin.sends("/desk/knowledge/golden/add", question="驿站几点开门", document="工会驿站", section="在哪里")
    assert "我们自己的 3 道题" in admin.text and "驿站几点开门 工会驿站 在哪里" in admin.text
    golden = place.home / GOLDEN
    assert golden.read_text("utf8").startswith(GOLDEN_ROWS)
    assert read_questions(golden)[-1].id == "desk-1"
    await admin.sends("/desk/knowledge/golden/remove", id="desk-1")
    assert golden.read_text("utf8") == GOLDEN_ROWS


async def test_a_golden_question_without_an_answer_is_refused_and_a_broken_file_is_told(
    place: Workplace, admin: Browser
) -> None:
    await admin.opens("/desk/knowledge/golden")
    lacking = await admin.posts("/desk/knowledge/golden/add", csrf=admin.csrf, question="问题", document="")
    assert lacking.status_code == 422 and "应该用来回答它的资料" in lacking.text
    unknown = await admin.posts("/desk/knowledge/golden/add", csrf=admin.csrf, question="问题", document="没有的资料")
    assert unknown.status_code == 422 and "没有叫这个标题的资料" in unknown.text
    golden = place.home / GOLDEN
    golden.write_text("not json\n", "utf8")
    try:
        broken = await admin.posts("/desk/knowledge/golden/add", csrf=admin.csrf, question="问题", document="工会驿站")
        assert broken.status_code == 422 and "有一行读不懂" in broken.text
        assert golden.read_text("utf8") == "not json\n"
    finally:
        golden.write_text(GOLDEN_ROWS, "utf8")


async def test_a_question_that_is_gone_leaves_the_forms_empty(admin: Browser) -> None:
    assert (await admin.opens("/desk/knowledge/papers/new?gap=99999")).status_code == 200
    assert "先说结论" not in admin.text
    assert (await admin.opens("/desk/knowledge/golden?gap=99999")).status_code == 200
