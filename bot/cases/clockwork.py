"""The clockwork: sees to it that no deadline passes unnoticed, whatever is restarted when.

What is due stands with the case. Each alarm is an event, stored with what it brings in one transaction; a case that
somebody changed meanwhile is looked at again, and one that fails holds up no other.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.cases.changes import Append, CallStaff, NoticeKind
from bot.cases.deadlines import Clock, Ring, Times, ahead
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import SYSTEM, Alarm, Case, Content, Event, Move, State
from bot.cases.ports import CaseBook, Conflict
from bot.pages.refusals import Outage
from knowledge.calendar import ZONE
from knowledge.organizations import Organizations

log = structlog.get_logger(__name__)

_BATCH = 50  # cases at a time
POLL = 5.0  # seconds at most between two looks: another process may have stored something
_REST = 0.5  # seconds at least, unless something is stored here: what cannot be rung is not tried all the time
_ASIDE = timedelta(minutes=1)  # for which a case that failed is not tried again
_NOTICES = {
    Alarm.WARN: NoticeKind.WARNING,
    Alarm.OVERDUE: NoticeKind.OVERDUE,
    Alarm.CALL: NoticeKind.EMERGENCY,
    Alarm.UNREACHED: NoticeKind.UNREACHED,
}


class Changed(Protocol):
    """Wakes the clockwork."""

    changed: asyncio.Event  # set whenever an alarm may be due sooner


class Clockwork:
    """Rings what is due, until cancelled."""

    def __init__(
        self, book: CaseBook, times: Times, organizations: Organizations, now: Callable[[], datetime], wake: Changed
    ) -> None:
        self._book = book
        self._times = times
        self._organizations = organizations
        self._now = now
        self._wake = wake
        self._aside: dict[str, datetime] = {}  # cases that failed, and until when each is left alone

    async def run(self, poll: float = POLL) -> None:
        """Ring now and whenever something is due; look at least every `poll` seconds."""
        if not self._times.calendar.knows(year := self._now().astimezone(ZONE).year):
            log.warning("calendar.unknown", year=year)  # its moved weekends: deadlines come early
        while True:
            self._wake.changed.clear()
            try:
                await self.ring()
                wait = await self._until_next(poll)
            except Exception as error:  # the next look makes up for it
                log.error("clockwork.failed", error=type(error).__name__)
                wait = poll
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake.changed.wait()

    async def ring(self) -> int:
        """Ring everything that is due, danger first, and return how many alarms that were."""
        rung = 0
        self._aside = {id: until for id, until in self._aside.items() if until > self._now()}
        left = set(self._aside)  # and whatever else cannot be rung this time, so that it stands before no other
        while due := [id for id in await self._book.ringing(self._now(), _BATCH + len(left)) if id not in left]:
            for id in due:
                rang = await self._ring(id)
                if rang == 0:
                    left.add(id)
                rung += rang
        return rung

    async def counts(self) -> dict[str, int]:
        """Return how many cases have an alarm that ought to have rung long ago."""
        return {"late": await self._book.late(self._now() - _ASIDE)}

    async def _ring(self, id: str) -> int:
        now = self._now()
        try:
            case = await self._book.case(id)
            if case is None:
                return 0
            events, calls = due(case, now, self._times, self._organizations)
            if events:
                await self._book.apply([Append(id, case.seen, events), *calls], now)
            else:  # it would have, by the limits and holidays of before
                await self._book.reckon(id)
        except Conflict:
            return 0
        except Outage:  # no fault of this case's
            raise
        except Exception as error:
            log.error("clockwork.case_failed", case=id, error=type(error).__name__)
            self._aside[id] = now + _ASIDE
            return 0
        return len(events)

    async def _until_next(self, poll: float) -> float:
        following = await self._book.next_alarm()
        if following is None:
            return poll
        return min(poll, max(_REST, (following - self._now()).total_seconds()))


def due(
    case: Case, now: datetime, times: Times, organizations: Organizations
) -> tuple[tuple[Event, ...], tuple[CallStaff, ...]]:
    """Return what the alarms that are due bring: an event each, and whose staff is called. Pure."""
    seen, calls = case.seen, list[CallStaff]()
    while True:
        waiting = ahead(case, times)
        if not waiting or waiting[0][1].at > now:
            break
        clock, ring = waiting[0]
        case = _rung(case, clock, ring, now)
        if (call := _call(case, clock, ring, now, times, organizations)) is not None:
            calls.append(call)
    return case.events[seen:], tuple(calls)


def _rung(case: Case, clock: Clock, ring: Ring, now: datetime) -> Case:
    """Return the case after the alarm; the first question whether it is settled is a move of its own."""
    asks = ring.alarm is Alarm.ASK and case.state is not State.FOLLOW_UP
    move = Move.FOLLOW_UP if asks else Move.TICK
    content = Content(clock=clock.kind, since=clock.since, step=ring.step, alarm=ring.alarm)
    events = decide(case, move, SYSTEM, now, content)
    if isinstance(events, Refusal):  # the tables of moves and of clocks do not fit: a fault of ours
        raise AssertionError(f"{clock.kind} rings in {case.state}: {events.reason}")
    for event in events:
        case = case.then(event)
    return case


def _call(
    case: Case, clock: Clock, ring: Ring, now: datetime, times: Times, organizations: Organizations
) -> CallStaff | None:
    kind = _NOTICES.get(ring.alarm)
    if kind is None:
        return None
    if ring.alarm is Alarm.CALL:  # the roster knows who above is called too, by how often nobody answered
        level = _call_level(now - clock.started_at, case, times)
        return CallStaff(kind, case.id, case.organization, clock.due_at, call=ring.step + 1, level=level)
    union = _above(case.organization, ring.level, organizations)
    return CallStaff(kind, case.id, union, clock.due_at, level=ring.level)


def _call_level(waited: timedelta, case: Case, times: Times) -> int:
    """Return how far an emergency is escalated that nobody has taken for so long."""
    delays = (delay.duration for delay in times.limits[case.urgency].overdue)
    return sum(1 for delay in delays if delay is not None and waited >= delay)


def _above(name: str, level: int, organizations: Organizations) -> str:
    """Return who is told at a level: 0 and 1 the union itself, 2 the one above it, 3 the one above that."""
    union = organizations.organizations.get(name)
    if union is None:
        return name
    chain = organizations.chain(union)
    return chain[min(max(level - 1, 0), len(chain) - 1)].name
