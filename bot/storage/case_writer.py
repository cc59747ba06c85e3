"""Storing changes of cases, and what follows from them, in the caller's one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from bot import audit
from bot.cases.changes import Append, CallStaff, Change, EraseCase, NewClaimant, OpenCase, Reach, Tell
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import OPEN, SYSTEM, Actor, Case, Event, Evidence, Move, Party, State, fold
from bot.cases.ports import CaseError, Conflict
from bot.cases.telling import called
from bot.storage.audit import SqlAudit
from bot.storage.case_news import CaseNews, Surroundings
from bot.storage.case_rows import (
    Person,
    case_of,
    case_values,
    cipher_of,
    claimant_values,
    close_person,
    event_values,
    evidence_values,
    new_key,
    person_of,
)
from bot.storage.case_tables import NEVER, case_events, case_readers, case_series, cases, claimants, evidence
from bot.storage.case_words import CaseWords
from bot.storage.database import Database
from bot.storage.seal import Cipher, Seal
from bot.storage.traces import Traces
from knowledge.calendar import ZONE
from knowledge.regions import ANYWHERE


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what its rows hold beside the events."""

    row: Any
    case: Case
    cipher: Cipher


class CaseWriter:
    """Adds to cases; nothing but erasing ever changes an event."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        news: CaseNews,
        records: SqlAudit,
        surroundings: Surroundings,
    ) -> None:
        self.changed = asyncio.Event()  # set whenever an alarm may be due sooner
        self._database = database
        self._seal = seal
        self._news = news
        self._traces = Traces(seal)
        self._words = CaseWords(database)
        self._records = records
        self._around = surroundings
        more = {"last": case_series.c.last + 1}
        counted = database.insert(case_series).on_conflict_do_update(index_elements=["series"], set_=more)
        self._opening = database.insert(cases).on_conflict_do_nothing(index_elements=["id"])
        self._counted = counted.returning(case_series.c.last)

    def store(
        self, connection: Connection, changes: Sequence[Change], now: datetime, letter: int | None = None
    ) -> None:
        """Store all changes within the caller's transaction; raise `Conflict` where a case changed or came meanwhile.

        `letter` is the message that brings them about, if one does; what was said of a case that is erased goes but for
        the replies to it.
        """
        for change in changes:
            chats = self._traces.of(connection, change, letter)
            match change:
                case OpenCase():
                    self._open(connection, change, now)
                case Append():
                    self._append(connection, change, now)
                case Reach():
                    self._reach(connection, change)
                case Tell():
                    self._news.tell(connection, change.case, [(change.reply, "tell")], only=change.claimant)
                case CallStaff():
                    self._news.call(connection, change)
                case EraseCase():
                    self._erase(connection, change, now)
            self._traces.wipe(connection, chats, letter)

    def announce(self) -> None:
        """Wake whoever waits for what changes bring, once their transaction is committed."""
        self.changed.set()
        self._news.announce()

    def load(self, connection: Connection, id: str) -> Opened:
        """Return a case, and hold it until the transaction ends; raise CaseError if there is none or it is erased."""
        row = connection.execute(select(cases).where(cases.c.id == id).with_for_update()).one_or_none()
        cipher = cipher_of(self._seal, row.id, row.key) if row is not None else None
        if row is None or cipher is None:
            raise CaseError("There is no such case, or it is deleted.")
        events = connection.execute(events_of([id]))
        return Opened(row, case_of(row, events.all(), cipher), cipher)

    def reckon(self, connection: Connection, id: str) -> None:
        """Write what a case's row says of its clocks as they run today."""
        values = case_values(self.load(connection, id).case, self._around.times, self._seal)
        connection.execute(update(cases).where(cases.c.id == id).values(values))

    def copy_words(self, connection: Connection, id: str) -> None:
        """Make the copy of a case's words that searches open."""
        opened = self.load(connection, id)
        self._words.keep(connection, opened.case, opened.cipher)

    # --- changes ---

    def _open(self, connection: Connection, change: OpenCase, now: datetime) -> None:
        case = fold(change.events)
        cipher, key = new_key(self._seal, case.id)
        number = self._number(connection, case)
        values = case_values(case, self._around.times, self._seal)
        row = {"id": case.id, "number": number, "key": key, "opened_at": case.opened_at, **values}
        if connection.execute(self._opening, row, execution_options={"preserve_rowcount": True}).rowcount == 0:
            raise Conflict("The case is registered already.")
        before = self._news.workers_at(connection, values["employer"], now)
        self._add(connection, case, cipher, change.events, now, change.claimants, change.evidence)
        self._news.warn(connection, case, values["employer"], before, now)

    def _append(self, connection: Connection, change: Append, now: datetime) -> None:
        opened = self.load(connection, change.case)
        if opened.case.seen != change.seen or not _continues(opened.case, change.events):
            raise Conflict("The case has changed meanwhile: read it again and decide again.")
        before = self._news.workers_at(connection, opened.row.employer, now) if change.claimants else 0
        case = self._write(connection, opened, change.events, now, change.claimants, change.evidence)
        if change.claimants:
            self._news.warn(connection, case, opened.row.employer, before, now)

    def _write(
        self,
        connection: Connection,
        opened: Opened,
        events: Sequence[Event],
        now: datetime,
        joined: Sequence[NewClaimant] = (),
        files: Sequence[Evidence] = (),
    ) -> Case:
        """Add the events, and let follow what follows from them."""
        case = reduce(Case.then, events, opened.case)
        self._check_merge(connection, events)
        values = case_values(case, self._around.times, self._seal)
        connection.execute(update(cases).where(cases.c.id == case.id).values(values))
        self._add(connection, case, opened.cipher, events, now, joined, files)
        if case.state not in OPEN and opened.case.is_open:
            self._end_merged(connection, case, now)
        return case

    def _add(
        self,
        connection: Connection,
        case: Case,
        cipher: Cipher,
        events: Sequence[Event],
        now: datetime,
        joined: Sequence[NewClaimant],
        files: Sequence[Evidence],
    ) -> None:
        connection.execute(case_events.insert(), [event_values(event, cipher) for event in events])
        if joined:
            self._join(connection, [claimant_values(new, case.id, cipher, self._seal, now) for new in joined])
        if files:
            connection.execute(evidence.insert(), [evidence_values(file, case.id, cipher) for file in files])
        for event in events:
            if event.move is Move.LEAVE:
                self._part(connection, case.id, event.content.claimant, now)
            if event.move is Move.UNDO and event.content.undone is not None:
                taken_back = case.events[event.content.undone - 1].content.evidence
                connection.execute(delete(evidence).where(evidence.c.id == taken_back))
            if (call := called(case, event)) is not None:
                self._news.call(connection, call)
            self._news.taken(connection, case, event)
            if event.actor.party is Party.STAFF:
                self._records.append(connection, _record(event.actor, event.move, case.id))
        self._words.keep(connection, case, cipher)
        self._news.spread(connection, case, events)

    def _join(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Add claimants; one who is there already but has no chat, for it was told in a group, is given one."""
        adding = self._database.insert(claimants)
        given = {name: adding.excluded[name] for name in ("channel", "chat", "receipt", "payload", "consent_at")}
        unreached = claimants.c.chat.is_(None) & claimants.c.left_at.is_(None)
        joining = adding.on_conflict_do_update(index_elements=["case_id", "number"], set_=given, where=unreached)
        connection.execute(joining, rows)

    def _reach(self, connection: Connection, change: Reach) -> None:
        opened = self.load(connection, change.case)
        mine = (claimants.c.case_id == change.case, claimants.c.number == change.claimant)
        for row in connection.execute(select(claimants).where(*mine)).all():
            if row.payload is not None:
                chat = person_of(row, opened.cipher).chat
                person = Person(chat, change.anonymous, change.name, change.telephone)
                payload = close_person(person, change.case, change.claimant, opened.cipher)
                connection.execute(update(claimants).where(*mine).values(payload=payload))
        self._words.keep(connection, opened.case, opened.cipher)
        self._records.append(connection, _record(Actor.worker(change.claimant), "reach", change.case))

    def _erase(self, connection: Connection, change: EraseCase, now: datetime) -> None:
        opened = self.load(connection, change.case)
        self._move_merged(connection, opened.case, Move.UNMERGE, now)
        gone = {"key": None, "employer": None, "handler": None, "claimants": 0}
        still = {"due_at": NEVER, "alarm_at": None, "level": 0, "ended_at": opened.row.ended_at or now}
        connection.execute(update(cases).where(cases.c.id == change.case).values(**gone, **still))
        connection.execute(update(case_events).where(case_events.c.case_id == change.case).values(payload=None))
        connection.execute(
            update(claimants)
            .where(claimants.c.case_id == change.case)
            .values(chat=None, receipt=None, payload=None, left_at=func.coalesce(claimants.c.left_at, now))
        )
        self._words.destroy(connection, change.case)
        connection.execute(delete(evidence).where(evidence.c.case_id == change.case))
        connection.execute(delete(case_readers).where(case_readers.c.case_id == change.case))
        self._records.append(connection, _record(change.actor, "erase", change.case))

    def _part(self, connection: Connection, case: str, claimant: int | None, now: datetime) -> None:
        """Destroy the particulars of a claimant who leaves."""
        mine = update(claimants).where(claimants.c.case_id == case, claimants.c.number == claimant)
        connection.execute(mine.values(chat=None, receipt=None, payload=None, left_at=now))
        readers = (case_readers.c.case_id == case, case_readers.c.claimant == claimant)
        connection.execute(delete(case_readers).where(*readers))

    # --- merged cases ---

    def _check_merge(self, connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            if event.move is not Move.MERGE:
                continue
            parent = self.load(connection, event.content.parent)
            if parent.case.state not in OPEN - {State.MERGED}:
                raise CaseError("A case is merged only into an open one that is not merged itself.")
            if self._merged_into(connection, event.case):
                raise CaseError("Other cases are merged into this one: separate them first.")

    def _end_merged(self, connection: Connection, parent: Case, now: datetime) -> None:
        """Let merged cases follow: they end with a settled one, and stand alone again after a withdrawn one."""
        move = Move.UNMERGE if parent.state is State.WITHDRAWN else Move.END_MERGED
        self._move_merged(connection, parent, move, now)

    def _move_merged(self, connection: Connection, parent: Case, move: Move, now: datetime) -> None:
        for id in self._merged_into(connection, parent.id):
            opened = self.load(connection, id)
            events = decide(opened.case, move, SYSTEM, now)
            if not isinstance(events, Refusal):
                self._write(connection, opened, events, now)

    def _merged_into(self, connection: Connection, parent: str) -> list[str]:
        query = select(cases.c.id).where(cases.c.parent == parent, cases.c.state == State.MERGED)
        return list(connection.execute(query).scalars())

    def _number(self, connection: Connection, case: Case) -> str:
        region = self._around.regions.regions.get(case.region or "")
        series = f"{region.letters if region else ANYWHERE}-{case.opened_at.astimezone(ZONE).year}"
        last = connection.execute(self._counted, {"series": series, "last": 1}).scalar_one()
        return f"{series}-{last:06}"


def events_of(ids: Sequence[str]) -> Select[Any]:
    """Select the events of cases, each case's in order."""
    return (
        select(case_events).where(case_events.c.case_id.in_(ids)).order_by(case_events.c.case_id, case_events.c.number)
    )


def _continues(case: Case, events: Sequence[Event]) -> bool:
    """Tell whether the events come right after those of the case."""
    states = (case.state, *(event.after for event in events))
    return bool(events) and all(
        event.case == case.id and event.number == number and event.before is state
        for number, (event, state) in enumerate(zip(events, states, strict=False), case.seen + 1)
    )


def _record(actor: Actor, move: str, case: str) -> audit.Entry:
    who = audit.SYSTEM
    if actor.party is Party.STAFF:
        who = audit.Actor(actor.id, actor.role or "staff")
    elif actor.party is Party.WORKER:
        who = audit.Actor("worker", "claimant")
    return audit.Entry(who, f"case.{move}", f"case/{case}")
