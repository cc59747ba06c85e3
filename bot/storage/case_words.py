"""A copy of all words of a case, sealed with its own key, so that a search opens one text a case and not ten.

It is made anew with every change of the case, and holds for the event that it was made after: a case that has none, or
an older one, is opened as a whole. A version that looks for more in a case empties the table by a migration.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from sqlalchemy import Connection, bindparam, delete, or_, select

from bot.cases.model import Case
from bot.cases.ports import CaseError
from bot.cases.written import Written
from bot.storage.case_rows import claimant_of
from bot.storage.case_tables import case_words, cases, claimants
from bot.storage.database import Database
from bot.storage.seal import Cipher, SealError
from bot.storage.sealed import Payload

log = structlog.get_logger(__name__)

words = Payload(Written)

_BATCH = 10  # copies that are made in one transaction, which messages wait for
_PAUSE = 0.05  # seconds in which others write
_CLAIMANTS = select(claimants).where(claimants.c.case_id == bindparam("case"))
_MISSING = (
    select(cases.c.id)
    .outerjoin(case_words, case_words.c.case_id == cases.c.id)
    .where(cases.c.key.is_not(None), or_(case_words.c.seen.is_(None), case_words.c.seen != cases.c.seen))
)


class CaseWords:
    """Writes the copies, in the transaction of whoever changes a case."""

    def __init__(self, database: Database) -> None:
        adding = database.insert(case_words)
        anew = {"seen": adding.excluded.seen, "payload": adding.excluded.payload}
        self._keeping = adding.on_conflict_do_update(index_elements=["case_id"], set_=anew)

    def keep(self, connection: Connection, case: Case, cipher: Cipher) -> None:
        """Copy what is written in the case, and of its claimants what staff may see of them by now."""
        rows = connection.execute(_CLAIMANTS, {"case": case.id}).all()
        written = Written.of(case, [claimant_of(row, cipher, own=False) for row in rows])
        payload = words.close(cipher, written, words_place(case.id))
        connection.execute(self._keeping, {"case_id": case.id, "seen": case.seen, "payload": payload})

    def destroy(self, connection: Connection, case: str) -> None:
        """Leave nothing of it."""
        connection.execute(delete(case_words).where(case_words.c.case_id == case))


class MissingWords:
    """Makes the copies that are missing: those of cases that came, or changed, by a version that made none."""

    def __init__(self, database: Database, make: Callable[[Connection, str], None]) -> None:
        """`make` makes the copy of a case."""
        self._database = database
        self._make = make

    async def fill(self) -> int:
        """Make what is missing, a few cases at a time, and return how many that were."""
        missing = [row.id for row in await self._database.read(_MISSING)]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            await self._database.write(partial(self._fill, ids=batch))
            await asyncio.sleep(_PAUSE)
        return len(missing)

    async def run(self, every: float = 3600.0) -> None:
        """Do so now and every so many seconds, until cancelled."""
        while True:
            try:
                if made := await self.fill():
                    log.info("words.filled", cases=made)
            except Exception as error:  # the next time makes up for it
                log.error("words.failed", error=type(error).__name__)
            await asyncio.sleep(every)

    def _fill(self, connection: Connection, ids: Sequence[str]) -> None:
        for id in ids:
            try:
                self._make(connection, id)
            except CaseError:  # erased meanwhile
                continue
            except SealError:  # the others are copied all the same
                log.error("words.unreadable", case=id)


def words_place(case: str) -> str:
    """Return where a case's cipher binds the copy to."""
    return f"case_words:{case}"
