"""The worker has the last word: settled or not, in time or late, content or not."""

import pytest

from bot.cases.model import Content, Move, State
from bot.dialogue.verdicts import Verdict, stars, verdict
from bot.texts import mine as texts
from tests.bot.talk import Talk
from tests.conversations.conftest import House


async def answered(house: House, *moves: Move) -> Talk:
    """Return a worker whose grievance was answered by the union, or was moved on otherwise."""
    worker = house.worker()
    await worker.send("/report 老板三个月没发工资，在沙市的华美服装厂")
    await worker.send("匿名")
    await worker.send("提交")
    await worker.send("提交")
    await worker.staff(Move.TRIAGE)
    content = Content(text="单位说明天补发。", organization="沙市区总工会", department="rights", reason="在沙市。")
    for move in moves or (Move.ANSWER,):
        await worker.staff(move, content)
    return worker


@pytest.mark.parametrize(
    "said",
    [
        "明天上午我带本子过来",
        "本子我带来了",
        "他答应了，写了个条子给我",
        "我把铺盖搬到亲戚家了",
        "照片太大了，发不过去",
    ],
)
async def test_a_plain_reply_to_what_staff_asked_reaches_the_case_and_calls_nobody_out(house: House, said: str) -> None:
    worker = await answered(house, Move.DISPATCH, Move.ACCEPT, Move.START, Move.ASK_WORKER)
    assert "转过去了" in await worker.send(said)
    (mine,) = await worker.cases.of_chat(worker.channel, worker.chat)
    assert mine.case.state is State.IN_PROGRESS
    assert mine.case.events[-2].content.text == said


async def test_who_says_why_it_is_not_settled_opens_it_again_and_staff_read_why(house: House) -> None:
    worker = await answered(house)
    assert await worker.send("还没有给，老板电话都不接了") == texts.REOPENED_TOLD
    case = await worker.newest()
    assert case.state is State.REOPENED
    assert case.events[-1].content.text == "还没有给，老板电话都不接了"


async def test_money_that_came_settles_it(house: House) -> None:
    worker = await answered(house)
    assert await worker.send("钱已经到账了，谢谢你们") == texts.SETTLED
    assert (await worker.newest()).state is State.CLOSED
    assert await worker.send("很满意") == texts.RATED
    assert (await worker.newest()).score == 5


async def test_few_stars_are_met_by_an_apology_and_a_way_back(house: House) -> None:
    worker = await answered(house)
    await worker.send("解决了")
    assert await worker.click("⭐") == texts.RATED_LOW
    await worker.click(texts.REOPEN)
    assert (await worker.newest()).state is State.REOPENED


async def test_a_case_that_staff_closed_is_opened_again_by_a_word(house: House) -> None:
    worker = await answered(house)
    await worker.staff(Move.CONFIRM, Content(claimant=1))
    assert (await worker.newest()).state is State.CLOSED
    assert await worker.send("没有解决啊，一分钱没拿到") != texts.NOT_NOW
    assert (await worker.newest()).state is State.REOPENED


async def test_who_answers_late_may_open_it_freely_or_say_that_all_is_well(house: House) -> None:
    worker = await answered(house)
    await worker.staff(Move.FOLLOW_UP)
    await worker.staff(Move.CLOSE_UNREACHED, Content(reason="三次没有回音"))
    case = await worker.newest()
    assert await worker.tap(f"settled:{case.id}") == texts.SETTLED_ALREADY
    assert (await worker.newest()).state is State.CLOSED
    await worker.tap(f"unsettled:{case.id}")
    assert (await worker.newest()).state is State.REOPENED
    assert await worker.tap(f"unsettled:{case.id}") == texts.STILL_OPEN, "a second tap on the same button"


async def test_who_says_it_is_settled_while_the_union_is_at_it_is_heard(house: House) -> None:
    worker = await answered(house)
    await worker.send("没解决")
    assert await worker.send("解决了") == texts.SETTLED_EARLY
    assert (await worker.newest()).events[-1].move is Move.SAY


async def test_the_second_time_a_supervisor_decides_and_reads_why(house: House) -> None:
    worker = await answered(house)
    await worker.send("没解决")
    await worker.staff(Move.TRIAGE)
    await worker.staff(Move.ANSWER, Content(text="单位说下周补发。"))
    assert await worker.send("我不同意，上次也是这么说的") == texts.ASKED_REOPEN
    last = (await worker.newest()).events[-1]
    assert (last.move, last.content.text) == (Move.ASK_REOPEN, "我不同意，上次也是这么说的")


async def test_stars_mean_nothing_where_nothing_was_settled(house: House) -> None:
    worker = house.worker()
    await worker.send("满意")
    assert worker.answers.asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("解决了", Verdict.SETTLED),
        ("工资都发了，谢谢", Verdict.SETTLED),
        ("钱拿到手了", Verdict.SETTLED),
        ("没有", Verdict.UNSETTLED),
        ("还没解决", Verdict.UNSETTLED),
        ("老板还是没给", Verdict.UNSETTLED),
        ("不满意", Verdict.UNSETTLED),
        ("再帮我看一次", Verdict.UNSETTLED),
        ("没签劳动合同", None),
        ("加班费怎么算", None),
    ],
)
def test_a_verdict_is_told_from_a_new_matter(text: str, said: Verdict | None) -> None:
    assert verdict(text) is said


@pytest.mark.parametrize(("text", "number"), [("很满意", 5), ("还行吧", 3), ("⭐⭐", 2), ("差评", 1), ("好", None)])
def test_stars_are_read_from_words(text: str, number: int | None) -> None:
    assert stars(text) == number
