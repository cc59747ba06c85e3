"""One press of 我来办 takes a case up: every step that lies before the work, each in the history."""

from dataclasses import replace
from functools import reduce

import pytest

from bot.cases.changes import Append, NoticeKind
from bot.cases.deadlines import clocks
from bot.cases.lifecycle import Refusal
from bot.cases.model import Audience, Case, CaseKind, ClockKind, Content, Move, State, fold, pressed, standing
from bot.cases.telling import called, told
from bot.desk.cases.acting import ALREADY, acted, claimable, claimed, undoable
from bot.desk.staff import Role, Staff
from knowledge.organizations import load_organizations
from tests.bot.cases import house
from tests.bot.desk.cases.casework import Casework
from tests.bot.desk.office import CITY, Browser

CLERK, SUPERVISOR, AUDITOR = (
    Staff(f"{number:08}", role, "某同志", role, (CITY,), house.NOW)
    for number, role in enumerate((Role.CLERK, Role.SUPERVISOR, Role.AUDITOR), 1)
)
TAKEN_UP = [Move.TRIAGE, Move.DISPATCH, Move.ACCEPT, Move.START, Move.ASSIGN]


def after(case: Case, staff: Staff = CLERK) -> Case:
    change = claimed(case, staff, house.later(hours=1))
    assert isinstance(change, Append), change
    for event in change.events:
        case = case.then(event)
    return case


def triaged() -> Case:
    return house.done(house.new_case(), Move.TRIAGE, house.TRIAGE)


def returned() -> Case:
    return house.done(house.dispatched(), Move.RETURN, house.HANDLER, content=Content(reason="不在本区。"))


def reopened() -> Case:
    return house.done(house.resolved(), Move.REOPEN, house.WORKER)


@pytest.mark.parametrize("staff", [CLERK, SUPERVISOR])
@pytest.mark.parametrize(
    ("case", "steps"),
    [
        (house.new_case(), TAKEN_UP),
        (reopened(), TAKEN_UP),
        (triaged(), TAKEN_UP[1:]),
        (house.dispatched(), TAKEN_UP[2:]),
        (house.done(house.dispatched(), Move.ACCEPT, house.HANDLER), TAKEN_UP[3:]),
    ],
)
def test_all_steps_before_the_work_are_made_and_stand_in_the_history(
    case: Case, steps: list[Move], staff: Staff
) -> None:
    taken = after(case, staff)
    assert [event.move for event in taken.events[case.seen :]] == steps
    assert {event.actor.id for event in taken.events[case.seen :]} == {staff.id}
    assert (taken.state, taken.handler) == (State.IN_PROGRESS, staff.id)
    assert (taken.organization, taken.department, taken.route) == (case.organization, case.department, case.route)


def test_the_clock_of_the_result_runs_from_the_press_and_the_first_word_is_still_due() -> None:
    taken = after(house.new_case())
    since = {clock.kind: clock.since for clock in clocks(taken, house.TIMES)}
    assert set(since) == {ClockKind.RESULT, ClockKind.CONTACT}
    assert taken.events[since[ClockKind.RESULT] - 1].move is Move.ACCEPT
    assert taken.events[since[ClockKind.CONTACT] - 1].move is Move.DISPATCH


def test_the_worker_is_told_once_and_no_colleague_is_called_to_what_is_taken_already() -> None:
    case = house.new_case()
    taken = after(case)
    (news,) = told(taken, taken.events[case.seen :], load_organizations())
    assert "已经有人在办了" in news.text
    assert [call for event in taken.events[case.seen :] if (call := called(taken, event))] == []
    dispatched = house.dispatched()
    call = called(dispatched, dispatched.events[-1])
    assert call is not None
    assert call.kind is NoticeKind.DISPATCHED


@pytest.mark.parametrize("case", [returned(), house.in_progress(), house.resolved(), after(triaged(), SUPERVISOR)])
def test_what_is_beyond_these_steps_or_was_returned_is_only_handled(case: Case) -> None:
    taken = after(case)
    assert [event.move for event in taken.events[case.seen :]] == [Move.ASSIGN]
    assert (taken.state, taken.handler) == (case.state, CLERK.id)


def test_where_a_step_cannot_be_made_the_case_is_only_handled() -> None:
    case = house.new_case(content=replace(house.told_content(), department=""))
    assert [event.move for event in after(case).events[case.seen :]] == [Move.ASSIGN]


def test_who_takes_an_emergency_is_the_one_who_was_called_and_there_is_one_press_for_both() -> None:
    alarmed = house.new_case(content=house.told_content(kind=CaseKind.EMERGENCY))
    taken = after(alarmed)
    assert [event.move for event in taken.events[alarmed.seen :]] == [Move.ACKNOWLEDGE, Move.ASSIGN]
    assert (taken.acknowledged, taken.handler) == (True, CLERK.id)
    assert not claimable(taken, CLERK)
    assert ClockKind.CALL not in {clock.kind for clock in clocks(taken, house.TIMES)}
    slip = undoable(taken, CLERK, house.later(hours=1))
    assert slip is not None
    assert slip.move is Move.ASSIGN, "that it was taken stays: the others were told"
    change = acted(taken, Move.UNDO, CLERK, house.later(hours=1), Content(undone=slip.number))
    assert isinstance(change, Append)
    left = taken.then(change.events[0])
    assert (left.acknowledged, left.handler) == (True, "")
    assert [event.move for event in after(left).events[left.seen :]] == [Move.ASSIGN]


def test_who_was_given_a_new_case_still_takes_it_up_by_one_press() -> None:
    case = house.done(house.new_case(), Move.ASSIGN, house.SUPERVISOR, content=Content(staff=CLERK.id))
    assert claimable(case, CLERK)
    assert after(case).state is State.IN_PROGRESS


def back(case: Case) -> Case:
    """Take back the press that made the case what it is."""
    change = acted(case, Move.UNDO, CLERK, house.later(hours=1, minutes=9), Content(undone=pressed(case).number))
    assert isinstance(change, Append), change
    (undo,) = change.events
    assert undo.audience is Audience.WORKER
    return case.then(undo)


@pytest.mark.parametrize(
    "case",
    [
        house.new_case(),
        reopened(),
        triaged(),
        house.dispatched(),
        house.done(house.dispatched(), Move.ACCEPT, house.HANDLER),
    ],
)
def test_taking_the_press_back_returns_the_case_as_it_was_with_the_clocks_that_it_had(case: Case) -> None:
    left = back(after(case))
    assert replace(left, events=case.events) == case
    assert clocks(left, house.TIMES) == clocks(case, house.TIMES)
    assert [event.move for event in standing(left.events)] == [event.move for event in case.events]
    assert fold(left.events) == left
    assert after(left).state is State.IN_PROGRESS


def test_the_worker_who_was_told_of_a_handler_is_told_that_there_is_none_any_more() -> None:
    taken = after(house.new_case())
    left = back(taken)
    (news,) = told(left, left.events[taken.seen :], load_organizations())
    assert "另外安排人来办" in news.text


def test_an_acceptance_is_taken_back_together_with_the_handler_that_it_gave() -> None:
    case = house.dispatched()
    change = acted(case, Move.ACCEPT, CLERK, house.later(hours=1), Content())
    assert isinstance(change, Append)
    left = back(reduce(Case.then, change.events, case))
    assert (left.state, left.handler) == (State.DISPATCHED, "")


def test_the_press_is_not_taken_back_once_the_worker_has_heard_from_the_handler() -> None:
    taken = house.done(after(house.new_case()), Move.SAY, house.HANDLER, content=Content(text="我来办。"))
    assert undoable(taken, CLERK, house.later(hours=1)) is None


def test_who_has_it_already_and_who_works_on_no_case_claims_nothing() -> None:
    mine = after(house.new_case())
    assert not claimable(mine, CLERK)
    assert claimed(mine, CLERK, house.NOW) == Refusal(ALREADY)
    assert not claimable(house.new_case(), AUDITOR)
    closed = house.done(house.resolved(), Move.CONFIRM, house.WORKER)
    assert not claimable(closed, CLERK)
    assert isinstance(claimed(closed, CLERK, house.NOW), Refusal)


# --- at the desk ---


async def clerk(work: Casework, login: str) -> Browser:
    if login not in {each.login for each in await work.office.accounts.everybody()}:
        await work.office.hire(login)
    return await work.office.admitted(login)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_press_at_the_desk_takes_a_new_case_up_and_the_page_says_so(work: Casework) -> None:
    browser, case = await clerk(work, "taker"), await work.opened()
    await browser.opens(f"/desk/cases/{case.number}")
    assert "已登记" in browser.text
    await browser.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    assert "这件事归您办了，已经告诉职工。" in browser.text
    assert "您刚才：我来办。撤销以后放回原处，职工也看得到。" in browser.text
    assert "办理中" in browser.text
    assert "经办人 taker同志" in browser.text
    for step in ("分办", "派单", "受理", "开始办理"):
        assert step in browser.text
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert "/claim" not in page.text
    assert "/moves/resolve" in page.text
    again = await browser.sends(f"/desk/cases/{case.number}/claim", seen=str((await work.again(case.id)).seen))
    assert (again.status_code, ALREADY in browser.text) == (422, True)


@pytest.mark.asyncio(loop_scope="module")
async def test_taking_the_press_back_leaves_a_case_that_others_may_take(work: Casework) -> None:
    one, other, case = await clerk(work, "slips"), await clerk(work, "takes.over"), await work.opened()
    await one.opens(f"/desk/cases/{case.number}")
    await one.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    await one.sends(f"/desk/cases/{case.number}/undo", event=str(case.seen + 1))
    left = await work.again(case.id)
    assert (left.handler, left.state) == ("", State.REGISTERED)
    assert "已经放回原处，已经告诉职工。" in one.text and "撤销“我来办”" in one.text
    assert "没有人接" in one.text
    await other.opens(f"/desk/cases/{case.number}")
    await other.sends(f"/desk/cases/{case.number}/claim", seen=str(left.seen))
    assert "经办人 takes.over同志" in other.text


@pytest.mark.asyncio(loop_scope="module")
async def test_who_is_a_moment_late_is_told_that_a_colleague_has_it(work: Casework) -> None:
    one, other, case = await clerk(work, "first.one"), await clerk(work, "second.one"), await work.opened()
    for browser in (one, other):
        await browser.opens(f"/desk/cases/{case.number}")
    await one.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    late = await other.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    assert late.status_code == 409 and "同事比您早一步" in other.text
    assert "经办人 first.one同志" in other.text and "改由我办" in other.text


@pytest.mark.asyncio(loop_scope="module")
async def test_the_single_steps_stay_for_whoever_gives_a_case_to_others(work: Casework) -> None:
    await work.office.hire("giver", Role.SUPERVISOR)
    browser, case = await work.office.admitted("giver"), await work.opened()
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert all(f"/moves/{move}" in page.text for move in ("triage", "assign"))
    await browser.sends(f"/desk/cases/{case.number}/moves/triage", seen=str(case.seen))
    assert (await work.again(case.id)).state is State.TRIAGED
