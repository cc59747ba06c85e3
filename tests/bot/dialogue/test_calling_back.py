"""Nothing can be sent to a page that is closed: a call-back number is offered there, and staff alone see it."""

from bot.messages import Channel
from bot.storage.storage import Storage
from bot.texts import danger as danger_texts
from bot.texts import mine as texts
from tests.bot.talk import Talk


async def reported(talk: Talk) -> str:
    """Hand in a grievance without a name."""
    await talk.send("/report 老板三个月没发工资，在沙市的华美服装厂，从今年3月开始，就我一个人")
    await talk.send("匿名")
    await talk.click("跳过")
    return await talk.send("提交")


async def test_who_stays_unnamed_on_the_page_may_leave_a_number_and_nothing_else(storage: Storage) -> None:
    page = Talk(storage.cases, Channel.WEB)
    assert texts.NO_PUSH in await reported(page)
    assert await page.click(texts.CALL_BACK) == texts.ASK_NUMBER
    assert await page.send("1380013") == texts.NUMBER_NOT_READ
    assert await page.send("１３８ 0013 8000") == texts.NUMBER_KEPT
    case = await page.newest()
    (seen,) = await storage.cases.claimants(case.id)
    assert (seen.name, seen.telephone) == ("", "13800138000")
    assert case.events[-1].content.text == texts.NUMBER_LEFT, "no number stands in the story"
    await page.send("我的事")
    await page.tap(f"case:show:{case.id}")
    assert texts.CALL_BACK not in page.labels
    await page.click(texts.CHANGE_NUMBER)
    await page.send("0716-8123456")
    (seen,) = await storage.cases.claimants(case.id)
    assert seen.telephone == "07168123456"


async def test_who_thinks_better_of_leaving_a_number_stays_unnamed_and_may_still(storage: Storage) -> None:
    page = Talk(storage.cases, Channel.WEB)
    await reported(page)
    await page.click(texts.CALL_BACK)
    await page.click(texts.KEEP)
    case = await page.newest()
    (seen,) = await storage.cases.claimants(case.id)
    assert (seen.anonymous, seen.telephone) == (True, "")
    await page.tap(f"case:show:{case.id}")
    assert texts.CALL_BACK in page.labels


async def test_a_messenger_that_news_are_sent_to_offers_none(storage: Storage) -> None:
    talk = Talk(storage.cases)
    assert texts.NO_PUSH not in await reported(talk)
    assert texts.CALL_BACK not in talk.labels


async def test_whoever_is_in_danger_on_the_page_is_asked_for_a_number() -> None:
    assert danger_texts.CALL_BACK in await Talk(channel=Channel.WEB).send("车间着火了，还有人在里面")
    assert danger_texts.CALL_BACK not in await Talk().send("车间着火了，还有人在里面")
