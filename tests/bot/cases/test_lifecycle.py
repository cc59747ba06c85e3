from dataclasses import replace
from functools import reduce

import pytest

from bot.cases.lifecycle import RULES, STATE_NAMES, Refusal, Rule, allowed, decide, opened
from bot.cases.model import (
    BOT,
    ENDED,
    OPEN,
    SYSTEM,
    Actor,
    Alarm,
    Audience,
    Case,
    CaseKind,
    ClockKind,
    Content,
    Event,
    Facts,
    Move,
    Party,
    Role,
    State,
    fold,
)
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases.house import (
    HANDLER,
    JINGZHOU,
    NOW,
    SHASHI,
    SUPERVISOR,
    TRIAGE,
    WORKER,
    dispatched,
    done,
    events,
    in_progress,
    later,
    new_case,
    refused,
    resolved,
    told_content,
)

FULL = Content(
    text="说明",
    reason="理由",
    basis="《劳动法》第五十条",
    contact="12333",
    facts=Facts("更正"),
    urgency=Urgency.URGENT,
    organization="荆州市总工会",
    department="rights",
    body="inspection",
    until=later(days=45),
    parent="f" * 32,
    staff="11111111",
    claimant=1,
    evidence="e" * 32,
    score=5,
    clock=ClockKind.RESULT,
    since=1,
    step=0,
    alarm=Alarm.WARN,
    undone=2,
)
EVERYBODY = (WORKER, HANDLER, TRIAGE, SUPERVISOR, BOT, SYSTEM)
SUCH_MOVES = [(move, rule) for move, rule in RULES.items()]
ON_WHAT_WAS = (Move.UNDO, Move.DECLINE)  # these answer something


def standing_in(state: State) -> Case:
    """Return a case that the table is walked with: only its state matters."""
    first = new_case()
    event = first.events[0]
    return first.then(type(event)(first.id, 2, Move.NOTE, NOW, HANDLER, Audience.STAFF, first.state, state))


def may(actor: Actor, rule: Rule) -> bool:
    if actor.role is Role.SUPERVISOR:
        return bool(rule.by & frozenset(Role))
    return (actor.role or actor.party) in rule.by


@pytest.mark.parametrize(("move", "rule"), [pair for pair in SUCH_MOVES if pair[0] not in ON_WHAT_WAS])
def test_a_move_is_allowed_where_the_table_says_so_and_nowhere_else(move: Move, rule: Rule) -> None:
    for state in State:
        for actor in EVERYBODY:
            made = decide(standing_in(state), move, actor, NOW, FULL)
            assert isinstance(made, tuple) == (state in rule.before and may(actor, rule)), (state, actor)
            if isinstance(made, tuple):
                step = next(event for event in made if event.move is move)
                assert step.after is (rule.after or step.before)


@pytest.mark.parametrize(("move", "rule"), [pair for pair in SUCH_MOVES if pair[0] is not Move.DECLINE])
def test_a_move_without_what_it_needs_is_refused_with_a_sentence(move: Move, rule: Rule) -> None:
    actor = next(actor for actor in EVERYBODY if may(actor, rule))
    state = min(rule.before)
    for name in rule.needs:
        lacking = Content(**{field: getattr(FULL, field) for field in rule.needs if field != name})
        refusal = decide(standing_in(state), move, actor, NOW, lacking)
        assert isinstance(refusal, Refusal)
        assert refusal.reason.startswith("还缺一项：")


def test_every_state_has_a_name_and_a_way_on_until_it_has_ended() -> None:
    assert set(STATE_NAMES) == set(State)
    for state in OPEN:
        assert any(state in rule.before and rule.after not in (None, state) for rule in RULES.values()), state
    for state in ENDED:
        ways = {move for move, rule in RULES.items() if state in rule.before and rule.after not in (None, state)}
        assert ways <= {Move.REOPEN}


def test_every_state_can_be_reached() -> None:
    reached = {State.REGISTERED, *(rule.after for rule in RULES.values() if rule.after)}
    assert reached == set(State)


def test_an_emergency_is_one_from_the_beginning() -> None:
    case = fold(opened("a" * 32, told_content(kind=CaseKind.EMERGENCY), WORKER, NOW))
    assert (case.state, case.urgency, case.acknowledged) == (State.EMERGENCY, Urgency.EMERGENCY, False)
    assert done(case, Move.ACKNOWLEDGE, HANDLER).acknowledged


def test_a_case_goes_its_way_from_receipt_to_the_workers_word() -> None:
    case = resolved()
    assert [event.number for event in case.events] == list(range(1, case.seen + 1))
    case = done(case, Move.FOLLOW_UP, SYSTEM, later(days=3))
    case = done(case, Move.CONFIRM, WORKER, later(days=3))
    assert (case.state, case.is_open) == (State.CLOSED, False)


def test_a_worker_need_not_be_asked_before_saying_that_it_is_settled() -> None:
    made = events(resolved(), Move.CONFIRM, WORKER)
    assert [(event.move, event.actor.party) for event in made] == [
        (Move.FOLLOW_UP, Party.SYSTEM),
        (Move.CONFIRM, Party.WORKER),
    ]
    assert made[-1].after is State.CLOSED


def test_a_unit_may_not_return_a_case_twice() -> None:
    case = done(dispatched(), Move.RETURN, HANDLER, content=Content(reason="不归我们管"))
    assert "已经退回过一次" in refused(case, Move.DISPATCH, TRIAGE, SHASHI)
    back = done(case, Move.DISPATCH, SUPERVISOR, content=SHASHI)
    assert "不能再退" in refused(back, Move.RETURN, HANDLER, Content(reason="还是不归我们"))
    elsewhere = done(case, Move.DISPATCH, TRIAGE, content=JINGZHOU)
    assert elsewhere.organization == "荆州市总工会"
    assert done(elsewhere, Move.RETURN, HANDLER, content=Content(reason="也不归我们")).state is State.RETURNED


def test_the_workers_reply_sets_the_case_going_again() -> None:
    case = done(in_progress(), Move.ASK_WORKER, HANDLER, content=Content(text="合同在吗？"))
    assert case.state is State.WAITING_WORKER
    case = done(case, Move.SAY, WORKER, content=Content(text="在的"))
    assert case.state is State.IN_PROGRESS
    assert case.events[-2].audience is Audience.STAFF


def test_the_handlers_first_word_begins_the_work() -> None:
    case = done(done(dispatched(), Move.ACCEPT, HANDLER), Move.SAY, HANDLER, content=Content(text="您好"))
    assert case.state is State.IN_PROGRESS


def test_a_worker_reopens_once_freely_and_then_asks() -> None:
    case = done(resolved(), Move.REOPEN, WORKER)
    assert (case.state, case.reopened) == (State.REOPENED, 1)
    case = done(done(case, Move.TRIAGE, TRIAGE), Move.ANSWER, TRIAGE, content=Content(text="答复"))
    assert "督办人" in refused(case, Move.REOPEN, WORKER)
    case = done(case, Move.ASK_REOPEN, WORKER)
    assert (case.asked, case.is_over) == (frozenset({1}), False)
    again = done(case, Move.REOPEN, SUPERVISOR)
    assert (again.state, again.reopened, again.asked) == (State.REOPENED, 1, frozenset())


def test_staff_open_a_case_again_as_often_as_the_worker_whose_word_they_pass_on() -> None:
    case = done(resolved(), Move.REOPEN, HANDLER)
    assert (case.state, case.reopened) == (State.REOPENED, 1)
    case = answered(case)
    for actor in (HANDLER, TRIAGE, WORKER):
        assert "督办人" in refused(case, Move.REOPEN, actor)
    assert done(case, Move.ASK_REOPEN, HANDLER, content=Content(text="他说还差一半")).asked


def test_a_supervisor_says_no_with_a_reason_only_to_somebody_who_asked() -> None:
    case = done(answered(done(resolved(), Move.REOPEN, WORKER)), Move.CONFIRM, WORKER)
    assert "没有人请求" in refused(case, Move.DECLINE, SUPERVISOR, Content(reason="已经办到头了"))
    case = done(case, Move.ASK_REOPEN, WORKER)
    assert not isinstance(decide(case, Move.DECLINE, SUPERVISOR, NOW, Content(reason="办到头了")), Refusal)
    assert "还缺一项" in refused(case, Move.DECLINE, SUPERVISOR)
    assert "不归您" in refused(case, Move.DECLINE, HANDLER, Content(reason="办到头了"))
    case = done(case, Move.DECLINE, SUPERVISOR, content=Content(reason="办到头了"))
    assert (case.state, case.is_over) == (State.CLOSED, True)
    assert done(case, Move.ASK_REOPEN, WORKER).asked, "the worker may ask again"


def test_who_is_satisfied_after_all_or_leaves_asks_no_more() -> None:
    asking = done(answered(done(resolved(), Move.REOPEN, WORKER)), Move.ASK_REOPEN, WORKER)
    assert not done(asking, Move.CONFIRM, WORKER).asked
    assert not done(asking, Move.WITHDRAW, WORKER).asked
    both = done(done(asking, Move.JOIN, Actor.worker(2), content=Content(claimant=2)), Move.ASK_REOPEN, Actor.worker(2))
    assert done(both, Move.CONFIRM, WORKER).asked == {2}, "the other one still does"
    assert done(both, Move.LEAVE, Actor.worker(2), content=Content(claimant=2)).asked == {1}


def test_whoever_was_not_reached_may_always_reopen() -> None:
    case = done(resolved(), Move.REOPEN, WORKER)
    case = done(done(case, Move.TRIAGE, TRIAGE), Move.ANSWER, TRIAGE, content=Content(text="答复"))
    case = done(case, Move.FOLLOW_UP, SYSTEM)
    case = done(case, Move.CLOSE_UNREACHED, SUPERVISOR, content=Content(reason="三次没有回音"))
    assert done(case, Move.REOPEN, WORKER).state is State.REOPENED


def test_one_of_several_neither_withdraws_nor_closes_for_the_others() -> None:
    case = done(resolved(), Move.JOIN, Actor.worker(2), content=Content(claimant=2))
    assert "不能替大家撤回" in refused(case, Move.WITHDRAW, WORKER)
    case = done(case, Move.CONFIRM, WORKER)
    assert case.state is State.FOLLOW_UP
    assert done(case, Move.CONFIRM, Actor.worker(2)).state is State.CLOSED
    assert done(done(case, Move.LEAVE, Actor.worker(2), content=Content(claimant=2)), Move.CONFIRM, WORKER).state is (
        State.CLOSED
    )


def test_what_is_erased_is_not_worked_on() -> None:
    erased = fold(resolved().events, erased=True)
    assert "删除" in refused(erased, Move.NOTE, HANDLER, Content(text="x"))
    assert allowed(erased, SUPERVISOR) == ()


def test_staff_are_shown_the_moves_of_their_role() -> None:
    case = dispatched()
    assert {Move.ACCEPT, Move.RETURN, Move.TRANSFER} <= set(allowed(case, HANDLER))
    assert Move.ACCEPT not in allowed(case, TRIAGE)
    assert Move.ACCEPT in allowed(case, SUPERVISOR)
    assert Move.CLOSE_UNREACHED not in allowed(case, SUPERVISOR)


def test_regrading_changes_what_it_says_and_nothing_else() -> None:
    case = done(new_case(), Move.REGRADE, TRIAGE, content=Content(categories=(Category.SAFETY,)))
    assert (case.categories, case.urgency, case.state) == ((Category.SAFETY,), Urgency.NORMAL, State.REGISTERED)
    assert "还缺一项" in refused(case, Move.REGRADE, TRIAGE)


def test_staff_pass_on_that_it_is_settled_only_for_a_claimant_whom_they_name() -> None:
    case = done(resolved(), Move.JOIN, Actor.worker(2), content=Content(claimant=2))
    assert "哪位当事人" in refused(case, Move.CONFIRM, HANDLER)
    assert "哪位当事人" in refused(case, Move.CONFIRM, HANDLER, Content(claimant=3))
    one = done(case, Move.CONFIRM, HANDLER, content=Content(claimant=2))
    assert (one.state, one.settled_by) == (State.FOLLOW_UP, frozenset({2})), "the other's word is due too"
    assert done(one, Move.CONFIRM, WORKER).state is State.CLOSED


UNDOABLE = [
    (in_progress(), Move.NOTE, Content(text="写错了")),
    (in_progress(), Move.ASSIGN, Content(staff="11111111")),
    (in_progress(), Move.REGRADE, Content(categories=(Category.SAFETY,), urgency=Urgency.URGENT)),
    (dispatched(), Move.RETURN, Content(reason="不归我们管")),
    (in_progress(), Move.ATTACH, Content(evidence="e" * 32)),
]


def answered(case: Case) -> Case:
    """Return a case that was opened again and answered once more."""
    return done(done(case, Move.TRIAGE, TRIAGE), Move.ANSWER, TRIAGE, content=Content(text="答复"))


def undo(case: Case, **passed: float) -> tuple[Case, tuple[Event, ...]]:
    """Take back the last event within the time that has passed since, and return the case as it is then."""
    made = events(case, Move.UNDO, HANDLER, later(**passed), Content(undone=case.seen))
    return reduce(Case.then, made, case), made


@pytest.mark.parametrize(("before", "move", "content"), UNDOABLE)
def test_what_no_worker_was_told_of_is_undone_and_nothing_of_it_holds(
    before: Case, move: Move, content: Content
) -> None:
    case, made = undo(done(before, move, HANDLER, content=content), minutes=9)
    assert [event.audience for event in made] == [Audience.STAFF]
    assert replace(case, events=before.events) == before
    assert case.events[: before.seen] == before.events, "what was done stands in the history for ever"
    assert fold(case.events) == case


def test_every_move_that_can_be_undone_is_undone_here_and_none_tells_a_worker() -> None:
    assert {move for move, rule in RULES.items() if rule.undo} == {move for _, move, _ in UNDOABLE}
    assert all(
        rule.audience is Audience.STAFF and rule.after is not State.EMERGENCY for rule in RULES.values() if rule.undo
    )


def test_steps_are_undone_one_after_the_other_back_to_what_a_worker_was_told_of() -> None:
    case = done(in_progress(), Move.ASSIGN, HANDLER, content=Content(staff="99999999"))
    case = done(case, Move.NOTE, HANDLER, content=Content(text="记一笔"))
    case = done(case, Move.UNDO, HANDLER, content=Content(undone=case.seen))
    assert case.handler == "99999999"
    case = done(case, Move.UNDO, HANDLER, content=Content(undone=case.seen - 2))
    assert case.handler == ""
    assert "职工已经看得到" in refused(case, Move.UNDO, HANDLER, Content(undone=case.seen))


def test_nothing_is_undone_late_by_another_or_after_something_followed() -> None:
    case = done(in_progress(), Move.ASSIGN, HANDLER, content=Content(staff="11111111"))
    mine = Content(undone=case.seen)
    assert "自己刚做的" in refused(case, Move.UNDO, SUPERVISOR, mine)
    late = decide(case, Move.UNDO, HANDLER, later(minutes=11), mine)
    assert isinstance(late, Refusal) and "过了 10 分钟" in late.reason
    asked = done(case, Move.SAY, WORKER, content=Content(text="在吗？"))
    assert "自己刚做的" in refused(asked, Move.UNDO, HANDLER, mine)
    further = done(case, Move.NOTE, HANDLER, content=Content(text="记一笔"))
    assert "后面又有了新的进展" in refused(further, Move.UNDO, HANDLER, mine)
    alarmed = done(case, Move.ALARM, HANDLER)
    assert "做了就不能撤销" in refused(alarmed, Move.UNDO, HANDLER, Content(undone=alarmed.seen))


def test_a_unit_that_undoes_its_return_may_return_the_case_still() -> None:
    case, _ = undo(done(dispatched(), Move.RETURN, HANDLER, content=Content(reason="点错了")))
    assert (case.state, case.returned_by) == (State.DISPATCHED, frozenset())
    assert done(case, Move.RETURN, HANDLER, content=Content(reason="真的不归我们")).state is State.RETURNED
