"""Changing the secret: with `SECRET_KEY_OLD` set the bot opens both, and `niangjia rekey` seals everything anew.

The digests' key stays the one that the database was begun with, sealed by the secret of the day, or nobody would be
found again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Column, Connection, Table, and_, select, update

from bot.storage.case_desk_tables import case_drafts
from bot.storage.case_drafts import draft_place
from bot.storage.case_rows import key_place
from bot.storage.case_tables import cases
from bot.storage.database import Database, DatabaseError
from bot.storage.messenger_tables import staff_messengers
from bot.storage.messengers import messenger_place
from bot.storage.notice_tables import notices
from bot.storage.seal import Seal, SealError
from bot.storage.staff_tables import staff
from bot.storage.tables import conversations, feedback, inbox, outbox, seals

log = structlog.get_logger(__name__)

_LOOKUP = "seals:lookup"  # where the digests' key is sealed
_BATCH = 200  # rows in a transaction


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that the deployment's seal closes, and where it binds each row's value to."""

    column: Column[Any]
    place: Callable[[Any], str]

    @property
    def table(self) -> Table:
        """Return the column's table."""
        return self.column.table


def _of_chat(column: Column[Any]) -> SealedColumn:
    table = column.table.name
    return SealedColumn(column, lambda row: f"{table}:{row.channel}:{row.chat}")


SEALED = (
    _of_chat(inbox.c.payload),
    _of_chat(outbox.c.payload),
    _of_chat(notices.c.payload),
    _of_chat(conversations.c.memory),
    _of_chat(feedback.c.question),
    _of_chat(notices.c.payload),
    SealedColumn(staff_messengers.c.payload, lambda row: messenger_place(row.staff_id)),
    SealedColumn(staff.c.totp, lambda row: f"staff:{row.id}:totp"),
    SealedColumn(cases.c.key, lambda row: key_place(row.id)),
    SealedColumn(case_drafts.c.payload, lambda row: draft_place(row.id)),
)


def take_up(connection: Connection, seal: Seal, row: Any) -> None:
    """Begin to use the seal with the database of this row of `seals`; raise DatabaseError if it is not the right one.

    With the secret before at hand, a database that is sealed with that one is taken over.
    """
    if row.fingerprint == seal.fingerprint:
        if row.older is not None and (seal.older is None or seal.older.fingerprint != row.older):
            raise DatabaseError(
                "Not everything is sealed with the new SECRET_KEY yet: set SECRET_KEY_OLD to the one before and run "
                "`niangjia rekey`."
            )
        if row.lookup is not None:
            seal.look_up_by(seal.open(row.lookup, _LOOKUP))
        return
    older = seal.older
    if older is None or older.fingerprint != row.fingerprint:
        raise DatabaseError(
            "This database is sealed with another key: put back the SECRET_KEY or HOME/secret.key it was made with."
        )
    if row.older is not None:
        raise DatabaseError(
            "Another change of SECRET_KEY is under way: set SECRET_KEY and SECRET_KEY_OLD as they were and run "
            "`niangjia rekey` first."
        )
    lookup = older.lookup if row.lookup is None else older.open(row.lookup, _LOOKUP)
    seal.look_up_by(lookup)
    values = {"fingerprint": seal.fingerprint, "older": older.fingerprint, "lookup": seal.close(lookup, _LOOKUP)}
    connection.execute(update(seals).values(values))


async def rekey(database: Database, seal: Seal) -> int:
    """Seal anew whatever only the secret before opens, and return how many rows that were.

    Killed at any moment it is simply begun again; the bot may run meanwhile, with both secrets.
    """
    changed = 0
    for sealed in SEALED:
        changed += await _reseal(database, seal, sealed)
    await database.execute(update(seals).values(older=None))
    return changed


async def _reseal(database: Database, seal: Seal, sealed: SealedColumn) -> int:
    """Go through the table in the order of its key, a short transaction at a time."""
    table, key = sealed.table, tuple(sealed.table.primary_key.columns)
    changed, last = 0, None

    def batch(connection: Connection) -> tuple[int, Any]:
        query = select(table).where(sealed.column.is_not(None)).order_by(*key).limit(_BATCH).with_for_update()
        if last is not None:
            query = query.where(_after(key, last))
        rows = connection.execute(query).all()
        count = 0
        for row in rows:
            value, place = getattr(row, sealed.column.name), sealed.place(row)
            if seal.is_current(value, place):
                continue
            try:
                anew = seal.close(seal.open(value, place), place)
            except SealError:  # neither secret opens it: it was unreadable before
                log.error("rekey.unreadable", table=table.name)
                continue
            mine = and_(*(column == getattr(row, column.name) for column in key))
            connection.execute(update(table).where(mine).values({sealed.column.name: anew}))
            count += 1
        return count, rows[-1] if rows else None

    while True:
        count, last = await database.write(batch)
        changed += count
        if last is None:
            return changed


def _after(key: tuple[Column[Any], ...], row: Any) -> Any:
    """Return the condition that a row comes after this one in the order of the key."""
    first, *rest = key
    value = getattr(row, first.name)
    if not rest:
        return first > value
    return (first > value) | ((first == value) & _after(tuple(rest), row))
