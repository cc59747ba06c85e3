"""Registrations that were begun and not finished, over SQL: sealed, and destroyed on time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from bot.desk.cases.ports import Begun
from bot.storage.case_desk_tables import case_drafts
from bot.storage.database import Database
from bot.storage.seal import Seal
from bot.storage.sealed import Payload

KEPT = timedelta(days=7)  # since it was last saved
_begun = Payload(Begun)


class SqlDrafts:
    """Implements `Drafts`."""

    def __init__(self, database: Database, seal: Seal, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
        self._now = now

    async def of(self, staff: str) -> Sequence[Begun]:
        """Return what a person has begun, the oldest first."""
        query = select(case_drafts).where(case_drafts.c.staff_id == staff).order_by(case_drafts.c.saved_at)
        return [self._opened(row) for row in await self._database.read(query)]

    async def count(self, staff: str) -> int:
        """Return how much a person has begun, without opening any of it."""
        query = select(func.count()).select_from(case_drafts).where(case_drafts.c.staff_id == staff)
        ((count,),) = await self._database.read(query)
        return int(count)

    async def find(self, staff: str, id: str) -> Begun | None:
        """Return one of the person's own."""
        query = select(case_drafts).where(case_drafts.c.staff_id == staff, case_drafts.c.id == id)
        return next((self._opened(row) for row in await self._database.read(query)), None)

    async def save(self, staff: str, begun: Begun) -> None:
        """Keep it in the place of what was saved before; another person's stays as it is."""
        said = {"payload": _begun.close(self._seal, begun, draft_place(begun.id)), "saved_at": begun.saved_at}
        insert = self._database.insert(case_drafts).values(id=begun.id, staff_id=staff, **said)
        mine = case_drafts.c.staff_id == staff
        await self._database.execute(insert.on_conflict_do_update(index_elements=["id"], set_=said, where=mine))

    async def drop(self, staff: str, id: str) -> None:
        """Destroy one of the person's own."""
        await self._database.execute(delete(case_drafts).where(case_drafts.c.staff_id == staff, case_drafts.c.id == id))

    async def sweep(self) -> int:
        """Destroy what nobody came back to, and return how many that were."""
        return await self._database.execute(delete(case_drafts).where(case_drafts.c.saved_at < self._now() - KEPT))

    def _opened(self, row: Any) -> Begun:
        return _begun.open(self._seal, row.payload, draft_place(row.id))


def draft_place(id: str) -> str:
    """Return where the deployment's seal binds a draft to."""
    return f"case_drafts:{id}"
