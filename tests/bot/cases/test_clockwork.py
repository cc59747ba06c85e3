import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from pathlib import Path

from structlog.testing import capture_logs

from bot.cases.changes import EraseCase, NoticeKind
from bot.cases.clockwork import due
from bot.cases.model import SYSTEM, Alarm, Case, CaseKind, ClockKind, Content, Move, State
from bot.cases.ports import Queue
from bot.messages import Channel
from bot.notices.model import Kind, Notice
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from knowledge.categories import Changes, Limit, Unit, changes_file, load_categories, write_changes
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Urgency
from tests.bot.cases.house import (
    HANDLER,
    NOW,
    SHASHI,
    SUPERVISOR,
    TIMES,
    TRIAGE,
    WORKER,
    appended,
    done,
    new_case,
    open_case,
    refused,
    resolved,
    told_content,
)
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock, eventually

UNIONS = ("沙市区总工会", "荆州市总工会", "湖北省总工会")


async def stored(storage: Storage, clock: Clock, content: Content | None = None) -> str:
    change = open_case(clock.now, content)
    await storage.cases.apply([change], clock.now)
    return change.events[0].case


async def read(storage: Storage, id: str) -> Case:
    case = await storage.cases.case(id)
    assert case is not None
    return case


async def move(storage: Storage, clock: Clock, id: str, *steps: tuple[Move, Content]) -> Case:
    actors = {Move.TRIAGE: TRIAGE, Move.DISPATCH: TRIAGE, Move.CONFIRM: WORKER}
    for what, content in steps:
        case = await read(storage, id)
        change = appended(case, what, actors.get(what, HANDLER), clock.now, content)
        await storage.cases.apply([change], clock.now)
    return await read(storage, id)


async def notices(storage: Storage) -> list[Notice]:
    return [shown.notice for shown in reversed(await storage.notices.shown(UNIONS))]


def at_clock(clock: Clock) -> Clock:
    clock.now = NOW
    return clock


async def test_a_case_that_nobody_looks_at_is_brought_higher_and_higher(storage: Storage, clock: Clock) -> None:
    at_clock(clock)
    id = await stored(storage, clock)
    for _ in range(24 * 4):
        clock.forward(hours=1)
        await storage.clockwork.ring()
    told = [(each.kind, each.union, each.level) for each in await notices(storage)]
    assert told == [
        (Kind.NEW_CASE, "沙市区总工会", 0),
        (Kind.WARNING, "沙市区总工会", 0),
        (Kind.OVERDUE, "沙市区总工会", 1),
        (Kind.OVERDUE, "荆州市总工会", 2),
        (Kind.OVERDUE, "湖北省总工会", 3),
    ]
    case = await read(storage, id)
    assert [event.content.step for event in case.events if event.move is Move.TICK] == [0, 1, 2, 3]


async def test_after_an_outage_everything_rings_once(storage: Storage, clock: Clock) -> None:
    at_clock(clock)
    await stored(storage, clock)
    clock.forward(days=30)
    assert await storage.clockwork.ring() > 0
    before = await notices(storage)
    assert await storage.clockwork.ring() == 0
    assert await notices(storage) == before
    assert len(before) == 5


async def test_two_clockworks_ring_once(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    at_clock(clock)
    url = f"sqlite:///{tmp_path / 'niangjia.db'}"
    async with Storage(url, Seal(SECRET), now=clock) as other:
        for _ in range(5):
            await stored(storage, clock)
        clock.forward(days=30)
        await asyncio.gather(storage.clockwork.ring(), other.clockwork.ring())
        await storage.clockwork.ring()
    assert len([each for each in await notices(storage) if each.kind is Kind.OVERDUE]) == 15


async def test_an_emergency_is_called_every_five_minutes_until_somebody_takes_it(
    storage: Storage, clock: Clock
) -> None:
    at_clock(clock)
    id = await stored(storage, clock, told_content(kind=CaseKind.EMERGENCY))
    for _ in range(20):
        await storage.clockwork.ring()
        clock.forward(minutes=1)
    await storage.cases.take((await read(storage, id)).number, "张三", clock.now)
    for _ in range(20):
        await storage.clockwork.ring()
        clock.forward(minutes=1)
    rung = [event.at - NOW for event in (await read(storage, id)).events if event.content.alarm is Alarm.CALL]
    assert rung == [timedelta(minutes=minutes) for minutes in (0, 5, 10, 15)]
    assert [each.kind for each in await notices(storage)].count(Kind.EMERGENCY) == 1  # the desk has it once


def test_each_call_says_how_often_nobody_answered() -> None:
    case, said = new_case(NOW, told_content(kind=CaseKind.EMERGENCY)), []
    for minutes in range(0, 70, 5):
        events, calls = due(case, NOW + timedelta(minutes=minutes), TIMES, load_organizations())
        case = reduce(Case.then, events, case)
        said += [(call.call, call.level, call.organization) for call in calls if call.kind is NoticeKind.EMERGENCY]
    assert [call for call, _, _ in said] == list(range(1, 15))
    assert [level for _, level, _ in said] == [0] * 3 + [1] * 9 + [2] * 2
    assert {organization for _, _, organization in said} == {"沙市区总工会"}


async def test_a_worker_who_is_waited_for_is_reminded_twice_and_then_left_to_a_supervisor(
    storage: Storage, clock: Clock
) -> None:
    at_clock(clock)
    id = await stored(storage, clock)
    dispatched = ((Move.TRIAGE, Content()), (Move.DISPATCH, SHASHI), (Move.ACCEPT, Content()), (Move.START, Content()))
    await move(storage, clock, id, *dispatched, (Move.ASK_WORKER, Content(text="合同在吗？")))
    for _ in range(20):
        clock.forward(days=1)
        await storage.clockwork.ring()
    told = [each.reply.text for each in await storage.outbox.after(Channel.TELEGRAM, "7")]
    assert sum("还在等您的回复" in text for text in told) == 2
    assert [each.kind for each in await notices(storage)][-1] is Kind.UNREACHED


async def test_a_result_is_followed_up_on_three_working_days_and_closed_by_a_supervisor(
    storage: Storage, clock: Clock
) -> None:
    at_clock(clock)
    id = await stored(storage, clock)
    await move(storage, clock, id, (Move.TRIAGE, Content()), (Move.ANSWER, Content(text="答复")))
    for _ in range(24 * 12):
        clock.forward(hours=1)
        await storage.clockwork.ring()
    case = await read(storage, id)
    asked = [event.at for event in case.events if event.content.alarm is Alarm.ASK]
    assert case.state is State.FOLLOW_UP
    assert len(asked) == 3
    assert len({moment.date() for moment in asked}) == 3
    replies = [each.reply for each in await storage.outbox.after(Channel.TELEGRAM, "7")]
    asking = [reply for reply in replies if reply.buttons]
    assert [button.action for button in asking[0].buttons[0]] == [f"settled:{id}", f"unsettled:{id}"]
    assert len(asking) == 1 + 3  # the answer, and whoever asks after it
    assert [each.kind for each in await notices(storage)][-1] is Kind.UNREACHED
    assert "不归您这个角色" in refused(case, Move.CLOSE_UNREACHED, HANDLER, Content(reason="三次没有回音"))
    assert done(case, Move.CLOSE_UNREACHED, SUPERVISOR, content=Content(reason="三次没有回音")).state is State.CLOSED


async def test_it_rings_by_itself_as_soon_as_a_case_is_there(storage: Storage, clock: Clock) -> None:
    at_clock(clock)
    running = asyncio.create_task(storage.clockwork.run())
    await asyncio.sleep(0.05)
    id = await stored(storage, clock, told_content(kind=CaseKind.EMERGENCY))

    async def called() -> bool:
        return any(event.content.clock is ClockKind.CALL for event in (await read(storage, id)).events)

    await eventually(called)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_case_that_does_not_open_stops_no_other_clock(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    at_clock(clock)
    broken = await stored(storage, clock)
    whole = await stored(storage, clock)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute("UPDATE case_events SET payload = x'0100' WHERE case_id = ?", (broken,))
    clock.forward(days=30)
    await storage.clockwork.ring()
    assert any(event.move is Move.TICK for event in (await read(storage, whole)).events)


async def test_fifty_cases_that_cannot_be_stored_stop_no_other_clock_and_are_tried_again(
    storage: Storage, clock: Clock, tmp_path: Path
) -> None:
    at_clock(clock)
    changes = [open_case(clock.now) for _ in range(60)]
    await storage.cases.apply(changes, clock.now)
    clock.forward(minutes=1)
    whole = await stored(storage, clock)
    failing = [change.events[0].case for change in changes]
    with closing(sqlite3.connect(tmp_path / "niangjia.db", isolation_level=None)) as connection:
        named = ", ".join(f"'{id}'" for id in failing)
        told = f"CREATE TRIGGER fails BEFORE INSERT ON case_events WHEN NEW.case_id IN ({named}) "
        connection.execute(f"{told} BEGIN SELECT RAISE(ABORT, 'a fault'); END")
        clock.forward(days=30)
        with capture_logs() as logs:
            assert await storage.clockwork.ring() > 0
            assert await storage.clockwork.ring() == 0
        assert [each["case"] for each in logs if each["event"] == "clockwork.case_failed"] == failing
        assert any(event.move is Move.TICK for event in (await read(storage, whole)).events)
        assert await storage.clockwork.counts() == {"late": 60}
        connection.execute("DROP TRIGGER fails")
    assert await storage.clockwork.ring() == 0
    clock.forward(minutes=1)
    assert await storage.clockwork.ring() > 0
    assert await storage.clockwork.counts() == {"late": 0}


async def test_danger_rings_before_what_waits_longer(storage: Storage, clock: Clock) -> None:
    at_clock(clock)
    await stored(storage, clock)
    clock.forward(days=30)
    danger = await stored(storage, clock, told_content(kind=CaseKind.EMERGENCY))
    assert (await storage.cases.ringing(clock.now, 10))[0] == danger


async def test_longer_limits_put_off_what_would_have_been_due_by_those_of_before(tmp_path: Path, clock: Clock) -> None:
    at_clock(clock)
    categories = load_categories(home=tmp_path)
    async with Storage(f"sqlite:///{tmp_path / 'niangjia.db'}", Seal(SECRET), categories=categories, now=clock) as ours:
        await stored(ours, clock)
        before = await ours.cases.next_alarm()
        assert before is not None
        limits = replace(categories.clocks[Urgency.NORMAL], triage=Limit(20, Unit.WORKING_DAY))
        changes_file(tmp_path).parent.mkdir(parents=True)
        write_changes(changes_file(tmp_path), Changes(clocks={Urgency.NORMAL: limits}))
        clock.now = before
        assert await ours.clockwork.ring() == 0
        after = await ours.cases.next_alarm()
        assert after is not None and after > before + timedelta(days=14)


async def test_shorter_limits_hold_for_a_case_that_is_under_way(tmp_path: Path, clock: Clock) -> None:
    at_clock(clock)
    categories = load_categories(home=tmp_path)
    async with Storage(f"sqlite:///{tmp_path / 'niangjia.db'}", Seal(SECRET), categories=categories, now=clock) as ours:
        await stored(ours, clock)
        limits = replace(categories.clocks[Urgency.NORMAL], triage=Limit(2, Unit.HOUR))
        changes_file(tmp_path).parent.mkdir(parents=True)
        write_changes(changes_file(tmp_path), Changes(clocks={Urgency.NORMAL: limits}))
        await ours.cases.look_again()
        assert await ours.clockwork.ring() == 0
        (row,) = (await ours.cases.queue(Queue())).rows
        assert row.due_at == clock.now + timedelta(hours=2)
        assert await ours.cases.ringing(clock.now, 10) == []


async def test_looking_again_rings_nothing_and_leaves_what_has_ended(storage: Storage, clock: Clock) -> None:
    at_clock(clock)
    await stored(storage, clock)
    before = await storage.cases.next_alarm()
    await storage.cases.look_again()
    assert len(await storage.cases.ringing(clock.now, 10)) == 1
    assert await storage.clockwork.ring() == 0
    assert await storage.cases.next_alarm() == before
    ended = await stored(storage, clock)
    await storage.cases.apply([EraseCase(ended, SYSTEM)], clock.now)
    await storage.cases.look_again()
    assert ended not in await storage.cases.ringing(clock.now, 10)


def test_what_is_not_due_brings_nothing() -> None:
    assert due(new_case(), NOW, TIMES, load_organizations()) == ((), ())


def test_a_case_regraded_as_urgent_is_overdue_at_once() -> None:
    case = done(new_case(), Move.REGRADE, TRIAGE, NOW.replace(hour=6), Content(urgency=Urgency.URGENT))
    _, calls = due(case, NOW.replace(hour=6), TIMES, load_organizations())
    assert [call.level for call in calls] == [0, 1]


def test_the_first_question_is_the_move_itself() -> None:
    events, calls = due(resolved(), NOW.replace(day=25), TIMES, load_organizations())
    assert [(event.move, event.actor) for event in events] == [(Move.FOLLOW_UP, SYSTEM)]
    assert calls == ()
