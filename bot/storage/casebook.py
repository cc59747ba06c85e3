"""The cases over SQL: what is read of them, and changes in transactions of their own."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select, update

from bot.cases.changes import Append, Change
from bot.cases.duplicates import WITHIN, normalised
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import OPEN, Actor, Case, Claimant, Evidence, Facts, Move, Party, Role, State
from bot.cases.ports import CaseError, Mine, Order, Queue, QueuePage, QueueRow, Similar, TooManyGuesses
from bot.cases.written import Written
from bot.messages import Channel
from bot.notices.ports import Taken
from bot.storage.case_rows import (
    URGENCIES,
    case_of,
    cipher_of,
    claimant_of,
    employer_digest,
    event_of,
    evidence_of,
    handler_digest,
    receipt_digest,
)
from bot.storage.case_search import sifted, worded
from bot.storage.case_tables import NEVER, case_events, case_readers, cases, claimants, evidence, receipt_guesses
from bot.storage.case_writer import CaseWriter, events_of
from bot.storage.database import Database
from bot.storage.seal import Seal
from knowledge.vocabulary import Category

_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.DUE: (cases.c.urgency.asc(), cases.c.due_at.asc()),
    Order.NEWEST: (cases.c.opened_at.desc(), cases.c.id),  # so that pages leave out none of one moment
}
_TELLING = (Move.OPEN, Move.CORRECT)  # what brings facts
_FEW = 50  # cases that are opened whole without a break
GUESSES = 5  # wrong receipts an hour from one chat
GUESSES_IN_ALL = 100_000  # and from all chats: few of the 10**15 receipts, and too many for one to lock all others out
GUESSED_WITHIN = timedelta(hours=1)


class SqlCaseBook:
    """Implements `CaseBook`, and `Takes` for the notices."""

    def __init__(self, database: Database, seal: Seal, writer: CaseWriter, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
        self._writer = writer
        self._now = now

    async def apply(self, changes: Sequence[Change], now: datetime) -> None:
        """Store all changes in one transaction, or raise `Conflict` and store nothing."""
        await self._database.write(lambda connection: self._writer.store(connection, changes, now))
        self._writer.announce()

    async def take(self, number: str, by: str, at: datetime) -> Taken:
        """Note that somebody on duty takes the emergency of this number."""
        actor = Actor(Party.STAFF, by, Role.HANDLER)

        def work(connection: Connection) -> Taken:
            id = connection.execute(select(cases.c.id).where(cases.c.number == number)).scalar_one_or_none()
            if id is None:
                return Taken.GONE
            try:
                case = self._writer.load(connection, id).case
            except CaseError:
                return Taken.GONE
            if case.acknowledged:
                return Taken.ALREADY
            events = decide(case, Move.ACKNOWLEDGE, actor, at)
            if isinstance(events, Refusal):
                return Taken.GONE
            self._writer.store(connection, [Append(case.id, case.seen, events)], at)
            return Taken.TAKEN

        taken = await self._database.write(work)
        self._writer.announce()
        return taken

    # --- one case ---

    async def case(self, id: str) -> Case | None:
        """Return the case with this id."""
        return await self._one(cases.c.id == id)

    async def by_number(self, number: str) -> Case | None:
        """Return the case with this number, such as JZ-2026-000123."""
        return await self._one(cases.c.number == number)

    async def claimants(self, case: str) -> Sequence[Claimant]:
        """Return a case's claimants as staff may see them; those of cases merged into it are not among them."""
        rows = await self._database.read(
            _with_case(claimants, claimants.c.case_id == case).order_by(claimants.c.number)
        )
        return [claimant_of(row, cipher_of(self._seal, row.case_id, row.key), own=False) for row in rows]

    async def evidence(self, case: str) -> Sequence[Evidence]:
        """Return a case's files, oldest first."""
        query = _with_case(evidence, evidence.c.case_id == case).order_by(evidence.c.added_at, evidence.c.file)
        found = []
        for row in await self._database.read(query):
            cipher = cipher_of(self._seal, row.case_id, row.key)
            if cipher is not None:
                found.append(evidence_of(row, cipher))
        return found

    # --- for workers ---

    async def by_receipt(self, receipt: str, channel: Channel, chat: str) -> Mine | None:
        """Return the case and the claimant of a receipt's 16 digits; None if there is none, which counts as a guess.

        That this chat was told is kept, so that what is said there goes with the case.
        """
        guesser = self._seal.digest("chat", channel, chat)
        since = self._now() - GUESSED_WITHIN
        mine = func.count().filter(receipt_guesses.c.chat == guesser)
        counted = select(func.count().label("total"), mine.label("own")).where(receipt_guesses.c.at > since)
        ((total, own),) = await self._database.read(counted)
        if own >= GUESSES or total >= GUESSES_IN_ALL:
            raise TooManyGuesses("Too many wrong receipts were tried: try again in an hour.")
        found = await self._mine(claimants.c.receipt == receipt_digest(self._seal, receipt))
        if not found:
            await self._database.execute(receipt_guesses.insert().values(chat=guesser, at=self._now()))
            return None
        read = {"case_id": found[0].case.id, "claimant": found[0].claimant.number, "channel": channel, "chat": guesser}
        adding = self._database.insert(case_readers).values(**read, at=self._now())
        await self._database.execute(adding.on_conflict_do_update(index_elements=[*read], set_={"at": self._now()}))
        return found[0]

    async def of_chat(self, channel: Channel, chat: str) -> Sequence[Mine]:
        """Return a chat's cases, newest first, without those that the worker left or had erased."""
        return await self._mine(
            claimants.c.channel == channel, claimants.c.chat == self._seal.digest("chat", channel, chat)
        )

    # --- for staff ---

    async def queue(self, query: Queue) -> QueuePage:
        """Return the cases of a queue."""
        rows = await self._database.read(self.selected(query))
        counted = select(func.count()).select_from(cases).where(*self._conditions(query))
        ((total,),) = await self._database.read(counted)
        return QueuePage(tuple(map(_queue_row, rows)), total)

    async def facts(self, ids: Sequence[str]) -> dict[str, Facts]:
        """Return what was told of the cases, as it was put right last; without those that are erased."""
        telling = _with_case(case_events, case_events.c.case_id.in_(ids), case_events.c.move.in_(_TELLING))
        rows = await self._database.read(telling.order_by(case_events.c.number))
        ciphers = {row.case_id: cipher_of(self._seal, row.case_id, row.key) for row in rows}
        events = (event_of(row, ciphers[row.case_id]) for row in rows)
        return {event.case: event.content.facts for event in events if event.content.facts}

    async def counts(self, whole: Queue, parts: Sequence[Queue]) -> tuple[int, ...]:
        """Return how many cases of the whole queue each of the others has too; they are gone through once."""
        counted = (func.count().filter(*self._conditions(part)) for part in parts)
        query = select(*counted).select_from(cases).where(*self._conditions(whole))
        ((*found,),) = await self._database.read(query)
        return tuple(found)

    async def holding(self, query: Queue, sought: Sequence[re.Pattern[str]]) -> list[tuple[QueueRow, Written]]:
        """Return the cases on a page of a queue that may hold what matches all patterns, and what is written there."""
        rows = await self._database.read(worded(self.selected(query)))
        hits = await asyncio.to_thread(sifted, self._seal, rows, sought)
        if not hits:
            return []
        uncopied = await self._written([id for id, written in hits.items() if written is None])
        found = await self._database.read(select(cases).where(cases.c.id.in_(hits)).order_by(*_ORDERS[query.order]))
        return [(_queue_row(row), hits[row.id] or uncopied[row.id]) for row in found]

    def selected(self, query: Queue) -> Select[Any]:
        """Select a page of a queue."""
        page = select(cases).where(*self._conditions(query)).order_by(*_ORDERS[query.order])
        return page.limit(query.limit).offset(query.offset)

    async def similar(self, employer: str, category: Category, within: timedelta = WITHIN) -> list[Similar]:
        """Return open cases at the same employer, by its name however it is written, and in the same category."""
        name = normalised(employer)
        if not name:
            return []
        query = select(cases).where(
            cases.c.employer == employer_digest(self._seal, name),
            cases.c.category == category,
            cases.c.state.in_(OPEN - {State.MERGED}),
            cases.c.opened_at > self._now() - within,
        )
        rows = await self._database.read(query.order_by(cases.c.opened_at))
        return [Similar(row.id, row.number, row.opened_at, row.claimants, row.organization) for row in rows]

    async def merged(self, case: str) -> Sequence[Case]:
        """Return the cases that are merged into this one."""
        return await self._all(select(cases).where(cases.c.parent == case, cases.c.state == State.MERGED))

    # --- for the clockwork ---

    async def ringing(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of cases with an alarm that is due: emergencies first, then the longest due."""
        query = select(cases.c.id).where(cases.c.alarm_at <= now).order_by(cases.c.urgency, cases.c.alarm_at)
        return [row.id for row in await self._database.read(query.limit(limit))]

    async def late(self, before: datetime) -> int:
        """Return how many cases have an alarm that was due before then and has not rung."""
        ((count,),) = await self._database.read(select(func.count()).where(cases.c.alarm_at < before))
        return int(count)

    async def reckon(self, id: str) -> None:
        """Store anew when a case is due, by the limits and holidays of today."""
        await self._database.write(lambda connection: self._writer.reckon(connection, id))

    async def look_again(self) -> None:
        """Let the clockwork look at every open case, and so reckon it anew, as after a change of limits or holidays."""
        moment = self._now()
        later = or_(cases.c.alarm_at.is_(None), cases.c.alarm_at > moment)
        query = update(cases).where(cases.c.ended_at.is_(None), later).values(alarm_at=moment)
        await self._database.write(lambda connection: connection.execute(query))

    async def next_alarm(self) -> datetime | None:
        """Return when the next alarm of any case is due."""
        ((at,),) = await self._database.read(select(func.min(cases.c.alarm_at)))
        moment: datetime | None = at
        return moment

    # --- within ---

    async def _one(self, condition: ColumnElement[bool]) -> Case | None:
        found = await self._all(select(cases).where(condition))
        return found[0] if found else None

    async def _all(self, query: Select[Any]) -> list[Case]:
        rows = await self._database.read(query)
        if not rows:
            return []
        events = await self._database.read(events_of([row.id for row in rows]))
        of_case = {id: list(group) for id, group in groupby(events, key=lambda event: event.case_id)}
        return [case_of(row, of_case[row.id][: row.seen], cipher_of(self._seal, row.id, row.key)) for row in rows]

    async def _written(self, ids: Sequence[str]) -> dict[str, Written]:
        """Open whole cases, a few at a time, for messages wait meanwhile."""
        known: dict[str, list[Claimant]] = {id: [] for id in ids}
        found: dict[str, Written] = {}
        for few in (ids[start : start + _FEW] for start in range(0, len(ids), _FEW)):
            query = _with_case(claimants, claimants.c.case_id.in_(few)).order_by(claimants.c.number)
            for row in await self._database.read(query):
                known[row.case_id].append(claimant_of(row, cipher_of(self._seal, row.case_id, row.key), own=False))
            opened = await self._all(select(cases).where(cases.c.id.in_(few)))
            found |= {case.id: Written.of(case, known[case.id]) for case in opened}
        return found

    async def _mine(self, *conditions: ColumnElement[bool]) -> list[Mine]:
        query = _with_case(claimants, *conditions).where(cases.c.key.is_not(None)).order_by(cases.c.opened_at.desc())
        rows = await self._database.read(query)
        if not rows:
            return []
        of_id = {
            case.id: case
            for case in await self._all(select(cases).where(cases.c.id.in_([row.case_id for row in rows])))
        }
        return [
            Mine(of_id[row.case_id], claimant_of(row, cipher_of(self._seal, row.case_id, row.key), own=True))
            for row in rows
        ]

    def _conditions(self, query: Queue) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if query.states <= OPEN:
            conditions.append(cases.c.ended_at.is_(None))  # erased ones have ended, whatever their state was
        else:
            conditions.append(cases.c.key.is_not(None))
        if query.states not in (OPEN, frozenset(State)):
            conditions.append(cases.c.state.in_(query.states))
        if query.organizations is not None:
            conditions.append(cases.c.organization.in_(query.organizations))
        if query.category is not None:
            conditions.append(cases.c.category == query.category)
        if query.urgency is not None:
            conditions.append(cases.c.urgency == URGENCIES.index(query.urgency))
        if query.region is not None:
            conditions.append(cases.c.region == query.region)
        if query.handler is not None:
            conditions.append(cases.c.handler == handler_digest(self._seal, query.handler))
        if query.unclaimed:
            conditions.append(cases.c.handler.is_(None))
        if query.overdue:
            conditions.append(cases.c.due_at < self._now())
        if query.due_after is not None:
            conditions.append(cases.c.due_at >= query.due_after)
        if query.due_before is not None:
            conditions.append(cases.c.due_at < query.due_before)
        return conditions


def _with_case(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select a case's rows of a table, with the key that opens them."""
    return select(table, cases.c.key).join(cases, cases.c.id == table.c.case_id).where(*conditions)


def _queue_row(row: Any) -> QueueRow:
    return QueueRow(
        row.id,
        row.number,
        State(row.state),
        Category(row.category),
        URGENCIES[row.urgency],
        row.region,
        row.organization,
        row.opened_at,
        None if row.due_at == NEVER else row.due_at,
        row.level,
        row.claimants,
        claimed=row.handler is not None,
    )
