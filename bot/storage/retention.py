"""Deletion on time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, update

from bot.storage.case_tables import case_readers
from bot.storage.database import Database
from bot.storage.notice_tables import notices
from bot.storage.tables import Status, conversations, inbox, outbox

log = structlog.get_logger(__name__)


class Retention:
    """Blanks what was said `keep` ago and is settled, and the memory of chats silent for so long."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        keep: timedelta,
        others: Sequence[Callable[[], Awaitable[int]]] = (),
    ) -> None:
        """`others` delete what is not in the tables of messages, and say how much that was."""
        self._database = database
        self._now = now
        self._keep = keep
        self._others = others

    async def sweep(self) -> int:
        """Delete what is due and return how many rows, cases and files that were; what still waits is kept."""
        now = self._now()
        blanked = 0
        for table in (inbox, outbox, notices):
            old = update(table).where(
                table.c.payload.is_not(None),
                table.c.status != Status.WAITING,
                table.c.created_at < now - self._keep,
            )
            blanked += await self._database.execute(old.values(payload=None))
        silent = update(conversations).where(
            conversations.c.memory.is_not(None), conversations.c.updated_at < now - self._keep
        )
        blanked += await self._database.execute(silent.values(memory=None))
        told = delete(case_readers).where(case_readers.c.at < now - self._keep)  # and blanked above
        blanked += await self._database.execute(told)
        for sweep in self._others:
            try:
                blanked += await sweep()
            except Exception as error:  # the time of the others has come all the same
                log.error("retention.failed", error=type(error).__name__)
        return blanked

    async def run(self, every: float = 3600.0) -> None:
        """Sweep now and every so many seconds, until cancelled."""
        while True:
            try:
                blanked = await self.sweep()
                if blanked:
                    log.info("retention.swept", rows=blanked)
            except Exception as error:  # the next sweep makes up for it
                log.error("retention.failed", error=type(error).__name__)
            await asyncio.sleep(every)
