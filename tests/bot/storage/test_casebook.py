"""The cases on SQLite and on PostgreSQL."""

import asyncio
import secrets
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from bot.audit import Search
from bot.cases import receipt
from bot.cases.changes import Append, EraseCase, OpenCase, Reach, Tell
from bot.cases.model import Actor, Case, CaseKind, Claimant, Content, Evidence, Move, State
from bot.cases.ports import CaseError, Conflict, Mine, Order, Queue, Similar, TooManyGuesses
from bot.dialogue.ports import Conversation, Turn
from bot.messages import Channel, Reply
from bot.notices.model import Kind, Notice
from bot.notices.ports import Taken
from bot.storage.storage import Storage
from bot.storage.tables import Status
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases.house import (
    HANDLER,
    SHASHI,
    TRIAGE,
    WORKER,
    appended,
    claimant,
    events,
    open_case,
    told_content,
)
from tests.bot.fakes import Clock, message

ALL_UNIONS = ("沙市区总工会", "荆州市总工会")


async def opened(both: Storage, clock: Clock, change: OpenCase | None = None) -> Case:
    """Store a new case and return it as it is read."""
    change = change or open_case(clock.now)
    await both.cases.apply([change], clock.now)
    case = await both.cases.case(change.events[0].case)
    assert case is not None
    return case


async def move(
    both: Storage, clock: Clock, case: Case, what: Move, actor: Actor, content: Content | None = None
) -> Case:
    await both.cases.apply([appended(case, what, actor, clock.now, content or Content())], clock.now)
    now = await both.cases.case(case.id)
    assert now is not None
    return now


async def told(both: Storage, chat: str = "7", channel: Channel = Channel.TELEGRAM) -> list[str]:
    return [each.reply.text for each in await both.outbox.after(channel, chat)]


async def called(both: Storage) -> list[Notice]:
    return [shown.notice for shown in reversed(await both.notices.shown(ALL_UNIONS))]


async def rows(both: Storage, query: str) -> list[Any]:
    return list(await both.database.read(text(query)))  # type: ignore[arg-type]


async def test_a_case_comes_back_as_it_went_in(both: Storage, clock: Clock) -> None:
    change = open_case(clock.now)
    case = await opened(both, clock, change)
    assert case.events == change.events
    assert (case.number, case.state, case.facts.people) == ("JZ-2026-000001", State.REGISTERED, 18)
    assert await both.cases.by_number("JZ-2026-000001") == case
    assert await both.cases.case("0" * 32) is None


async def test_numbers_run_by_region_and_year(both: Storage, clock: Clock) -> None:
    numbers = [(await opened(both, clock)).number for _ in range(2)]
    elsewhere = replace(told_content(), region="随州", organization="随州市总工会")
    numbers.append((await opened(both, clock, open_case(clock.now, elsewhere))).number)
    clock.forward(days=60)
    numbers.append((await opened(both, clock)).number)
    assert numbers == ["JZ-2026-000001", "JZ-2026-000002", "SU-2026-000001", "JZ-2027-000001"]


async def test_many_that_open_at_once_have_numbers_of_their_own(both: Storage, clock: Clock) -> None:
    await asyncio.gather(*(opened(both, clock) for _ in range(8)))
    page = await both.cases.queue(Queue())
    assert {row.number for row in page.rows} == {f"JZ-2026-{number:06}" for number in range(1, 9)}


async def test_a_turn_and_its_case_are_stored_together(both: Storage, clock: Clock) -> None:
    await both.inbox.accept(message("确认"))
    (letter,) = await both.inbox.due(1, ())
    turn = Turn((Reply("登记好了"),), Conversation(Channel.TELEGRAM, "7"), changes=(open_case(clock.now),))
    await both.inbox.finish(letter, turn)
    await both.inbox.finish(letter, turn)  # by a process that thought it dead
    assert (await both.cases.queue(Queue())).total == 1
    assert await told(both) == ["登记好了"]


async def test_a_turn_whose_case_changed_meanwhile_is_not_stored_at_all(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    late = appended(case, Move.SAY, WORKER, clock.now, Content(text="还有一件事"))
    await move(both, clock, case, Move.TRIAGE, TRIAGE)
    await both.inbox.accept(message("还有一件事"))
    (letter,) = await both.inbox.due(1, ())
    before = await told(both)
    with pytest.raises(Conflict):
        await both.inbox.finish(
            letter, Turn((Reply("转过去了"),), Conversation(Channel.TELEGRAM, "7"), changes=(late,))
        )
    assert await both.inbox.counts() == {Status.WAITING: 1}
    assert await told(both) == before


async def test_of_two_who_decide_over_the_same_case_one_is_told_to_look_again(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    one = appended(case, Move.TRIAGE, TRIAGE, clock.now)
    other = appended(case, Move.WITHDRAW, WORKER, clock.now)
    came = await asyncio.gather(
        both.cases.apply([one], clock.now), both.cases.apply([other], clock.now), return_exceptions=True
    )
    assert [type(each) for each in came if each] == [Conflict]
    now = await both.cases.case(case.id)
    assert now is not None and now.seen == 2


async def test_events_that_do_not_follow_are_refused(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    (event,) = events(case, Move.TRIAGE, TRIAGE)
    for wrong in (replace(event, number=3), replace(event, before=State.ACCEPTED), replace(event, case="0" * 32)):
        with pytest.raises(Conflict):
            await both.cases.apply([Append(case.id, case.seen, (wrong,))], clock.now)
    with pytest.raises(CaseError):
        await both.cases.apply([Append("0" * 32, 1, (event,))], clock.now)


async def test_what_was_told_cannot_be_read_in_the_tables(both: Storage, clock: Clock) -> None:
    person = claimant("chat-4711", anonymous=False, name="周小满", telephone="13800000000", digits="1234567890123455")
    case = await opened(both, clock, open_case(clock.now, None, person))
    await move(both, clock, case, Move.SAY, WORKER, Content(text="老板叫吴大强"))
    stored = ""
    for table in ("cases", "case_events", "claimants", "outbox", "notices", "audit"):
        stored += "".join(
            each.decode("utf8", "replace") if isinstance(each, bytes) else str(each)
            for row in await rows(both, f"SELECT * FROM {table}")
            for each in row
        )
    for secret in ("周小满", "13800000000", "吴大强", "工钱", "某某建筑", "4711", "1234567890123455"):
        assert secret not in stored


async def test_staff_see_of_an_anonymous_worker_that_there_is_one(both: Storage, clock: Clock) -> None:
    hidden = claimant("7", name="周小满", telephone="13800000000")
    case = await opened(both, clock, open_case(clock.now, None, hidden))
    (seen,) = await both.cases.claimants(case.id)
    assert seen == Claimant(1, Channel.TELEGRAM, True, clock.now)
    (mine,) = await both.cases.of_chat(Channel.TELEGRAM, "7")
    assert (mine.claimant.name, mine.claimant.telephone) == ("周小满", "13800000000")
    await both.cases.apply([Reach(case.id, 1, anonymous=False, name="周小满", telephone="13900000000")], clock.now)
    (seen,) = await both.cases.claimants(case.id)
    assert (seen.name, seen.telephone, seen.anonymous) == ("周小满", "13900000000", False)


async def test_a_receipt_finds_its_case_from_any_channel(both: Storage, clock: Clock) -> None:
    digits = receipt.new()
    case = await opened(both, clock, open_case(clock.now, None, claimant(digits=digits)))
    found = await both.cases.by_receipt(digits, Channel.WEB, "a visitor")
    assert found == Mine(case, Claimant(1, Channel.TELEGRAM, True, clock.now))


async def test_guessing_receipts_is_stopped_for_an_hour(both: Storage, clock: Clock) -> None:
    digits = receipt.new()
    await opened(both, clock, open_case(clock.now, None, claimant(digits=digits)))
    for guess in range(5):
        assert await both.cases.by_receipt(f"{guess:016}", Channel.WEB, "thief") is None
    with pytest.raises(TooManyGuesses):
        await both.cases.by_receipt(digits, Channel.WEB, "thief")
    assert await both.cases.by_receipt(digits, Channel.WEB, "owner")
    clock.forward(minutes=61)
    assert await both.cases.by_receipt(digits, Channel.WEB, "thief")


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


async def test_a_claimant_can_be_told_something_alone(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("7"), claimant("8", 2)))
    await both.cases.apply([Tell(case.id, Reply("您的材料收到了"), 2)], clock.now)
    assert (await told(both, "7"), await told(both, "8")) == ([], ["您的材料收到了"])


async def test_a_page_shows_news_that_answers_no_question(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, None, claimant("v", channel=Channel.WEB)))
    await move(both, clock, case, Move.TRIAGE, TRIAGE)
    (news,) = await both.outbox.after(Channel.WEB, "v")
    assert (news.question, news.key) == ("", f"case:{case.id}:2")


async def test_who_joins_has_a_receipt_of_their_own_and_who_leaves_is_forgotten(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    digits = receipt.new()
    joined = appended(case, Move.JOIN, Actor.worker(2), clock.now, Content(claimant=2), claimant("8", 2, digits=digits))
    await both.cases.apply([joined], clock.now)
    found = await both.cases.by_receipt(digits, Channel.WEB, "x")
    assert found is not None and (found.case.id, found.claimant.number) == (case.id, 2)
    await move(both, clock, found.case, Move.LEAVE, Actor.worker(2), Content(claimant=2))
    assert await both.cases.by_receipt(digits, Channel.WEB, "x") is None
    assert await both.cases.of_chat(Channel.TELEGRAM, "8") == []
    (stays, left) = await both.cases.claimants(case.id)
    assert (stays.left, left.left) == (False, True)
    assert (await both.cases.queue(Queue())).rows[0].claimants == 1


async def test_who_called_the_union_has_no_chat_and_a_receipt_all_the_same(both: Storage, clock: Clock) -> None:
    digits = receipt.new()
    caller = claimant("", digits=digits, channel=Channel.WEB, anonymous=False, name="周小满", telephone="0716-1234567")
    case = await opened(both, clock, open_case(clock.now, None, caller, claimant("8", 2)))
    await move(both, clock, case, Move.TRIAGE, TRIAGE)
    assert len(await told(both, "8")) == 1
    assert sum((await both.outbox.counts()).values()) == 1
    found = await both.cases.by_receipt(digits, Channel.WEB, "v")
    assert found is not None and found.claimant.telephone == "0716-1234567"
    assert (await both.cases.queue(Queue())).rows[0].claimants == 2


async def test_erasing_leaves_bare_events(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    case = await move(both, clock, case, Move.TRIAGE, TRIAGE)
    await both.cases.apply([EraseCase(case.id, WORKER)], clock.now)
    bare = await both.cases.case(case.id)
    assert bare is not None and bare.erased
    assert [(event.move, event.at, event.after) for event in bare.events] == [
        (event.move, event.at, event.after) for event in case.events
    ]
    assert all(event.content == Content() for event in bare.events)
    assert await both.cases.of_chat(Channel.TELEGRAM, "7") == []
    assert (await both.cases.queue(Queue(states=frozenset(State)))).total == 0
    assert await both.cases.ringing(clock.now + timedelta(days=99), 10) == []
    with pytest.raises(CaseError):
        await both.cases.apply([EraseCase(case.id, WORKER)], clock.now)
    kept = await rows(both, "SELECT count(*), count(key) FROM cases")
    payloads = await rows(both, "SELECT count(*), count(payload) FROM case_events")
    assert (tuple(kept[0]), tuple(payloads[0])) == ((1, 0), (2, 0))


async def test_files_are_kept_with_their_case(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    kept = await both.evidence.keep(b"\xff\xd8\xff a photo")
    file = Evidence(secrets.token_hex(16), kept, "工资条.jpg", 1, clock.now)
    made = events(case, Move.ATTACH, WORKER, clock.now, Content(evidence=file.id))
    await both.cases.apply([Append(case.id, case.seen, made, evidence=(file,))], clock.now)
    assert await both.cases.evidence(case.id) == [file]
    assert await both.evidence.read(kept) == b"\xff\xd8\xff a photo"
    clock.forward(days=90)
    assert await both.evidence.sweep() == 0
    await both.cases.apply([EraseCase(case.id, WORKER)], clock.now)
    assert await both.cases.evidence(case.id) == []
    clock.forward(days=90)
    assert await both.evidence.sweep() == 1
    with pytest.raises(CaseError):
        await both.evidence.read(kept)


async def test_a_queue_shows_what_its_staff_may_see_and_the_urgent_first(both: Storage, clock: Clock) -> None:
    normal = await opened(both, clock)
    urgent = await opened(both, clock, open_case(clock.now, told_content(urgency=Urgency.URGENT)))
    emergency = await opened(both, clock, open_case(clock.now, told_content(kind=CaseKind.EMERGENCY)))
    elsewhere = replace(told_content(category=Category.SAFETY), organization="随州市总工会", region="随州")
    other = await opened(both, clock, open_case(clock.now, elsewhere))

    async def shown(query: Queue) -> list[str]:
        return [row.id for row in (await both.cases.queue(query)).rows]

    assert await shown(Queue(organizations=ALL_UNIONS)) == [emergency.id, urgent.id, normal.id]
    assert await shown(Queue(organizations=())) == []
    assert await shown(Queue(organizations=("随州市总工会",))) == [other.id]
    assert await shown(Queue(category=Category.SAFETY)) == [other.id]
    assert await shown(Queue(urgency=Urgency.URGENT)) == [urgent.id]
    assert await shown(Queue(region="随州")) == [other.id]
    assert await shown(Queue(states=frozenset({State.EMERGENCY}))) == [emergency.id]
    page = await both.cases.queue(Queue(limit=1, offset=1, order=Order.NEWEST))
    assert (len(page.rows), page.total) == (1, 4)
    await move(both, clock, normal, Move.ASSIGN, HANDLER, Content(staff="11111111"))
    assert await shown(Queue(handler="11111111")) == [normal.id]
    clock.forward(hours=1)
    assert await shown(Queue(overdue=True)) == [emergency.id, urgent.id]


async def test_similar_cases_are_found_however_the_employer_is_written(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock)
    closed = await opened(both, clock)
    await move(both, clock, closed, Move.WITHDRAW, WORKER)
    for name in ("荆州某某建筑有限公司", "湖北省荆州某某建筑 有限责任公司", "荆州某某建筑公司项目部"):
        assert await both.cases.similar(name, Category.WAGE_ARREARS) == [
            Similar(case.id, case.number, clock.now, 1, case.organization)
        ]
    assert await both.cases.similar("荆州某某建筑有限公司", Category.SAFETY) == []
    assert await both.cases.similar("别的公司", Category.WAGE_ARREARS) == []
    assert await both.cases.similar("", Category.WAGE_ARREARS) == []


async def test_a_merged_case_follows_the_one_that_it_is_merged_into(both: Storage, clock: Clock) -> None:
    parent = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
    child = await opened(both, clock, open_case(clock.now, None, claimant("8")))
    child = await move(both, clock, child, Move.TRIAGE, TRIAGE)
    child = await move(both, clock, child, Move.MERGE, TRIAGE, Content(parent=parent.id))
    assert [case.id for case in await both.cases.merged(parent.id)] == [child.id]
    parent = await move(both, clock, parent, Move.ANSWER, TRIAGE, Content(text="已经和单位谈好"))
    assert "已经和单位谈好" in (await told(both, "8"))[-1]
    parent = await move(both, clock, parent, Move.CONFIRM, WORKER)
    followed = await both.cases.case(child.id)
    assert (parent.state, followed and followed.state) == (State.CLOSED, State.CLOSED)


async def test_cases_merged_into_a_withdrawn_or_erased_one_stand_alone_again(both: Storage, clock: Clock) -> None:
    for end in ("withdrawn", "erased"):
        parent = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
        child = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
        child = await move(both, clock, child, Move.MERGE, TRIAGE, Content(parent=parent.id))
        if end == "withdrawn":
            await move(both, clock, parent, Move.WITHDRAW, WORKER)
        else:
            await both.cases.apply([EraseCase(parent.id, WORKER)], clock.now)
        alone = await both.cases.case(child.id)
        assert alone is not None and alone.state is State.TRIAGED


async def test_a_case_is_not_merged_into_what_is_closed_or_merged(both: Storage, clock: Clock) -> None:
    gone = await move(both, clock, await opened(both, clock), Move.WITHDRAW, WORKER)
    child = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
    with pytest.raises(CaseError):
        await move(both, clock, child, Move.MERGE, TRIAGE, Content(parent=gone.id))


async def test_several_workers_at_one_employer_are_told_as_a_count(both: Storage, clock: Clock) -> None:
    for chat in ("1", "1", "2", "3", "4", "5"):
        await opened(both, clock, open_case(clock.now, None, claimant(chat)))
        clock.forward(hours=1)
    several = [notice.count for notice in await called(both) if notice.kind is Kind.SEVERAL]
    assert several == [3, 5]
    clock.forward(days=30)
    for chat in ("6", "7"):
        await opened(both, clock, open_case(clock.now, None, claimant(chat)))
    assert len([notice for notice in await called(both) if notice.kind is Kind.SEVERAL]) == 2


async def test_an_emergency_is_taken_once(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, told_content(kind=CaseKind.EMERGENCY)))
    took = await asyncio.gather(*(both.cases.take(case.number, "张三", clock.now) for _ in range(3)))
    assert sorted(took) == [Taken.ALREADY, Taken.ALREADY, Taken.TAKEN]
    (news,) = await told(both)
    assert "值班的人已经看到了" in news
    assert await both.cases.take("JZ-2026-000099", "张三", clock.now) is Taken.GONE
    other = await opened(both, clock)
    assert await both.cases.take(other.number, "张三", clock.now) is Taken.GONE


async def test_what_staff_do_is_in_the_audit(both: Storage, clock: Clock) -> None:
    case = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
    await move(both, clock, case, Move.SAY, WORKER, Content(text="谢谢"))
    acts = [
        (record.entry.actor.id, record.entry.act, record.entry.subject) for record in await both.audit.search(Search())
    ]
    assert acts == [("22222222", "case.triage", f"case/{case.id}")]
    assert (await both.audit.verify()).broken_at is None


async def test_alarms_are_found_by_when_they_ring(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, told_content(urgency=Urgency.URGENT)))
    assert await both.cases.next_alarm() == clock.now + timedelta(minutes=24)  # 80 % of half an hour
    assert await both.cases.ringing(clock.now, 10) == []
    assert [each.id for each in await both.cases.ringing(clock.now + timedelta(minutes=24), 10)] == [case.id]
    await move(both, clock, case, Move.WITHDRAW, WORKER)
    assert await both.cases.next_alarm() is None


@pytest.mark.parametrize("query", [Queue(), Queue(organizations=("沙市区总工会",))])
async def test_a_queue_is_read_off_an_index(storage: Storage, tmp_path: Path, query: Queue) -> None:
    sql = str(storage.cases.selected(query).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        plan = "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "USING INDEX ix_cases_open_" in plan
    assert "TEMP B-TREE" not in plan
