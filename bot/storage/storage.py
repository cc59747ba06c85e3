"""The storage as a whole: opened once by `bot/app/`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select

from bot.cases.clockwork import Clockwork
from bot.cases.deadlines import Times
from bot.notices.ports import Addressing
from bot.pages.refusals import Outage
from bot.storage.audit import SqlAudit
from bot.storage.case_canned import SqlReadyReplies
from bot.storage.case_drafts import SqlDrafts
from bot.storage.case_figures import SqlFigures
from bot.storage.case_news import CaseNews, Surroundings
from bot.storage.case_retention import CaseRetention
from bot.storage.case_views import SqlViews
from bot.storage.case_words import MissingWords
from bot.storage.case_writer import CaseWriter
from bot.storage.casebook import SqlCaseBook
from bot.storage.database import Database, DatabaseError
from bot.storage.evidence import FOLDER, SealedFiles
from bot.storage.feedback import SqlGaps
from bot.storage.haste import Haste
from bot.storage.inbox import SqlInbox
from bot.storage.messengers import SqlMessengers
from bot.storage.notices import SqlNotices
from bot.storage.outbox import SqlOutbox
from bot.storage.rekey import take_up
from bot.storage.retention import Retention
from bot.storage.seal import Seal
from bot.storage.service_figures import SqlServiceFigures
from bot.storage.staff import SqlStaffBook
from bot.storage.staff_journeys import SqlJourneys
from bot.storage.staff_sessions import SqlSessions
from bot.storage.staff_throttle import SqlThrottle
from bot.storage.tables import seals
from knowledge.calendar import Calendar, load_calendar
from knowledge.categories import Categories, load_categories
from knowledge.organizations import Organizations, load_organizations, regions_with


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class Storage:
    """Holds all that is kept, over one database and a folder of files; use it with `async with`."""

    def __init__(
        self,
        url: str,
        seal: Seal,
        *,
        keep: timedelta = timedelta(days=30),
        keep_cases: timedelta = timedelta(days=365),
        context: timedelta = timedelta(hours=24),
        evidence: Path | None = None,
        addressing: Addressing | None = None,
        calendar: Calendar | None = None,
        categories: Categories | None = None,
        organizations: Organizations | None = None,
        in_danger: Callable[[str], bool] = lambda _: False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """`evidence` is the folder of the files, beside a database in a file if None; `calendar`, `categories` and
        `organizations` are those that ship if None.

        Without `addressing` nobody is called: the desk alone shows what there is. Who writes what `in_danger` is true
        of is answered before all others.
        """
        self.database = Database(url)
        self._seal = seal
        self.audit = SqlAudit(self.database, seal, now)
        self.staff = SqlStaffBook(self.database, seal, self.audit, now)
        self.sessions = SqlSessions(self.database, self.audit)
        self.journeys = SqlJourneys(self.database, now)
        self.throttle = SqlThrottle(self.database, seal, now)
        self.gaps = SqlGaps(self.database, seal)
        haste = Haste(now)
        self.outbox = SqlOutbox(self.database, seal, now, haste)
        self.messengers = SqlMessengers(self.database, seal, self.audit, now)
        self.notices = SqlNotices(self.database, seal, now, addressing, self.messengers)
        times = Times(calendar or load_calendar(), (categories or load_categories()).clocks)
        unions = organizations or load_organizations()
        around = Surroundings(times, unions, regions_with(unions))
        news = CaseNews(seal, self.outbox, self.notices, around.organizations)
        writer = CaseWriter(self.database, seal, news, self.audit, around)
        self.cases = SqlCaseBook(self.database, seal, writer, now)
        self.missing_words = MissingWords(self.database, writer.copy_words)
        self.figures = SqlFigures(self.database, now)
        self.case_views = SqlViews(self.database, now)
        self.ready_replies = SqlReadyReplies(self.database, self.audit)
        self.case_drafts = SqlDrafts(self.database, seal, now)
        self.service_figures = SqlServiceFigures(self.database, seal)
        self.clockwork = Clockwork(self.cases, around.times, around.organizations, now, writer)
        self.evidence = SealedFiles(evidence or self.database.folder / FOLDER, self.database, now, keep)
        self.inbox = SqlInbox(self.database, seal, self.outbox, writer, now, context, haste, in_danger)
        old_cases = CaseRetention(self.database, self.cases, now, keep_cases)
        others = (
            old_cases.sweep,
            self.case_drafts.sweep,
            self.evidence.sweep,
            self.journeys.sweep,
            self.throttle.sweep,
        )
        self.retention = Retention(self.database, now, keep, others)

    async def __aenter__(self) -> Self:
        """Migrate, and make sure that the key is the one that this database is sealed with."""
        try:
            await self.database.migrate()
            await self._check_seal()
        except BaseException as error:
            await self.database.close()
            if isinstance(error, Outage):
                told = "The database cannot be reached: see that its server runs and that DATABASE_URL is right."
                raise DatabaseError(told) from error
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.database.close()

    async def reachable(self) -> bool:
        """Tell whether the database answers."""
        return bool(await self.database.read(select(seals.c.id)))

    async def _check_seal(self) -> None:
        """Make sure that the secret is this database's, and take up its digests' key."""

        def check(connection: Connection) -> None:
            first = self.database.insert(seals).values(id=1, fingerprint=self._seal.fingerprint)
            connection.execute(first.on_conflict_do_nothing(index_elements=["id"]))
            row = connection.execute(select(seals).with_for_update()).one()
            take_up(connection, self._seal, row)

        await self.database.write(check)
