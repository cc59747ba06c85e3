from datetime import datetime, timedelta

import pytest

from bot.cases.deadlines import Clock, ahead, clocks, level
from bot.cases.model import SYSTEM, Actor, Alarm, Case, CaseKind, ClockKind, Content, Move, State
from knowledge.calendar import ZONE
from knowledge.vocabulary import Urgency
from tests.bot.cases.house import (
    HANDLER,
    NOW,
    SHASHI,
    SUPERVISOR,
    TIMES,
    TRIAGE,
    WORKER,
    dispatched,
    done,
    in_progress,
    later,
    new_case,
    resolved,
    told_content,
)


def clock(case: Case, kind: ClockKind) -> Clock:
    return next(each for each in clocks(case, TIMES) if each.kind is kind)


def kinds(case: Case) -> set[ClockKind]:
    return {each.kind for each in clocks(case, TIMES)}


def day(number: int, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of November 2026 in China; the 16th is a Monday."""
    return datetime(2026, 11, number, hour, minute, tzinfo=ZONE)


def rung(case: Case, kind: ClockKind, step: int, at: datetime = NOW) -> Case:
    ringing = clock(case, kind)
    ring = ringing.rings[step]
    return done(case, Move.TICK, SYSTEM, at, Content(clock=kind, since=ringing.since, step=step, alarm=ring.alarm))


def test_a_normal_case_is_triaged_within_a_working_day() -> None:
    triage = clock(new_case(), ClockKind.TRIAGE)
    assert triage.due_at == day(17)
    assert [(ring.alarm, ring.level, ring.at) for ring in triage.rings] == [
        (Alarm.WARN, 0, day(17, 5, 12)),
        (Alarm.OVERDUE, 1, day(17)),
        (Alarm.OVERDUE, 2, day(18)),
        (Alarm.OVERDUE, 3, day(19)),
    ]


def test_over_a_weekend_the_clock_of_a_normal_case_stands_still() -> None:
    friday = new_case(day(20, 15))
    assert clock(friday, ClockKind.TRIAGE).due_at == day(23, 15)


def test_urgent_and_emergency_clocks_run_in_calendar_time() -> None:
    urgent = new_case(day(21), told_content(urgency=Urgency.URGENT))
    assert clock(urgent, ClockKind.TRIAGE).due_at == day(21, 10, 30)
    emergency = new_case(day(21), told_content(kind=CaseKind.EMERGENCY))
    assert clock(emergency, ClockKind.CONTACT).due_at == day(21, 10, 30)
    assert clock(emergency, ClockKind.RESULT).due_at == day(22)


def test_the_same_day_ends_at_midnight() -> None:
    urgent = dispatched(day(18, 15), told_content(urgency=Urgency.URGENT))
    assert clock(urgent, ClockKind.CONTACT).due_at == day(19, 0)
    assert clock(urgent, ClockKind.ACCEPT).due_at == day(18, 17)


def test_triage_is_due_until_the_case_is_dispatched() -> None:
    case = done(new_case(), Move.TRIAGE, TRIAGE, later(hours=2))
    assert clock(case, ClockKind.TRIAGE).started_at == NOW
    case = done(case, Move.DISPATCH, TRIAGE, later(hours=3), SHASHI)
    assert kinds(case) == {ClockKind.ACCEPT, ClockKind.CONTACT}
    case = done(case, Move.RETURN, HANDLER, later(hours=4), Content(reason="不归我们"))
    assert clock(case, ClockKind.TRIAGE).started_at == later(hours=4)


def test_the_first_contact_is_made_once_and_by_the_union() -> None:
    case = done(dispatched(), Move.SAY, WORKER, later(hours=1), Content(text="有人吗"))
    assert ClockKind.CONTACT in kinds(case)
    case = done(case, Move.ACCEPT, HANDLER, later(hours=2))
    assert ClockKind.CONTACT in kinds(case)
    case = done(case, Move.SAY, HANDLER, later(hours=3), Content(text="您好"))
    assert ClockKind.CONTACT not in kinds(case)


def test_a_transfer_does_not_give_more_time_for_the_first_contact() -> None:
    case = done(dispatched(), Move.TRANSFER, HANDLER, later(days=1), SHASHI)
    assert clock(case, ClockKind.CONTACT).started_at == NOW
    assert clock(case, ClockKind.ACCEPT).started_at == later(days=1)


def test_an_interim_reply_starts_the_results_clock_anew() -> None:
    case = in_progress()
    assert clock(case, ClockKind.RESULT).due_at == day(23)
    case = done(case, Move.INTERIM, HANDLER, day(18), Content(text="正在核实"))
    assert clock(case, ClockKind.RESULT).due_at == day(25)


def test_the_clock_stands_still_while_the_worker_is_waited_for() -> None:
    case = done(in_progress(), Move.ASK_WORKER, HANDLER, day(17), Content(text="合同在吗？"))
    assert kinds(case) == {ClockKind.WORKER}
    assert [(ring.alarm, ring.at) for ring in clock(case, ClockKind.WORKER).rings] == [
        (Alarm.REMIND, day(20)),
        (Alarm.REMIND, day(24)),
        (Alarm.UNREACHED, day(17) + timedelta(days=14)),
    ]
    case = done(case, Move.SAY, WORKER, day(19), Content(text="在"))
    assert clock(case, ClockKind.RESULT).due_at == day(25)  # the 23rd, and the two days that it stood still


def test_nobody_is_reminded_at_night() -> None:
    case = done(in_progress(), Move.ASK_WORKER, HANDLER, day(17, 23), Content(text="合同在吗？"))
    assert clock(case, ClockKind.WORKER).rings[0].at == day(21, 9)


def test_on_the_legal_track_the_outside_bodys_limit_is_shown() -> None:
    until = day(16) + timedelta(days=45)
    case = done(in_progress(), Move.GO_LEGAL, HANDLER, content=Content(body="arbitration", until=until))
    assert kinds(case) == {ClockKind.LEGAL}
    assert clock(case, ClockKind.LEGAL).due_at == until


def test_a_settled_case_is_asked_about_on_three_working_days() -> None:
    case = resolved(day(17, 22))
    asked = clock(case, ClockKind.FOLLOW_UP)
    assert [ring.at for ring in asked.rings] == [day(23, 9)]  # three working days, and not at night
    case = done(case, Move.FOLLOW_UP, SYSTEM, day(20))
    assert [(ring.alarm, ring.at) for ring in clock(case, ClockKind.FOLLOW_UP).rings] == [
        (Alarm.ASK, day(23)),
        (Alarm.ASK, day(24)),
        (Alarm.UNREACHED, day(25)),
    ]


def test_an_emergency_calls_at_once_and_every_five_minutes_until_somebody_takes_it() -> None:
    case = new_case(NOW, told_content(kind=CaseKind.EMERGENCY))
    call = ahead(case, TIMES)[0]
    assert (call[0].kind, call[1].at, call[1].step) == (ClockKind.CALL, NOW, 0)
    case = rung(case, ClockKind.CALL, 0, NOW)
    assert clock(case, ClockKind.CALL).rings[1].at == later(minutes=5)
    case = rung(case, ClockKind.CALL, 1, later(minutes=65))  # the bot was down for an hour
    assert [ring.at for ring in clock(case, ClockKind.CALL).rings[2:]] == [later(minutes=70)]
    case = done(case, Move.ACKNOWLEDGE, HANDLER, later(minutes=66))
    assert kinds(case) == {ClockKind.CONTACT, ClockKind.RESULT}


def test_what_has_rung_does_not_ring_again() -> None:
    case = rung(new_case(), ClockKind.TRIAGE, 0)
    assert [pair[1].step for pair in ahead(case, TIMES)] == [1, 2, 3]
    assert level(case, TIMES) == 0
    case = rung(rung(case, ClockKind.TRIAGE, 1), ClockKind.TRIAGE, 2)
    assert level(case, TIMES) == 2
    assert level(done(case, Move.TRIAGE, TRIAGE), TIMES) == 2  # it still waits for a unit
    assert level(done(done(case, Move.TRIAGE, TRIAGE), Move.DISPATCH, TRIAGE, content=SHASHI), TIMES) == 0


@pytest.mark.parametrize("end", [Move.WITHDRAW, Move.CONFIRM])
def test_what_has_ended_has_no_clock(end: Move) -> None:
    case = done(resolved(), end, WORKER)
    assert clocks(case, TIMES) == ()


def test_a_supervisor_decides_in_time_on_what_a_worker_wants_opened_once_more() -> None:
    case = done(done(resolved(), Move.REOPEN, WORKER), Move.TRIAGE, TRIAGE)
    case = done(case, Move.ANSWER, TRIAGE, content=Content(text="答"))
    waiting = done(case, Move.ASK_REOPEN, WORKER)
    (clock,) = clocks(waiting, TIMES)
    assert (clock.kind, clock.since) == (ClockKind.DECISION, waiting.seen), "nobody is asked whether it is settled"
    closed = done(done(case, Move.CONFIRM, WORKER), Move.ASK_REOPEN, WORKER, day(2))
    twice = done(closed, Move.ASK_REOPEN, WORKER, day(3))
    (clock,) = clocks(twice, TIMES)
    assert (clock.kind, clock.started_at) == (ClockKind.DECISION, day(2)), "asking twice gives nobody more time"
    assert clocks(done(twice, Move.DECLINE, SUPERVISOR, content=Content(reason="到头了")), TIMES) == ()
    assert [clock.kind for clock in clocks(done(twice, Move.REOPEN, SUPERVISOR), TIMES)] == [ClockKind.TRIAGE]


def test_a_merged_case_waits_with_the_other_one() -> None:
    case = done(done(new_case(), Move.TRIAGE, TRIAGE), Move.MERGE, TRIAGE, content=Content(parent="f" * 32))
    assert clocks(case, TIMES) == ()


def test_every_open_state_but_merged_has_somebody_to_wait_for() -> None:
    worked = in_progress()
    asked = done(worked, Move.ASK_WORKER, HANDLER, content=Content(text="？"))
    standing = [
        new_case(),
        new_case(NOW, told_content(kind=CaseKind.EMERGENCY)),
        done(new_case(), Move.TRIAGE, TRIAGE),
        dispatched(),
        done(dispatched(), Move.RETURN, HANDLER, content=Content(reason="不归我们")),
        done(dispatched(), Move.ACCEPT, HANDLER),
        worked,
        asked,
        done(worked, Move.WAIT_EMPLOYER, HANDLER, content=Content(reason="等单位回话")),
        done(worked, Move.GO_LEGAL, HANDLER, content=Content(body="court", until=day(30))),
        resolved(),
        done(resolved(), Move.FOLLOW_UP, SYSTEM),
        done(resolved(), Move.REOPEN, WORKER),
        done(done(new_case(), Move.TRIAGE, TRIAGE), Move.ANSWER, TRIAGE, content=Content(text="答")),
        done(worked, Move.NOT_SUPPORT, HANDLER, content=Content(reason="r", basis="b")),
        done(
            done(new_case(), Move.TRIAGE, TRIAGE),
            Move.REFER,
            TRIAGE,
            content=Content(body="inspection", reason="r", contact="12333"),
        ),
    ]
    assert {case.state for case in standing} == set(State) - {State.MERGED, State.CLOSED, State.WITHDRAWN}
    assert all(clocks(case, TIMES) and ahead(case, TIMES) for case in standing)


def test_a_worker_who_joins_changes_no_clock() -> None:
    case = in_progress()
    joined = done(case, Move.JOIN, Actor.worker(2), later(days=1), Content(claimant=2))
    assert clocks(joined, TIMES) == clocks(case, TIMES)
