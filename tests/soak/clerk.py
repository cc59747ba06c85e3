"""Staff at their desks, where cases that stand still are brought one step on until their workers have to speak."""

import asyncio

from bot.audit import CLI, Act, Entry
from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import NOTHING, Actor, Case, Content, Move, Party, State
from bot.cases.model import Role as CaseRole
from bot.cases.ports import CaseBook, Conflict, Queue
from bot.desk.messenger.linking import Linking
from bot.desk.ports import Link
from bot.desk.staff import Role, Staff
from bot.storage.storage import Storage, utc_now

QUESTION = "有工资条吗？"
RESULT = "单位答应下月补上。"
PAUSE = 0.1  # seconds between two looks at the queue

_TRIAGE = Actor(Party.STAFF, "22222222", CaseRole.TRIAGE)
_HANDLER = Actor(Party.STAFF, "11111111", CaseRole.HANDLER, "王主任")
_TO_UNION = Content(organization="公安县总工会", department="rights", reason="人在公安县。")
_STEPS: dict[State, tuple[Move, Actor, Content]] = {
    State.REGISTERED: (Move.TRIAGE, _TRIAGE, NOTHING),
    State.TRIAGED: (Move.DISPATCH, _TRIAGE, _TO_UNION),
    State.DISPATCHED: (Move.ACCEPT, _HANDLER, NOTHING),
    State.ACCEPTED: (Move.START, _HANDLER, NOTHING),
}


async def links(storage: Storage, account: str) -> None:
    """Let somebody be at the desk whose account in the messenger this is."""
    staff = Staff("33333333", "wang.fang", "王芳", Role.CLERK, ("湖北省总工会",), utc_now())
    await storage.staff.add(staff, Link("told to nobody", utc_now()), Entry(CLI, Act.INVITED, staff.subject))
    linking = Linking(storage.messengers, utc_now)
    assert await linking.link(await linking.code(staff), account) is not None


async def work(cases: CaseBook) -> None:
    """Go through the open cases again and again, until cancelled."""
    while True:
        page = await cases.queue(Queue(limit=1000))
        for row in page.rows:
            case = await cases.case(row.id)
            if case is not None and (step := _next(case)) is not None:
                await _take(cases, case, *step)
        await asyncio.sleep(PAUSE)


def _next(case: Case) -> tuple[Move, Actor, Content] | None:
    if case.state is State.IN_PROGRESS:
        asked = any(event.move is Move.ASK_WORKER for event in case.events)
        return (Move.RESOLVE if asked else Move.ASK_WORKER, _HANDLER, Content(text=RESULT if asked else QUESTION))
    return _STEPS.get(case.state)


async def _take(cases: CaseBook, case: Case, move: Move, actor: Actor, content: Content) -> None:
    events = decide(case, move, actor, utc_now(), content)
    assert not isinstance(events, Refusal), events.reason
    try:
        await cases.apply([Append(case.id, case.seen, events)], utc_now())
    except Conflict:
        return  # the worker was quicker: at the next look
