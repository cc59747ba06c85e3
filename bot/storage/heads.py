"""The order within a chat: only its oldest waiting row may be worked on."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, bindparam, func, literal_column, select

from bot.storage.tables import Status


def heads(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the oldest waiting row of each chat if it is due by `:now`, `:limit` at most.

    Those of the chats in `:first` come first, then the longest waiting. A row that is to be tried again later holds
    back the ones behind it.
    """
    # Written out, for SQLite does not see that a bound value is what the index of waiting rows is for.
    waiting = table.c.status == literal_column(f"'{Status.WAITING}'")
    first = select(func.min(table.c.id)).where(waiting, *conditions).group_by(table.c.channel, table.c.chat)
    due = select(table).where(table.c.id.in_(first), table.c.due_at <= bindparam("now"))
    first_chats = table.c.chat.in_(bindparam("first", expanding=True))
    return due.order_by(first_chats.desc(), table.c.id).limit(bindparam("limit", type_=Integer))
