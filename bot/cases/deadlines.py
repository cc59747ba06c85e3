"""The clocks of a case: what is waited for, until when, and who is told once that passes; pure functions of events.

Which alarms have rung already is read from the events TICK, so an alarm rings once whatever is restarted when.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.cases.model import SETTLED, Alarm, Audience, Case, ClockKind, Event, Move, Party, State, standing
from knowledge.calendar import DAY, ZONE, Calendar, end_of_day
from knowledge.categories import Clock as Limits
from knowledge.categories import Limit, Unit
from knowledge.vocabulary import Urgency

WARN_AT = 0.8  # of a limit
CALL_EVERY = timedelta(minutes=5)
REMIND_AFTER = (timedelta(days=3), timedelta(days=7))  # while the worker is waited for
GIVE_UP_AFTER = timedelta(days=14)  # then a supervisor decides
TRIES = 3  # of a follow-up, on as many working days
_MORNING, _EVENING = time(9), time(18)  # in China: when a worker is asked or reminded

_TO_TRIAGE = frozenset({State.REGISTERED, State.REOPENED, State.TRIAGED, State.RETURNED})
_AT_WORK = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.WAITING_EMPLOYER})
_TO_DECIDE = SETTLED | {State.FOLLOW_UP, State.CLOSED, State.MERGED}
_CONTACTS = frozenset({Move.SAY, Move.ASK_WORKER, Move.INTERIM, Move.ANSWER, Move.RESOLVE})


@dataclass(frozen=True, slots=True)
class Ring:
    """One moment of a clock at which somebody is told."""

    step: int  # from 0 within the clock
    at: datetime
    alarm: Alarm
    level: int = 0  # of OVERDUE: 1 the unit's lead, 2 the union above, 3 the one above that


@dataclass(frozen=True, slots=True)
class Clock:
    """What a case waits for: since the event with this number, until `due_at`."""

    kind: ClockKind
    since: int
    started_at: datetime
    due_at: datetime
    rings: tuple[Ring, ...]  # those that have rung too


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks run by."""

    calendar: Calendar
    limits: Mapping[Urgency, Limits]


def clocks(case: Case, times: Times) -> tuple[Clock, ...]:
    """Return the clocks that run, the first to be due first; none of a case that waits for nobody."""
    return tuple(sorted(_running(case, times), key=lambda clock: clock.due_at))


def ahead(case: Case, times: Times) -> tuple[tuple[Clock, Ring], ...]:
    """Return all that has not rung yet, the next first."""
    rung = _rung(case)
    waiting = [
        (clock, ring)
        for clock in clocks(case, times)
        for ring in clock.rings
        if (clock.kind, clock.since, ring.step) not in rung
    ]
    return tuple(sorted(waiting, key=lambda pair: pair[1].at))


def level(case: Case, times: Times) -> int:
    """Return how far the case is escalated, 0 to 3: the highest level that has rung of a clock that still runs."""
    rung = _rung(case)
    return max(
        (
            ring.level
            for clock in clocks(case, times)
            for ring in clock.rings
            if (clock.kind, clock.since, ring.step) in rung
        ),
        default=0,
    )


def _rung(case: Case) -> frozenset[tuple[ClockKind | None, int | None, int | None]]:
    ticks = (event.content for event in case.events if event.move is Move.TICK)
    return frozenset((tick.clock, tick.since, tick.step) for tick in ticks)


def _running(case: Case, times: Times) -> Iterator[Clock]:
    limits = times.limits[case.urgency]
    if case.asked and case.state in _TO_DECIDE and not case.erased:
        yield _limited(case, times, ClockKind.DECISION, _asked(case), limits.accept)
        return
    if case.erased or not case.is_open:
        return
    state = case.state
    if state in _TO_TRIAGE:
        yield _limited(case, times, ClockKind.TRIAGE, _entered(case, _TO_TRIAGE, Move.RETURN), limits.triage)
    elif state is State.EMERGENCY:
        alarm = _last(case, Move.ALARM)
        if not case.acknowledged:
            yield _call(case, alarm)
            yield _limited(case, times, ClockKind.TRIAGE, alarm, limits.triage)
        yield _limited(case, times, ClockKind.RESULT, _last(case, Move.ALARM, Move.INTERIM), limits.result)
    elif state is State.DISPATCHED:
        yield _limited(case, times, ClockKind.ACCEPT, _last(case, Move.DISPATCH, Move.TRANSFER), limits.accept)
    elif state in _AT_WORK:
        yield _limited(case, times, ClockKind.RESULT, _last(case, Move.ACCEPT, Move.INTERIM), limits.result)
    elif state is State.WAITING_WORKER:
        yield _worker(case)
    elif state is State.LEGAL_TRACK:
        yield _legal(case, times)
    elif state in SETTLED:
        yield _until_asked(case, times, limits.follow_up)
    elif state is State.FOLLOW_UP:
        yield _tries(case, times)
    if state in _AT_WORK | {State.DISPATCHED, State.EMERGENCY} and (first := _uncontacted(case)):
        yield _limited(case, times, ClockKind.CONTACT, first, limits.contact)


# --- one clock each ---


def _limited(case: Case, times: Times, kind: ClockKind, since: Event, limit: Limit) -> Clock:
    """Return a clock that warns and escalates, and that stood still while the worker was waited for."""
    still = _pauses(case, since)
    due = _after(times, since.at, limit, still)
    warn = Ring(0, _after(times, since.at, limit, still, WARN_AT), Alarm.WARN)
    return Clock(kind, since.number, since.at, due, (warn, *_overdue(times, case.urgency, due)))


def _overdue(times: Times, urgency: Urgency, due: datetime) -> Iterator[Ring]:
    for above, delay in enumerate(times.limits[urgency].overdue, 1):
        yield Ring(above, _after(times, due, delay), Alarm.OVERDUE, above)


def _call(case: Case, alarm: Event) -> Clock:
    """Call at once, then five minutes after each call; an outage makes up for none."""
    calls = [
        event.at for event in case.events if event.content.alarm is Alarm.CALL and event.content.since == alarm.number
    ]
    following = calls[-1] + CALL_EVERY if calls else alarm.at
    moments = (*calls, following)
    rings = tuple(Ring(step, at, Alarm.CALL) for step, at in enumerate(moments))
    return Clock(ClockKind.CALL, alarm.number, alarm.at, alarm.at + CALL_EVERY, rings)


def _worker(case: Case) -> Clock:
    asked = _last(case, Move.ASK_WORKER)
    reminders = [Ring(step, _daytime(asked.at + days), Alarm.REMIND) for step, days in enumerate(REMIND_AFTER)]
    end = Ring(len(reminders), asked.at + GIVE_UP_AFTER, Alarm.UNREACHED)
    return Clock(ClockKind.WORKER, asked.number, asked.at, end.at, (*reminders, end))


def _legal(case: Case, times: Times) -> Clock:
    """Show the outside body's own time limit."""
    gone = _last(case, Move.GO_LEGAL)
    due = max(case.until or gone.at, gone.at)
    warn = Ring(0, gone.at + (due - gone.at) * WARN_AT, Alarm.WARN)
    return Clock(ClockKind.LEGAL, gone.number, gone.at, due, (warn, *_overdue(times, case.urgency, due)))


def _until_asked(case: Case, times: Times, limit: Limit) -> Clock:
    settled = _entered(case, SETTLED)
    due = _after(times, settled.at, limit)
    asking = _office_hours(due, times)
    return Clock(ClockKind.FOLLOW_UP, settled.number, settled.at, asking, (Ring(0, asking, Alarm.ASK),))


def _tries(case: Case, times: Times) -> Clock:
    """Ask twice more, each on a working day of its own; the move itself was the first time."""
    asked = _last(case, Move.FOLLOW_UP)
    days = (timedelta(days=number) for number in range(1, TRIES + 1))
    moments = [_office_hours(times.calendar.after(asked.at, passed), times) for passed in days]
    again = [Ring(step, at, Alarm.ASK) for step, at in enumerate(moments[:-1])]
    end = Ring(len(again), moments[-1], Alarm.UNREACHED)
    return Clock(ClockKind.FOLLOW_UP, asked.number, asked.at, end.at, (*again, end))


def _daytime(moment: datetime) -> datetime:
    """Return the moment, or the next morning if it is at night."""
    local = moment.astimezone(ZONE)
    if local.time() < _MORNING:
        return datetime.combine(local, _MORNING, ZONE).astimezone(UTC)
    if local.time() >= _EVENING:
        return datetime.combine(local + DAY, _MORNING, ZONE).astimezone(UTC)
    return moment


def _office_hours(moment: datetime, times: Times) -> datetime:
    """Return the moment, or the next morning of a working day."""
    at = _daytime(moment)
    while not times.calendar.is_working(at.astimezone(ZONE).date()):
        at = datetime.combine(at.astimezone(ZONE) + DAY, _MORNING, ZONE).astimezone(UTC)
    return at


# --- reading the events ---


def _last(case: Case, *moves: Move) -> Event:
    return next(event for event in reversed(case.events) if event.move in moves)


def _entered(case: Case, states: frozenset[State], *anew: Move) -> Event:
    """Return the event by which the case came to be in one of the states, or that began it anew there."""
    history = standing(case.events)
    entered = history[-1]
    for event in reversed(history):
        if event.after not in states:
            break
        entered = event
        if event.move in anew:
            break
    return entered


def _asked(case: Case) -> Event:
    """Return the request to open the case once more that has waited longest."""
    waiting = case.events[-1]
    for event in reversed(case.events):
        if event.move in (Move.REOPEN, Move.DECLINE, Move.UNMERGE, Move.ALARM):
            break
        if event.move is Move.ASK_REOPEN:
            waiting = event
    return waiting


def _uncontacted(case: Case) -> Event | None:
    """Return since when the worker waits for a first word from the union; None if there was one."""
    since: Event | None = None
    for event in standing(case.events):
        if event.move is Move.REOPEN:
            since = None
        elif event.move in (Move.DISPATCH, Move.ALARM) and (since is None or event.move is Move.ALARM):
            since = event
    if since is None:
        return None
    heard = any(
        event.move in _CONTACTS and event.actor.party is Party.STAFF and event.audience is Audience.WORKER
        for event in case.events[since.number :]
    )
    return None if heard else since


def _pauses(case: Case, since: Event) -> list[tuple[datetime, datetime]]:
    """Return when the worker was waited for since the event."""
    pauses: list[tuple[datetime, datetime]] = []
    asked: datetime | None = None
    for event in case.events[since.number :]:
        if event.after is State.WAITING_WORKER:
            asked = asked or event.at
        elif asked is not None:
            pauses.append((asked, event.at))
            asked = None
    return pauses


def _after(
    times: Times,
    start: datetime,
    limit: Limit,
    still: list[tuple[datetime, datetime]] | None = None,
    share: float = 1.0,
) -> datetime:
    """Return when the share of the limit is used up, counted from `start` without the time that stood still."""
    pauses = still or []
    if limit.unit is Unit.WORKING_DAY:
        stood = sum((times.calendar.between(*pause) for pause in pauses), timedelta(0))
        return times.calendar.after(start, timedelta(days=limit.amount) * share + stood)
    same_day = limit.unit is Unit.DAY and limit.amount == 0
    whole = end_of_day(start) - start if same_day else limit.duration or timedelta(0)
    return start + whole * share + sum((end - begin for begin, end in pauses), timedelta(0))
