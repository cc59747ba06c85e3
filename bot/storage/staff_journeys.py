"""Journeys to the identity provider that were begun, over SQL."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete

from bot.desk.journeys import LIFE, Journey
from bot.storage.database import Database
from bot.storage.staff_tables import staff_journeys


class SqlJourneys:
    """Implements `JourneyBook`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def begin(self, journey: Journey) -> None:
        """Add one."""
        await self._database.execute(staff_journeys.insert().values(asdict(journey)))

    async def end(self, state: str) -> Journey | None:
        """Take out the one with this state; of two that come at once one finds it."""

        def work(connection: Connection) -> Journey | None:
            taken = delete(staff_journeys).where(staff_journeys.c.state == state).returning(staff_journeys)
            row = connection.execute(taken).one_or_none()
            return None if row is None else Journey(**row._asdict())

        return await self._database.write(work)

    async def sweep(self) -> int:
        """Delete those from which nobody can come back any more, and return how many those were."""
        old = staff_journeys.c.begun_at < self._now() - LIFE
        return await self._database.execute(delete(staff_journeys).where(old))
