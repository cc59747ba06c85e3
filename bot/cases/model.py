"""The nouns of a case: who did what when, and what that makes of it.

A case is the fold of its events, which are only ever added. Once it is erased they stand without their contents.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.messages import Channel
from knowledge.vocabulary import Category, Urgency


class State(StrEnum):
    """How far a case has come."""

    REGISTERED = "registered"
    TRIAGED = "triaged"
    EMERGENCY = "emergency"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING_WORKER = "waiting_worker"
    WAITING_EMPLOYER = "waiting_employer"
    LEGAL_TRACK = "legal_track"
    ANSWERED = "answered"
    REFERRED = "referred"
    RESOLVED = "resolved"
    NOT_SUPPORTED = "not_supported"
    FOLLOW_UP = "follow_up"
    MERGED = "merged"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({State.CLOSED, State.WITHDRAWN})
OPEN = frozenset(State) - ENDED
SETTLED = frozenset({State.ANSWERED, State.REFERRED, State.RESOLVED, State.NOT_SUPPORTED})  # the worker's word is due


class Move(StrEnum):
    """What somebody does to a case; each event is one. `lifecycle.RULES` says who may do it, and when."""

    OPEN = "open"  # always event 1
    TRIAGE = "triage"
    ALARM = "alarm"  # a person is in danger
    ACKNOWLEDGE = "acknowledge"  # somebody on duty has taken the emergency call
    DISPATCH = "dispatch"
    RETURN = "return"
    ACCEPT = "accept"
    TRANSFER = "transfer"
    START = "start"
    ASK_WORKER = "ask_worker"
    WAIT_EMPLOYER = "wait_employer"
    GO_LEGAL = "go_legal"
    RESUME = "resume"
    ANSWER = "answer"
    REFER = "refer"
    RESOLVE = "resolve"
    NOT_SUPPORT = "not_support"
    FOLLOW_UP = "follow_up"
    CONFIRM = "confirm"  # the worker, perhaps by telephone to staff: it is settled, or: it was taken there
    CLOSE_UNREACHED = "close_unreached"  # a supervisor, after three tries on three working days
    REOPEN = "reopen"
    ASK_REOPEN = "ask_reopen"  # the worker, after the free reopening is used up
    DECLINE = "decline"  # a supervisor says no to that, and why
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    END_MERGED = "end_merged"  # the case that it is merged into is closed
    # these leave the state as it is
    SAY = "say"  # worker to staff, or staff to worker
    NOTE = "note"  # among staff
    INTERIM = "interim"  # an interim reply, which starts the result's clock anew
    ASSIGN = "assign"  # to a member of staff
    REGRADE = "regrade"  # another category or urgency
    CORRECT = "correct"  # the worker corrects the facts
    ATTACH = "attach"  # evidence
    JOIN = "join"  # a further claimant
    LEAVE = "leave"  # a claimant, whose particulars are destroyed
    RATE = "rate"
    TICK = "tick"  # a clock: a warning, a reminder, an escalation, a call
    UNDO = "undo"  # what the same person just did, before anything follows from it


class Party(StrEnum):
    """What kind of actor."""

    WORKER = "worker"
    STAFF = "staff"
    BOT = "bot"
    SYSTEM = "system"


class Role(StrEnum):
    """In which role a member of staff acts; a supervisor may do whatever the others may."""

    HANDLER = "handler"  # of the unit that a case is dispatched to
    TRIAGE = "triage"  # of the triage desk
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id`: of a worker the claimant's number, of staff the account's id, else empty."""

    party: Party
    id: str = ""
    role: Role | None = None  # staff only
    name: str = ""  # staff only: what the worker is told, such as 王主任

    @classmethod
    def worker(cls, claimant: int) -> "Actor":
        """Return the claimant with this number."""
        return cls(Party.WORKER, str(claimant))


BOT = Actor(Party.BOT)
SYSTEM = Actor(Party.SYSTEM)


class Audience(StrEnum):
    """Who may read an event: WORKER means everybody, STAFF staff only."""

    WORKER = "worker"
    STAFF = "staff"


class CaseKind(StrEnum):
    """What is asked of the union."""

    GRIEVANCE = "grievance"
    APPLICATION = "application"  # for a service, by a short form
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a worker told, in their own words; "" and None are not told."""

    story: str
    employer: str = ""
    place: str = ""
    since: str = ""
    people: int | None = None  # workers concerned, the claimant included
    wish: str = ""
    service: str = ""  # of an application: which service
    answers: tuple[tuple[str, str], ...] = ()  # an application's further fields: label and what was written


class ClockKind(StrEnum):
    """What is waited for."""

    TRIAGE = "triage"
    ACCEPT = "accept"
    CONTACT = "contact"
    RESULT = "result"
    WORKER = "worker"  # the worker's reply: reminders, no escalation
    LEGAL = "legal"  # the outside body's own time limit
    FOLLOW_UP = "follow_up"  # to ask whether it is settled, then twice more
    CALL = "call"  # somebody on duty takes the emergency
    DECISION = "decision"  # a supervisor's, whether to open the case once more


class Alarm(StrEnum):
    """What a clock does at one of its moments."""

    WARN = "warn"  # 80 % of the limit is used up
    OVERDUE = "overdue"
    CALL = "call"  # whoever is on duty
    REMIND = "remind"  # the worker
    ASK = "ask"  # the worker, whether it is settled
    UNREACHED = "unreached"  # the worker answers nothing: a supervisor decides


@dataclass(frozen=True, slots=True)
class Content:
    """What an event says; only what its move needs is filled."""

    text: str = ""  # what is said, answered, asked or noted
    reason: str = ""
    basis: str = ""  # the legal basis of NOT_SUPPORT
    contact: str = ""  # of the body that a case is referred to
    kind: CaseKind | None = None
    facts: Facts | None = None
    categories: tuple[Category, ...] = ()  # the first is the one that it is routed by
    urgency: Urgency | None = None
    region: str | None = None  # an id of regions.yaml
    organization: str = ""  # a name of organizations.yaml
    department: str = ""  # an id of organizations.yaml
    body: str = ""  # an id of organizations.yaml: REFER, GO_LEGAL
    until: datetime | None = None  # the outside body's time limit, or when an employer is to answer
    parent: str = ""  # the case that this one is merged into
    staff: str = ""  # id of the handler it is assigned to
    claimant: int | None = None
    evidence: str = ""  # id
    score: int | None = None  # 1 to 5
    clock: ClockKind | None = None
    since: int | None = None  # number of the event that started the clock
    step: int | None = None  # which of the clock's alarms, from 0
    alarm: Alarm | None = None
    press: int | None = None  # of an ASSIGN: number of the first event of the press that it ended
    undone: int | None = None  # number of the first event that an UNDO takes back; those after it go too


NOTHING = Content()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done; `number` rises by one from 1 within its case."""

    case: str
    number: int
    move: Move
    at: datetime  # aware, UTC
    actor: Actor
    audience: Audience
    before: State | None  # None only of OPEN
    after: State  # the same as `before` where the move leaves it
    content: Content = NOTHING


@dataclass(frozen=True, slots=True)
class Case:
    """What the events of a case make of it; see `fold`."""

    id: str  # 32 random hexadecimal digits
    state: State
    opened_at: datetime
    events: tuple[Event, ...]
    number: str = ""  # as staff see it, such as JZ-2026-000123; given when it is stored
    kind: CaseKind = CaseKind.GRIEVANCE
    categories: tuple[Category, ...] = (Category.OTHER,)
    urgency: Urgency = Urgency.NORMAL
    region: str | None = None
    organization: str = ""  # the union that has it now
    department: str = ""
    route: str = ""  # why it went there, in words
    facts: Facts = field(default_factory=lambda: Facts(""))
    handler: str = ""
    body: str = ""
    until: datetime | None = None
    parent: str = ""
    acknowledged: bool = False
    reopened: int = 0  # times that the worker did so freely, or staff for them
    returned_by: frozenset[str] = frozenset()  # unions that returned it since it was triaged
    score: int | None = None
    claimants: frozenset[int] = frozenset({1})  # numbers of those who have not left
    settled_by: frozenset[int] = frozenset()  # claimants who said so since the last result
    asked: frozenset[int] = frozenset()  # claimants who want it opened once more, which a supervisor has not decided
    erased: bool = False  # its key is destroyed: events without contents

    @property
    def seen(self) -> int:
        """Return the number of the last event, which an `Append` builds upon."""
        return self.events[-1].number

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be brought to an end."""
        return self.state in OPEN

    @property
    def is_over(self) -> bool:
        """Tell whether nobody owes anything any more: what has ended may have to be decided on once more."""
        return not self.is_open and not self.asked

    def then(self, event: Event) -> "Case":
        """Return the case after one more event."""
        if event.move is Move.UNDO:
            return fold((*self.events, event), self.number, erased=self.erased)
        return _apply(replace(self, state=event.after, events=(*self.events, event)), event)


def fold(events: Iterable[Event], number: str = "", *, erased: bool = False) -> Case:
    """Return what the events, in their order and at least one, make of a case."""
    history = tuple(events)
    first = history[0]
    case = Case(first.case, history[-1].after, first.at, history, number, erased=erased)
    for event in standing(history):
        case = _apply(case, event)
    return case


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events that hold: without what was undone, and without the undoing."""
    history = tuple(events)
    gone = undone(history)
    return tuple(event for event in history if event.move is not Move.UNDO and event.number not in gone)


def undone(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of the events that were taken back; what took them back is none of them."""
    history = tuple(events)
    backs = ((event.content.undone, event.number) for event in history if event.move is Move.UNDO)
    taken = {number for first, end in backs if first is not None for number in range(first, end)}
    return frozenset(taken - {event.number for event in history if event.move is Move.UNDO})


def pressed(case: Case) -> Event:
    """Return the first event of what was done last by one press, and still stands."""
    last = standing(case.events)[-1]
    return last if last.content.press is None else case.events[last.content.press - 1]


def speaker(actor: Actor, said: Content) -> int:
    """Return the number of the claimant whose word it is, which staff may only pass on."""
    return said.claimant or 0 if actor.party is Party.STAFF else int(actor.id or 0)


def _apply(case: Case, event: Event) -> Case:
    """Return the case with what the event's content changes of it."""
    said = event.content
    case = replace(
        case,
        kind=said.kind or case.kind,
        categories=said.categories or case.categories,
        urgency=said.urgency or case.urgency,
        region=said.region or case.region,
        organization=said.organization or case.organization,
        department=said.department or case.department,
        facts=said.facts or case.facts,
        handler=said.staff or case.handler,
        body=said.body or case.body,
        until=said.until or case.until,
        score=said.score or case.score,
    )
    match event.move:
        case Move.OPEN:
            return replace(case, route=said.reason)
        case Move.TRIAGE:
            return replace(case, returned_by=frozenset())
        case Move.DISPATCH | Move.TRANSFER:
            return replace(case, route=said.reason, handler="")
        case Move.RETURN:
            return replace(case, returned_by=case.returned_by | {case.organization}, handler="")
        case Move.ALARM:
            return replace(case, urgency=Urgency.EMERGENCY, acknowledged=False, asked=frozenset())
        case Move.ACKNOWLEDGE:
            return replace(case, acknowledged=True)
        case Move.MERGE:
            return replace(case, parent=said.parent)
        case Move.UNMERGE:
            return replace(case, parent="", asked=frozenset())
        case Move.REOPEN:
            freely = event.actor.role is not Role.SUPERVISOR
            return replace(case, reopened=case.reopened + freely, settled_by=frozenset(), asked=frozenset())
        case Move.ASK_REOPEN:
            return replace(case, asked=case.asked | {speaker(event.actor, said)})
        case Move.DECLINE | Move.WITHDRAW:
            return replace(case, asked=frozenset())
        case Move.CONFIRM:
            settled = speaker(event.actor, said)
            return replace(case, settled_by=case.settled_by | {settled}, asked=case.asked - {settled})
        case Move.JOIN if said.claimant is not None:
            return replace(case, claimants=case.claimants | {said.claimant})
        case Move.LEAVE if said.claimant is not None:
            return replace(case, claimants=case.claimants - {said.claimant}, asked=case.asked - {said.claimant})
        case _:
            return case


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody whose case it is, as staff and the worker may see them; the account is the storage's secret."""

    number: int  # from 1 within the case
    channel: Channel
    anonymous: bool
    joined_at: datetime
    name: str = ""  # "" for staff if anonymous
    telephone: str = ""  # likewise
    left: bool = False
    reached: bool = True  # the bot has a chat with them; False of somebody for whom staff wrote it down


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the evidence room, sealed with a key of its own, which whoever keeps this record can open."""

    file: str  # random name in HOME/evidence
    key: str  # 64 hexadecimal digits
    sha256: str  # of what was sent, hexadecimal
    size: int  # bytes
    mime: str  # by its content, not by its name


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that belongs to a case."""

    id: str  # 32 random hexadecimal digits
    kept: KeptFile
    name: str  # as it was sent, or what kind it is
    claimant: int | None
    added_at: datetime
