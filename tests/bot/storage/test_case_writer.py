"""What changes a case, on SQLite and on PostgreSQL: all or nothing, and of two who decide over it only one."""

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Search
from bot.cases import receipt
from bot.cases.changes import Append, EraseCase
from bot.cases.model import Actor, Content, Evidence, Move, State
from bot.cases.ports import CaseError, Conflict, Queue
from bot.dialogue.ports import Conversation, Turn
from bot.messages import Channel, Reply
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.cases.house import (
    TRIAGE,
    WORKER,
    appended,
    claimant,
    events,
    open_case,
    told_content,
)
from tests.bot.fakes import Clock, message
from tests.bot.storage.casework import move, opened, rows, told


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


async def test_what_staff_do_is_in_the_audit(both: Storage, clock: Clock) -> None:
    case = await move(both, clock, await opened(both, clock), Move.TRIAGE, TRIAGE)
    await move(both, clock, case, Move.SAY, WORKER, Content(text="谢谢"))
    acts = [
        (record.entry.actor.id, record.entry.act, record.entry.subject) for record in await both.audit.search(Search())
    ]
    assert acts == [("22222222", "case.triage", f"case/{case.id}")]
    assert (await both.audit.verify()).broken_at is None
