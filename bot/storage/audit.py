"""The audit over SQL: a chain of records to which the database only lets rows be added."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Executable, select

from bot.audit import GENESIS, Actor, Entry, Record, Search, Verification, chained
from bot.storage.database import Database
from bot.storage.staff_tables import audit, audit_head

_BATCH = 2_000  # records that are checked at a time
_HEAD = select(audit_head.c.number, audit_head.c.hash).with_for_update()

log = structlog.get_logger(__name__)


class SqlAudit:
    """Implements `Audit`, and lets other tables' transactions record what they do."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def append(self, connection: Connection, entry: Entry) -> None:
        """Record within the caller's transaction; those who come at the same time wait for its end."""
        last = connection.execute(_HEAD).one()
        number, at = last.number + 1, self._now()
        hashed = chained(last.hash, number, at, entry)
        record = {
            "number": number,
            "at": at,
            "actor": entry.actor.id,
            "role": entry.actor.role,
            "act": entry.act,
            "subject": entry.subject,
            "detail": entry.detail,
            "hash": hashed,
        }
        connection.execute(audit.insert(), record)
        connection.execute(audit_head.update(), {"number": number, "hash": hashed})
        # The log lies elsewhere: who rewrites the whole chain does not rewrite it there.
        log.info("audit", number=number, act=str(entry.act), hash=hashed)

    async def write(self, entry: Entry | None, *statements: Executable) -> None:
        """Do the statements and record them, all or nothing."""

        def work(connection: Connection) -> None:
            for statement in statements:
                connection.execute(statement)
            if entry is not None:
                self.append(connection, entry)

        await self._database.write(work)

    async def record(self, entry: Entry) -> None:
        """Record in a transaction of its own."""
        await self.write(entry)

    async def search(self, search: Search, *, before: int | None = None, limit: int = 100) -> Sequence[Record]:
        """Return the records that fit, newest first, with numbers below `before`."""
        query = select(audit).where(*_conditions(search, before)).order_by(audit.c.number.desc()).limit(limit)
        return [_record(row) for row in await self._database.read(query)]

    async def verify(self) -> Verification:
        """Go through the whole chain, from the first record to the head."""
        ((count, head),) = await self._database.read(select(audit_head.c.number, audit_head.c.hash))
        previous, number = GENESIS, 0
        while number < count:
            query = select(audit).where(audit.c.number > number, audit.c.number <= count)
            rows = await self._database.read(query.order_by(audit.c.number).limit(_BATCH))
            for row in rows:
                record = _record(row)
                if record.number != number + 1 or not record.follows(previous):
                    return Verification(count, head, broken_at=number + 1)
                previous, number = record.hash, record.number
            if not rows:
                return Verification(count, head, broken_at=number + 1)
        return Verification(count, head, broken_at=None if previous == head else count)


def _conditions(search: Search, before: int | None) -> Iterator[ColumnElement[bool]]:
    if before is not None:
        yield audit.c.number < before
    if search.actor:
        yield audit.c.actor == search.actor
    if search.act:
        yield audit.c.act == search.act
    if search.subject:
        yield audit.c.subject == search.subject
    if search.hash:
        yield audit.c.hash.startswith(search.hash, autoescape=True)
    if search.since:
        yield audit.c.at >= search.since
    if search.until:
        yield audit.c.at < search.until
    if search.among is not None:
        yield audit.c.actor.in_(search.among) | audit.c.subject.in_([f"staff/{each}" for each in search.among])


def _record(row: Any) -> Record:
    return Record(row.number, row.at, Entry(Actor(row.actor, row.role), row.act, row.subject, row.detail), row.hash)
