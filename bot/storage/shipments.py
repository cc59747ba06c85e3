"""What outbox and notices share: how rows on their way out are settled."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic

from sqlalchemy import Table, bindparam, func, select, update

from bot.delivery import Item
from bot.storage.database import Database
from bot.storage.heads import Heads, heads
from bot.storage.tables import Status


class Shipments(Generic[Item]):
    """The rows of `table` as the drainer settles them; `due` is its subclasses' own."""

    def __init__(self, database: Database, table: Table, now: Callable[[], datetime]) -> None:
        self.ready = asyncio.Event()
        self._database = database
        self._table = table
        self._now = now
        self._heads = Heads(database, table, heads(table, table.c.channel.in_(bindparam("channels", expanding=True))))
        # Put together once, for every reply comes by.
        self._tried = update(table).where(table.c.id == bindparam("row")).values(attempts=table.c.attempts + 1)

    async def sent(self, item: Item, /, remote_id: str | None) -> None:
        """Record that it was taken."""
        await self._end(item.id, Status.DONE, remote_id=remote_id)

    async def postpone(self, item: Item, /, seconds: float, error: str, *, failure: bool) -> None:
        """Count the attempt, and as a failure if it was one, and try again after `seconds`."""
        later = update(self._table).where(self._table.c.id == item.id)
        values = {
            "attempts": self._table.c.attempts + 1,
            "failures": self._table.c.failures + int(failure),
            "due_at": self._now() + timedelta(seconds=seconds),
            "error": error[:200],
        }
        await self._database.execute(later.values(values))

    async def bury(self, item: Item, /, error: str) -> None:
        """Keep it as a dead letter, which is not tried again."""
        await self._end(item.id, Status.FAILED, error=error[:200])

    async def counts(self) -> dict[Status, int]:
        """Return how many rows are in each state."""
        rows = await self._database.read(select(self._table.c.status, func.count()).group_by(self._table.c.status))
        return {Status(status): count for status, count in rows}

    async def _end(self, row_id: int, status: Status, **more: Any) -> None:
        await self._database.execute(self._tried, self._settled(row_id, status, **more))

    def _settled(self, row_id: int, status: Status, **more: Any) -> dict[str, Any]:
        """Return what `_tried` needs to know."""
        return {"row": row_id, "status": status, "finished_at": self._now(), **more}
