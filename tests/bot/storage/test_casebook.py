"""The cases on SQLite and on PostgreSQL: how they come back, to whom, and how they are found."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from bot.cases import receipt
from bot.cases.changes import Reach
from bot.cases.model import CaseKind, Claimant, Content, Move, State
from bot.cases.ports import Mine, Order, Queue, Similar, TooManyGuesses
from bot.messages import Channel
from bot.notices.model import Kind
from bot.storage.storage import Storage
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases.house import (
    HANDLER,
    TRIAGE,
    WORKER,
    claimant,
    open_case,
    told_content,
)
from tests.bot.fakes import Clock
from tests.bot.storage.casework import ALL_UNIONS, called, move, opened, rows, told


async def test_a_case_comes_back_as_it_went_in(both: Storage, clock: Clock) -> None:
    change = open_case(clock.now)
    case = await opened(both, clock, change)
    assert case.events == change.events
    assert (case.number, case.state, case.facts.people) == ("JZ-2026-000001", State.REGISTERED, 18)
    assert await both.cases.by_number("JZ-2026-000001") == case
    assert await both.cases.case("0" * 32) is None


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


async def test_alarms_are_found_by_when_they_ring(both: Storage, clock: Clock) -> None:
    case = await opened(both, clock, open_case(clock.now, told_content(urgency=Urgency.URGENT)))
    assert await both.cases.next_alarm() == clock.now + timedelta(minutes=24)  # 80 % of half an hour
    assert await both.cases.ringing(clock.now, 10) == []
    assert await both.cases.ringing(clock.now + timedelta(minutes=24), 10) == [case.id]
    await move(both, clock, case, Move.WITHDRAW, WORKER)
    assert await both.cases.next_alarm() is None


@pytest.mark.parametrize("query", [Queue(), Queue(organizations=("沙市区总工会",))])
async def test_a_queue_is_read_off_an_index(storage: Storage, tmp_path: Path, query: Queue) -> None:
    sql = str(storage.cases.selected(query).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        plan = "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "USING INDEX ix_cases_open_" in plan
    assert "TEMP B-TREE" not in plan
