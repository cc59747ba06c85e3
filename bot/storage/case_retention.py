"""Deletion of cases on time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from bot.cases.changes import EraseCase
from bot.cases.model import SYSTEM
from bot.storage.case_tables import cases, receipt_guesses
from bot.storage.casebook import GUESSED_WITHIN, SqlCaseBook
from bot.storage.database import Database

log = structlog.get_logger(__name__)


class CaseRetention:
    """Erases cases that ended `keep` ago; their bare events stay for the figures."""

    def __init__(self, database: Database, book: SqlCaseBook, now: Callable[[], datetime], keep: timedelta) -> None:
        self._database = database
        self._book = book
        self._now = now
        self._keep = keep

    async def sweep(self) -> int:
        """Erase what is due and return how many cases that were."""
        now = self._now()
        await self._database.execute(delete(receipt_guesses).where(receipt_guesses.c.at <= now - GUESSED_WITHIN))
        erased = 0
        old = select(cases.c.id).where(cases.c.key.is_not(None), cases.c.ended_at < now - self._keep)
        for row in await self._database.read(old):
            try:
                await self._book.apply([EraseCase(row.id, SYSTEM)], now)
            except Exception as error:  # the time of the others has come all the same
                log.error("retention.case_failed", case=row.id, error=type(error).__name__)
            else:
                erased += 1
        return erased
