"""Who may do what to a case, and when: the table of moves, and the decision over it. Nothing here reads a clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.model import (
    BOT,
    ENDED,
    NOTHING,
    OPEN,
    SETTLED,
    SYSTEM,
    Actor,
    Alarm,
    Audience,
    Case,
    CaseKind,
    Content,
    Event,
    Move,
    Party,
    Role,
    State,
    fold,
    pressed,
    speaker,
    standing,
)

S = State
_BEING_WORKED_ON = frozenset({S.IN_PROGRESS, S.WAITING_WORKER, S.WAITING_EMPLOYER, S.LEGAL_TRACK})
_WAITING = _BEING_WORKED_ON - {S.IN_PROGRESS}
_TO_CONFIRM = SETTLED | {S.FOLLOW_UP}

# Who: a kind of actor, or staff in a role. A supervisor may do what any member of staff may.
Who = Party | Role
_WORKER = frozenset[Who]({Party.WORKER})
_STAFF = frozenset[Who]({Role.HANDLER, Role.TRIAGE})
_HANDLER = frozenset[Who]({Role.HANDLER})
_TRIAGE = frozenset[Who]({Role.TRIAGE})
_SUPERVISOR = frozenset[Who]({Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Rule:
    """When a move is allowed and what it makes of the state; `after` None leaves it."""

    before: frozenset[State]
    after: State | None
    by: frozenset[Who]
    needs: tuple[str, ...] = ()  # fields of `Content` that must be filled
    audience: Audience = Audience.WORKER
    undo: bool = False  # whoever made it may take it back at once, with all that the same press did


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is not allowed, as staff are told; the dialogue has words of its own for workers."""

    reason: str


def _only(*states: State) -> frozenset[State]:
    return frozenset(states)


RULES: dict[Move, Rule] = {
    Move.TRIAGE: Rule(_only(S.REGISTERED, S.REOPENED), S.TRIAGED, _TRIAGE),
    Move.ALARM: Rule(OPEN - {S.EMERGENCY, S.MERGED}, S.EMERGENCY, _STAFF | {Party.BOT}, audience=Audience.STAFF),
    Move.ACKNOWLEDGE: Rule(_only(S.EMERGENCY), None, _STAFF),
    Move.DISPATCH: Rule(
        _only(S.TRIAGED, S.RETURNED, S.EMERGENCY), S.DISPATCHED, _TRIAGE, ("organization", "department", "reason")
    ),
    Move.RETURN: Rule(_only(S.DISPATCHED), S.RETURNED, _HANDLER, ("reason",), Audience.STAFF, undo=True),
    Move.ACCEPT: Rule(_only(S.DISPATCHED), S.ACCEPTED, _HANDLER),
    Move.TRANSFER: Rule(
        _only(S.DISPATCHED, S.ACCEPTED, S.IN_PROGRESS), S.DISPATCHED, _STAFF, ("organization", "department", "reason")
    ),
    Move.START: Rule(_only(S.ACCEPTED), S.IN_PROGRESS, _HANDLER),
    Move.ASK_WORKER: Rule(_only(S.IN_PROGRESS), S.WAITING_WORKER, _HANDLER, ("text",)),
    Move.WAIT_EMPLOYER: Rule(_only(S.IN_PROGRESS), S.WAITING_EMPLOYER, _HANDLER, ("reason",)),
    Move.GO_LEGAL: Rule(_only(S.IN_PROGRESS), S.LEGAL_TRACK, _HANDLER, ("body", "until")),
    Move.RESUME: Rule(_WAITING, S.IN_PROGRESS, _HANDLER | {Party.SYSTEM}),
    Move.ANSWER: Rule(_only(S.TRIAGED), S.ANSWERED, _STAFF, ("text",)),
    Move.REFER: Rule(_only(S.TRIAGED, S.EMERGENCY, S.IN_PROGRESS), S.REFERRED, _STAFF, ("body", "reason", "contact")),
    Move.RESOLVE: Rule(_only(S.IN_PROGRESS, S.EMERGENCY), S.RESOLVED, _HANDLER, ("text",)),
    Move.NOT_SUPPORT: Rule(_only(S.IN_PROGRESS), S.NOT_SUPPORTED, _HANDLER, ("reason", "basis")),
    Move.FOLLOW_UP: Rule(SETTLED, S.FOLLOW_UP, frozenset({Party.SYSTEM, Role.HANDLER, Role.TRIAGE})),
    Move.CONFIRM: Rule(_TO_CONFIRM | {S.MERGED}, S.CLOSED, _WORKER | _STAFF),
    Move.CLOSE_UNREACHED: Rule(_only(S.FOLLOW_UP), S.CLOSED, _SUPERVISOR, ("reason",)),
    Move.REOPEN: Rule(_TO_CONFIRM | {S.CLOSED}, S.REOPENED, _WORKER | _STAFF),
    Move.ASK_REOPEN: Rule(_TO_CONFIRM | {S.CLOSED, S.MERGED}, None, _WORKER | _STAFF, audience=Audience.STAFF),
    Move.DECLINE: Rule(_TO_CONFIRM | {S.CLOSED}, S.CLOSED, _SUPERVISOR, ("reason",)),
    Move.WITHDRAW: Rule(OPEN, S.WITHDRAWN, _WORKER),
    Move.MERGE: Rule(_only(S.TRIAGED, S.IN_PROGRESS), S.MERGED, _TRIAGE, ("parent",)),
    Move.UNMERGE: Rule(_only(S.MERGED), S.TRIAGED, _TRIAGE | {Party.SYSTEM}),
    Move.END_MERGED: Rule(_only(S.MERGED), S.CLOSED, frozenset({Party.SYSTEM})),
    Move.SAY: Rule(OPEN, None, frozenset({Party.WORKER, Role.HANDLER, Role.TRIAGE}), ("text",)),
    Move.NOTE: Rule(frozenset(State), None, _STAFF, ("text",), Audience.STAFF, undo=True),
    Move.INTERIM: Rule(_BEING_WORKED_ON | {S.EMERGENCY}, None, _HANDLER, ("text",)),
    Move.ASSIGN: Rule(OPEN, None, _STAFF, ("staff",), Audience.STAFF, undo=True),
    Move.REGRADE: Rule(OPEN, None, _STAFF | {Party.BOT}, audience=Audience.STAFF, undo=True),
    Move.CORRECT: Rule(OPEN, None, _WORKER, ("facts",), Audience.STAFF),
    Move.ATTACH: Rule(
        OPEN, None, frozenset({Party.WORKER, Role.HANDLER, Role.TRIAGE}), ("evidence",), Audience.STAFF, undo=True
    ),
    Move.JOIN: Rule(OPEN, None, _WORKER | _STAFF, ("claimant",), Audience.STAFF),
    Move.LEAVE: Rule(frozenset(State), None, _WORKER, ("claimant",), Audience.STAFF),
    Move.RATE: Rule(_TO_CONFIRM | ENDED, None, _WORKER, ("score",), Audience.STAFF),
    Move.TICK: Rule(OPEN | {S.CLOSED}, None, frozenset({Party.SYSTEM}), ("clock", "since", "alarm"), Audience.STAFF),
    Move.UNDO: Rule(frozenset(State), None, _STAFF, ("undone",), Audience.STAFF),
}

UNDO_WITHIN = timedelta(minutes=10)

STATE_NAMES = {
    S.REGISTERED: "已登记",
    S.TRIAGED: "已分办",
    S.EMERGENCY: "紧急处置",
    S.DISPATCHED: "已派单",
    S.RETURNED: "已退回",
    S.ACCEPTED: "已受理",
    S.IN_PROGRESS: "办理中",
    S.WAITING_WORKER: "等职工回复",
    S.WAITING_EMPLOYER: "等单位回复",
    S.LEGAL_TRACK: "在走法律程序",
    S.ANSWERED: "已答复",
    S.REFERRED: "已转介",
    S.RESOLVED: "已办结",
    S.NOT_SUPPORTED: "不予支持",
    S.FOLLOW_UP: "回访中",
    S.MERGED: "已并案",
    S.REOPENED: "已重开",
    S.CLOSED: "已结案",
    S.WITHDRAWN: "已撤回",
}


def opened(case: str, content: Content, actor: Actor, now: datetime, claimants: int = 1) -> tuple[Event, ...]:
    """Return the events of a new case, with so many claimants from the beginning; an emergency is one at once.

    `content` holds kind, facts, categories, urgency, region, organization, department and, as `reason`, why it goes
    there.
    """
    first = Event(case, 1, Move.OPEN, now, actor, Audience.WORKER, None, S.REGISTERED, content)
    new = fold([first])
    further = ((Move.JOIN, actor, Content(claimant=number)) for number in range(2, claimants + 1))
    alarm = ((Move.ALARM, BOT, NOTHING),) if content.kind is CaseKind.EMERGENCY else ()
    return (first, *_made(new, (*further, *alarm), now))


def decide(
    case: Case, move: Move, actor: Actor, now: datetime, content: Content = NOTHING
) -> tuple[Event, ...] | Refusal:
    """Return the events that the move makes, mostly one, or why it is not allowed."""
    if refusal := _refusal(case, move, actor, now, content):
        return refusal
    return _made(case, (*_before(case, move), (move, actor, content), *_after(case, move, actor)), now)


def allowed(case: Case, actor: Actor) -> tuple[Move, ...]:
    """Return the moves that the actor may choose from now, whatever their content must be."""
    return tuple(move for move in RULES if _forbidden(case, move, actor) is None)


Step = tuple[Move, Actor, Content]


def _made(case: Case, steps: Iterable[Step], now: datetime) -> tuple[Event, ...]:
    """Return the events of moves, one after the other."""
    seen = case.seen
    for move, actor, content in steps:
        case = case.then(_event(case, move, actor, now, content))
    return case.events[seen:]


def _event(case: Case, move: Move, actor: Actor, now: datetime, content: Content) -> Event:
    rule = RULES[move]
    after = rule.after or case.state
    if move is Move.CONFIRM and case.claimants - {speaker(actor, content)} - case.settled_by:
        after = case.state  # the others' word is due too
    audience = _audience(move, actor, content)
    if move is Move.UNDO:
        first = pressed(case)
        after, audience = first.before or after, first.audience  # whoever was told of it is told of this too
    return Event(case.id, case.seen + 1, move, now, actor, audience, case.state, after, content)


def _others(case: Case, actor: Actor) -> frozenset[int]:
    return frozenset(number for number in case.claimants if str(number) != actor.id)


def _audience(move: Move, actor: Actor, content: Content) -> Audience:
    if move is Move.SAY and actor.party is Party.WORKER:
        return Audience.STAFF  # one claimant's words are not the others'
    if content.alarm in (Alarm.REMIND, Alarm.ASK):
        return Audience.WORKER
    return RULES[move].audience


def _before(case: Case, move: Move) -> tuple[Step, ...]:
    """Ask and confirm in one: a worker need not be asked before saying that it is settled, or is not."""
    if move in (Move.CONFIRM, Move.REOPEN) and case.state in SETTLED:
        return ((Move.FOLLOW_UP, SYSTEM, NOTHING),)
    return ()


def _after(case: Case, move: Move, actor: Actor) -> tuple[Step, ...]:
    """Go on where what was waited for is there: the worker's reply, or the handler's first word."""
    if move in (Move.SAY, Move.ATTACH) and actor.party is Party.WORKER and case.state is S.WAITING_WORKER:
        return ((Move.RESUME, SYSTEM, NOTHING),)
    if move is Move.SAY and actor.party is Party.STAFF and case.state is S.ACCEPTED:
        return ((Move.START, actor, NOTHING),)
    return ()


def _refusal(case: Case, move: Move, actor: Actor, now: datetime, content: Content) -> Refusal | None:
    if refusal := _forbidden(case, move, actor):
        return refusal
    for name in RULES[move].needs:
        if not getattr(content, name):
            return Refusal(f"还缺一项：{_FIELD_NAMES[name]}。")
    if move is Move.CONFIRM and actor.party is Party.STAFF and content.claimant not in case.claimants:
        return Refusal(f"还缺一项：{_FIELD_NAMES['claimant']}。")
    if move is Move.MERGE and content.parent == case.id:
        return Refusal("不能并到自己身上。")
    if move is Move.DISPATCH and content.organization in case.returned_by and actor.role is not Role.SUPERVISOR:
        return Refusal(f"{content.organization}已经退回过一次，请改派，或者请督办人决定。")
    if move is Move.REGRADE and not (content.categories or content.urgency):
        return Refusal("还缺一项：新的类别或者紧急程度。")
    if move is Move.UNDO:
        return _too_late(case, now, content)
    return None


def _forbidden(case: Case, move: Move, actor: Actor) -> Refusal | None:
    rule = RULES.get(move)
    if rule is None:
        return Refusal("这件事已经登记过了。")
    if case.erased:
        return Refusal("这件事的内容已经按本人要求或者到期删除，不能再办。")
    if not _may(actor, rule.by):
        return Refusal("这一步不归您这个角色做。")
    if case.state not in rule.before:
        return Refusal(f"现在是“{STATE_NAMES[case.state]}”，做不了这一步。")
    if move is Move.RETURN and case.organization in case.returned_by:
        return Refusal("这件事贵单位已经退回过一次，不能再退；确实办不了的，请转交或者请督办人决定。")
    if move is Move.WITHDRAW and _others(case, actor):
        return Refusal("这件事还有别的当事人，一个人不能替大家撤回；本人可以退出。")
    if move is Move.REOPEN and actor.role is not Role.SUPERVISOR and case.reopened and not _unreached(case):
        return Refusal("已经重开过一次，再重开要请督办人决定。")
    if move is Move.DECLINE and not case.asked:
        return Refusal("没有人请求重新办理。")
    if move is Move.UNDO:
        return _beyond_undoing(standing(case.events)[-1], actor)
    return None


def _beyond_undoing(last: Event, actor: Actor) -> Refusal | None:
    """Return why the actor cannot take back what was done last."""
    if last.actor.party is not Party.STAFF or last.actor.id != actor.id:
        return Refusal("只能撤销自己刚做的那一步。")
    if last.audience is Audience.WORKER:
        return Refusal("职工已经看得到这一步，不能撤销；要改，请接着做下一步。")
    if not RULES[last.move].undo:
        return Refusal("这一步做了就不能撤销；要改，请接着做下一步。")
    return None


def _too_late(case: Case, now: datetime, content: Content) -> Refusal | None:
    last = standing(case.events)[-1]
    if content.undone != pressed(case).number:
        return Refusal("后面又有了新的进展，不能再撤销。")
    if now - last.at > UNDO_WITHIN:
        return Refusal(f"过了 {UNDO_WITHIN // timedelta(minutes=1)} 分钟，不能再撤销；要改，请接着做下一步。")
    return None


def _may(actor: Actor, by: frozenset[Who]) -> bool:
    if actor.party is not Party.STAFF:
        return actor.party in by
    if actor.role is Role.SUPERVISOR:
        return any(isinstance(who, Role) for who in by)
    return actor.role in by


def _unreached(case: Case) -> bool:
    """Tell whether the case was closed because nobody answered: then it is reopened freely."""
    last = next((event for event in reversed(case.events) if event.after is not event.before), None)
    return last is not None and last.move is Move.CLOSE_UNREACHED


_FIELD_NAMES = {
    "text": "要说的话",
    "reason": "理由",
    "basis": "法律依据",
    "contact": "联系方式",
    "facts": "更正的内容",
    "organization": "哪个工会",
    "department": "哪个部门",
    "body": "哪个机构",
    "until": "期限",
    "parent": "并到哪一件",
    "staff": "经办人",
    "claimant": "哪位当事人",
    "evidence": "哪份材料",
    "score": "评分",
    "clock": "哪个时限",
    "since": "从哪一步起算",
    "alarm": "到了哪一步",
    "undone": "撤销哪一步",
}
