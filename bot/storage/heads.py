"""The order within a chat: only its oldest waiting row may be worked on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, Table, bindparam, exists, literal_column, select

from bot.storage.database import Database
from bot.storage.tables import Status


class Heads:
    """Reads what is due, and takes no longer for it however much waits."""

    def __init__(self, database: Database, table: Table, query: Select[Any]) -> None:
        """`query` is of `heads(table)`, with whatever else its caller needs of each row."""
        self._database = database
        # Put together once, for that takes longer than reading.
        self._all = query
        self._hasty = query.where(table.c.chat.in_(bindparam("first", expanding=True)))

    async def read(self, now: datetime, limit: int, first: Sequence[str] = (), **values: Any) -> Sequence[Any]:
        """Return `limit` rows at most, those of the chats in `first` before all others, then the longest waiting."""
        values |= {"now": now, "limit": limit}
        hasty = await self._database.read(self._hasty, {**values, "first": list(first)}) if first else []
        known = {row.id for row in hasty}
        others = await self._database.read(self._all, values)
        return [*hasty, *(row for row in others if row.id not in known)][:limit]


def heads(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the oldest waiting row of each chat if it is due by `:now`, the longest waiting first, `:limit` at most.

    A row that is to be tried again later holds back the ones behind it.
    """
    older = table.alias("older")
    before = (older.c.channel == table.c.channel, older.c.chat == table.c.chat, older.c.id < table.c.id)
    due = select(table).where(_waiting(table), *conditions, table.c.due_at <= bindparam("now"))
    return (
        due.where(~exists().where(_waiting(older), *before))
        .order_by(table.c.id)
        .limit(bindparam("limit", type_=Integer))
    )


def _waiting(table: FromClause) -> ColumnElement[bool]:
    # Written out, for SQLite does not see that a bound value is what the indexes of waiting rows are for.
    return table.c.status == literal_column(f"'{Status.WAITING}'")
