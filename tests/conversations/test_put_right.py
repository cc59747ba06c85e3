"""How somebody is called and reached can be put right at any time, and staff hear that it was, not what stood there."""

import pytest

from bot.audit import Search
from bot.cases.model import Move
from bot.messages import Channel
from bot.texts import mine as texts
from tests.bot.talk import Talk
from tests.conversations.conftest import House
from tests.conversations.test_conversations import RECEIPT

STORY = "老板三个月没发工资，在沙市的华美服装厂，从今年3月开始，就我一个人"
OLD, NEW = "13800138000", "13912345678"


async def by_name(house: House) -> Talk:
    worker = house.worker()
    for said in (f"/report {STORY}", "用真名", "把工资结清", "王小明", OLD):
        await worker.send(said)
    assert "登记好了" in await worker.send("提交")
    return worker


async def correcting(worker: Talk, what: str) -> str:
    await worker.send("我的事")
    await worker.click("欠薪")
    await worker.click(texts.CORRECT)
    return await worker.click(what)


async def seen(house: House, worker: Talk) -> tuple[str, str, bool]:
    (claimant,) = await house.storage.cases.claimants((await worker.newest()).id)
    return claimant.name, claimant.telephone, claimant.anonymous


async def test_a_telephone_is_put_right_and_staff_hear_of_it_without_the_old_one(house: House) -> None:
    worker = await by_name(house)
    assert f"现在留的“电话”是：{OLD}" in await correcting(worker, texts.PHONE)
    assert await worker.send("1391234") == texts.NUMBER_NOT_READ
    assert await worker.send("139 1234 5678") == texts.NUMBER_KEPT
    assert await seen(house, worker) == ("王小明", NEW, False)
    case = await worker.newest()
    assert (case.events[-1].move, case.events[-1].content.text) == (Move.CORRECT, "（更正了“电话”。）")
    assert not any(number in str(case.events) for number in (OLD, NEW))
    assert case.facts.story == STORY
    (record, *_) = await house.storage.audit.search(Search())
    assert (record.entry.act, record.entry.subject) == ("case.reach", f"case/{case.id}")


async def test_a_name_is_put_right(house: House) -> None:
    worker = await by_name(house)
    assert "现在留的“称呼”是：王小明" in await correcting(worker, texts.NAME)
    assert await worker.send("问我们组长就晓得我是哪个") == texts.NAME_NOT_READ
    assert await worker.send("叫我王晓明就行") == texts.CORRECTED
    assert await seen(house, worker) == ("王晓明", OLD, False)


async def test_who_leaves_neither_name_nor_number_any_more_is_unnamed_from_then_on(house: House) -> None:
    worker = await by_name(house)
    await correcting(worker, texts.PHONE)
    assert await worker.send("不留电话了") == texts.REMOVED
    assert await seen(house, worker) == ("王小明", "", False)
    await correcting(worker, texts.NAME)
    await worker.send("不留")
    assert await seen(house, worker) == ("", "", True)
    await worker.send("我的事")
    await worker.click("欠薪")
    kept = await worker.click(texts.EXPORT)
    assert "王小明" not in kept
    assert OLD not in kept
    assert texts.UNNAMED in kept


async def test_somebody_unnamed_may_leave_a_name_later(house: House) -> None:
    worker = house.worker()
    for said in (f"/report {STORY}", "匿名", "把工资结清", "提交"):
        await worker.send(said)
    assert "现在没有留“称呼”" in await correcting(worker, texts.NAME)
    await worker.send("李师傅")
    assert await seen(house, worker) == ("李师傅", "", False)


@pytest.mark.parametrize(
    ("said", "answer", "telephone"),
    [
        ("我换手机号了，新号码是139 1234 5678", texts.NUMBER_KEPT, NEW),
        ("电话写错了", "现在留的“电话”是：13800138000", OLD),
        ("我想改一下名字", "现在留的“称呼”是：王小明", OLD),
    ],
)
async def test_who_says_that_a_number_or_a_name_has_changed_need_not_look_for_the_button(
    house: House, said: str, answer: str, telephone: str
) -> None:
    worker = await by_name(house)
    assert answer in await worker.send(said)
    assert (await seen(house, worker))[1] == telephone


async def test_a_number_is_not_the_reply_that_the_union_waits_for(house: House) -> None:
    worker = await by_name(house)
    case = await worker.newest()
    assert case.is_open
    await correcting(worker, texts.PHONE)
    await worker.send(NEW)
    assert (await worker.newest()).state is case.state


async def test_what_was_applied_for_is_put_right_by_its_own_questions(house: House) -> None:
    worker = house.worker()
    for said in ("/apply 金秋助学", "匿名", "高中二年级", "他爸病了", "没有建过", "随州的齿轮厂"):
        await worker.send(said)
    await worker.skip_to("请您看一遍", 市="随州曾都")
    await worker.send("提交")
    await worker.send("我的事")
    await worker.click("困难帮扶")
    await worker.click(texts.CORRECT)
    assert "孩子上什么学" in worker.labels
    assert "多少人" not in worker.labels
    assert "高中二年级" in await worker.click("孩子上什么学")
    await worker.send("考上大专了")
    assert ("孩子上什么学", "考上大专了") in (await worker.newest()).facts.answers


async def test_what_is_told_for_a_receipt_elsewhere_is_shown_put_right_and_deleted_there_too(house: House) -> None:
    worker = await by_name(house)
    case = await worker.newest()
    digits = RECEIPT.search(worker.replies[0].text)
    assert digits is not None
    page = house.worker("a page", Channel.WEB)
    await page.send(digits[1])
    await page.send("我的事")
    assert any("欠薪" in label for label in page.labels)
    await page.click("欠薪")
    await page.click(texts.SAY)
    await page.send("包工头姓吴，住在沙市")
    await page.send("说完了")
    for chat in (page, worker):
        await chat.send("我的事")
        await chat.click("欠薪")
        assert "包工头姓吴" in await chat.click(texts.EXPORT)
    await page.click(texts.DELETE)
    assert texts.DELETED in await page.click(texts.SURE_DELETE)
    erased = await house.storage.cases.case(case.id)
    assert erased is not None
    assert erased.erased
    assert texts.NONE in await page.send("我的事")
    assert texts.NONE in await worker.send("我的事")
