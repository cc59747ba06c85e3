"""In which role somebody acts on a case, what they may do, and what comes of it; pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce

from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal, allowed, decide
from bot.cases.model import NOTHING, Actor, Case, Content, Event, Move, Party, Role, State, pressed
from bot.desk import staff as desk

# A clerk both shares out what comes in and handles what was given to their union.
_ROLES = {desk.Role.CLERK: (Role.HANDLER, Role.TRIAGE), desk.Role.SUPERVISOR: (Role.SUPERVISOR,)}
# What lies between a case that comes in and the work on it.
_TAKEN_UP = {
    State.REGISTERED: (Move.TRIAGE, Move.DISPATCH, Move.ACCEPT, Move.START),
    State.REOPENED: (Move.TRIAGE, Move.DISPATCH, Move.ACCEPT, Move.START),
    State.TRIAGED: (Move.DISPATCH, Move.ACCEPT, Move.START),
    State.DISPATCHED: (Move.ACCEPT, Move.START),
    State.ACCEPTED: (Move.START,),
    State.EMERGENCY: (Move.ACKNOWLEDGE,),
}
OWN = "由本工会接办。"
ALREADY = "这件已经在您手上了。"


def actors(staff: desk.Staff) -> Iterator[Actor]:
    """Yield the person in each role that they may take."""
    for role in _ROLES.get(staff.role, ()):
        yield Actor(Party.STAFF, staff.id, role, staff.name)


def moves(case: Case, staff: desk.Staff) -> tuple[Move, ...]:
    """Return what the person may do now, in the order of `Move`."""
    possible = {move for actor in actors(staff) for move in allowed(case, actor)}
    return tuple(move for move in Move if move in possible)


def acted(case: Case, move: Move, staff: desk.Staff, now: datetime, content: Content) -> Append | Refusal:
    """Return what is to be stored, or why it is not allowed; who accepts a case that nobody has handles it."""
    events = _decided(case, move, staff, now, content)
    if isinstance(events, Refusal):
        return events
    after = reduce(Case.then, events, case)
    if move is Move.ACCEPT and not after.handler:
        taken = _decided(after, Move.ASSIGN, staff, now, Content(staff=staff.id, press=events[0].number))
        events += () if isinstance(taken, Refusal) else taken
    return Append(case.id, case.seen, events)


def claimable(case: Case, staff: desk.Staff) -> bool:
    """Tell whether the person may take the case into their own hands and has not done so."""
    return Move.ASSIGN in moves(case, staff) and (case.handler != staff.id or bool(_ahead(case)))


def claimed(case: Case, staff: desk.Staff, now: datetime) -> Append | Refusal:
    """Return what is to be stored where somebody takes a case into their own hands, or why that is not allowed.

    All steps that lie before the work are made at once, for a case on which somebody works is neither to be triaged
    nor to be accepted any more; it stays with its union. Where these cannot be made they only handle it.
    """
    ahead = _ahead(case)
    if case.handler == staff.id and not ahead:
        return Refusal(ALREADY)
    contents = {
        Move.DISPATCH: Content(organization=case.organization, department=case.department, reason=case.route or OWN),
        # what was said of an emergency to those who were called is not taken back
        Move.ASSIGN: Content(staff=staff.id, press=None if case.state is State.EMERGENCY else case.seen + 1),
    }
    for steps in (ahead, ()):
        change = _all(case, (*steps, Move.ASSIGN), staff, now, contents)
        if isinstance(change, Append):
            break
    return change


def _ahead(case: Case) -> tuple[Move, ...]:
    """Return the steps that still lie before the work."""
    taken = case.state is State.EMERGENCY and case.acknowledged
    return () if taken else _TAKEN_UP.get(case.state, ())


def _all(
    case: Case, steps: Sequence[Move], staff: desk.Staff, now: datetime, contents: Mapping[Move, Content]
) -> Append | Refusal:
    after = case
    for move in steps:
        events = _decided(after, move, staff, now, contents.get(move, NOTHING))
        if isinstance(events, Refusal):
            return events
        after = reduce(Case.then, events, after)
    return Append(case.id, case.seen, after.events[case.seen :])


def _decided(case: Case, move: Move, staff: desk.Staff, now: datetime, content: Content) -> tuple[Event, ...] | Refusal:
    """Return the events of a move, made in whichever of the person's roles may make it."""
    refusal = Refusal("")
    for actor in actors(staff):
        events = decide(case, move, actor, now, content)
        if not isinstance(events, Refusal):
            return events
        refusal = events if move in allowed(case, actor) or not refusal.reason else refusal
    return refusal


def undoable(case: Case, staff: desk.Staff, now: datetime) -> Event | None:
    """Return the first event of what the person did last and may still take back."""
    first = pressed(case)
    change = acted(case, Move.UNDO, staff, now, Content(undone=first.number))
    return None if isinstance(change, Refusal) else first
