"""The audit over SQL: a chain of records to which the database only lets rows be added."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Executable, select

from bot.audit import GENESIS, Act, Actor, Entry, Record, Search, Verification, chained
from bot.storage.database import Database
from bot.storage.seal import Seal
from bot.storage.staff_tables import audit, audit_head

_BATCH = 2_000  # records that are checked at a time
_PROOFS = 20  # of earlier checks that are looked at
_HEAD = select(audit_head.c.number, audit_head.c.hash).with_for_update()

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Link:
    """A place in the chain, up to which all is in order."""

    number: int = 0
    hash: str = GENESIS


class SqlAudit:
    """Implements `Audit`, and lets other tables' transactions record what they do."""

    def __init__(self, database: Database, seal: Seal, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
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
        return await self._verify(_Link())

    async def check(self, actor: Actor, *, whole: bool) -> Verification:
        """Go through the chain from where the last check got to, or through all of it, and record how far it fits.

        Such a record bears a proof that only the deployment's key makes, so nobody else can spare a part the check.
        """
        checked = await self._verify(_Link() if whole else await self._proved())
        if checked.broken_at is None:
            subject, detail = self._proof(_Link(checked.records, checked.head)), f"checked {checked.records}"
        else:
            subject, detail = "", f"broken {checked.broken_at}"
        await self.record(Entry(actor, Act.AUDIT_VERIFIED, subject, detail))
        return checked

    async def _verify(self, link: _Link) -> Verification:
        ((count, head),) = await self._database.read(select(audit_head.c.number, audit_head.c.hash))
        since, broken_at = link.number + 1, None
        while link.number < count and broken_at is None:
            link, broken_at = await self._database.snapshot(partial(_follow, link=link, count=count))
        if broken_at is None and link.hash != head:
            broken_at = count
        return Verification(count, head, broken_at, since)

    async def _proved(self) -> _Link:
        """Return how far the last check got whose proof holds."""
        proofs = select(audit.c.subject, audit.c.detail).where(audit.c.act == Act.AUDIT_VERIFIED)
        for row in await self._database.read(proofs.order_by(audit.c.number.desc()).limit(_PROOFS)):
            word, _, number = row.detail.partition(" ")
            if word != "checked" or not number.isdecimal():
                continue
            found = await self._database.read(select(audit.c.number, audit.c.hash).where(audit.c.number == int(number)))
            for link in (_Link(*each) for each in found):
                if hmac.compare_digest(self._proof(link), row.subject):
                    return link
        return _Link()

    def _proof(self, link: _Link) -> str:
        return f"proof/{self._seal.digest('audit checked', str(link.number), link.hash)}"


def _follow(connection: Connection, link: _Link, count: int) -> tuple[_Link, int | None]:
    """Follow the chain for a batch, to the record `count` at most; return how far it fits, and where it does not."""
    query = select(audit).where(audit.c.number > link.number, audit.c.number <= count)
    records = [_record(row) for row in connection.execute(query.order_by(audit.c.number).limit(_BATCH))]
    for record in records:
        if record.number != link.number + 1 or not record.follows(link.hash):
            return link, link.number + 1
        link = _Link(record.number, record.hash)
    return link, None if records else link.number + 1


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
