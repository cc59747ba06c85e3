"""The numbers of cases, for whoever may know of a case and not what stands in it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.storage.case_tables import cases
from bot.storage.database import Database


class SqlCaseNumbers:
    """`CaseNumbers` over SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the numbers of cases by their ids, without ids of none."""
        rows = await self._database.read(select(cases.c.id, cases.c.number).where(cases.c.id.in_(ids)))
        return {row.id: row.number for row in rows}

    async def id(self, number: str) -> str | None:
        """Return the id of the case with this number."""
        rows = await self._database.read(select(cases.c.id).where(cases.c.number == number))
        return next((row.id for row in rows), None)
