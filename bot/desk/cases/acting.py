"""In which role somebody acts on a case, what they may do, and what comes of it; pure."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce

from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal, allowed, decide
from bot.cases.model import Actor, Case, Content, Event, Move, Party, Role, standing
from bot.desk import staff as desk

# A clerk both shares out what comes in and handles what was given to their union.
_ROLES = {desk.Role.CLERK: (Role.HANDLER, Role.TRIAGE), desk.Role.SUPERVISOR: (Role.SUPERVISOR,)}


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
    refusal = Refusal("")
    for actor in actors(staff):
        events = decide(case, move, actor, now, content)
        if isinstance(events, Refusal):
            refusal = events if move in allowed(case, actor) or not refusal.reason else refusal
            continue
        after = reduce(Case.then, events, case)
        if move is Move.ACCEPT and not after.handler:
            taken = decide(after, Move.ASSIGN, actor, now, Content(staff=staff.id))
            events += () if isinstance(taken, Refusal) else taken
        return Append(case.id, case.seen, events)
    return refusal


def undoable(case: Case, staff: desk.Staff, now: datetime) -> Event | None:
    """Return what the person did last and may still take back."""
    last = standing(case.events)[-1]
    change = acted(case, Move.UNDO, staff, now, Content(undone=last.number))
    return None if isinstance(change, Refusal) else last
