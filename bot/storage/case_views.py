"""The views of the queue that people saved for themselves, over SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.desk.cases.ports import MOST_VIEWS, SavedView
from bot.storage.case_desk_tables import case_views
from bot.storage.database import Database


class SqlViews:
    """Implements `Views`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def of(self, staff: str) -> Sequence[SavedView]:
        """Return a person's views, the oldest first."""
        query = select(case_views).where(case_views.c.staff_id == staff)
        rows = await self._database.read(query.order_by(case_views.c.created_at, case_views.c.id))
        return [SavedView(row.id, row.name, row.query) for row in rows]

    async def add(self, staff: str, view: SavedView) -> bool:
        """Add one; return False if the person has as many as anybody may have."""

        def work(connection: Connection) -> bool:
            own = select(func.count()).select_from(case_views).where(case_views.c.staff_id == staff)
            if connection.execute(own).scalar_one() >= MOST_VIEWS:
                return False
            row = {"id": view.id, "staff_id": staff, "name": view.name, "query": view.query, "created_at": self._now()}
            connection.execute(case_views.insert().values(row))
            return True

        return await self._database.write(work)

    async def remove(self, staff: str, view: str) -> None:
        """Remove one of the person's own."""
        mine = (case_views.c.staff_id == staff, case_views.c.id == view)
        await self._database.execute(delete(case_views).where(*mine))
