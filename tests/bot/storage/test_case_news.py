"""Who hears of what is done to a case, on SQLite and on PostgreSQL."""

import asyncio

from bot.cases.changes import Tell
from bot.cases.model import CaseKind, Content, Move
from bot.messages import Channel, Reply
from bot.notices.model import Kind
from bot.notices.ports import Taken
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.cases.house import (
    SHASHI,
    TRIAGE,
    WORKER,
    claimant,
    open_case,
    told_content,
)
from tests.bot.fakes import Clock
from tests.bot.storage.casework import called, move, opened, told


async def test_every_change_of_state_reaches_every_claimant(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("7"), claimant("8", 2, channel=Channel.WEB)))
    case = await move(both, clock, case, Move.TRIAGE, TRIAGE)
    case = await move(both, clock, case, Move.DISPATCH, TRIAGE, SHASHI)
    for news in (await told(both), await told(both, "8", Channel.WEB)):
        assert len(news) == 2
        assert "沙市区总工会" in news[1]
    assert await both.outbox.counts() == {Status.WAITING: 2, Status.SHELVED: 2}


async def test_what_one_claimant_says_is_for_staff_alone(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("7"), claimant("8", 2)))
    await move(both, clock, case, Move.SAY, WORKER, Content(text="我的伤好多了"))
    assert await told(both, "8") == []
    assert [notice.kind for notice in await called(both)] == [Kind.NEW_CASE, Kind.REPLY]


async def test_who_opens_a_case_again_is_answered_by_the_dialogue_alone_and_the_others_are_told(
    both: Storage, clock: Clock
) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("7"), claimant("8", 2)))
    case = await move(both, clock, case, Move.TRIAGE, TRIAGE)
    case = await move(both, clock, case, Move.ANSWER, TRIAGE, Content(text="下周三前结清"))
    before = await told(both), await told(both, "8")
    again = await move(both, clock, case, Move.REOPEN, WORKER)
    assert again.events[-2].move is Move.FOLLOW_UP, "which the system did beforehand"
    assert await told(both) == before[0]
    (news,) = (await told(both, "8"))[len(before[1]) :]
    assert news.endswith("这件事重新打开了，工会会再看一遍。")


async def test_a_claimant_can_be_told_something_alone(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("7"), claimant("8", 2)))
    await both.cases.apply([Tell(case.id, Reply("您的材料收到了"), 2)], clock.now)
    assert (await told(both, "7"), await told(both, "8")) == ([], ["您的材料收到了"])


async def test_a_page_shows_news_that_answers_no_question(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("v", channel=Channel.WEB)))
    await move(both, clock, case, Move.TRIAGE, TRIAGE)
    (news,) = await both.outbox.after(Channel.WEB, "v")
    assert (news.question, news.key) == ("", f"case:{case.id}:2")


async def test_an_emergency_is_taken_once(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, told_content(kind=CaseKind.EMERGENCY)))
    took = await asyncio.gather(*(both.cases.take(case.number, "张三", clock.now) for _ in range(3)))
    assert sorted(took) == [Taken.ALREADY, Taken.ALREADY, Taken.TAKEN]
    (news,) = await told(both)
    assert "值班的人已经看到了" in news
    assert await both.cases.take("JZ-2026-000099", "张三", clock.now) is Taken.GONE
    other = await opened(both, clock)
    assert await both.cases.take(other.number, "张三", clock.now) is Taken.GONE
