"""Figures for the reports over SQL: what the bot was asked, early warnings, workplaces, and the scores of workers."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from statistics import mode
from typing import Any

import structlog
from sqlalchemy import String, cast, distinct, func, literal_column, select

from bot.cases.model import Move, State
from bot.desk.reports.ports import Asked, Service, Workplace
from bot.dialogue.ports import Verdict
from bot.messages import Channel
from bot.notices.model import Kind, Medium
from bot.storage.case_rows import cipher_of, said_of
from bot.storage.case_tables import case_events, cases, claimants
from bot.storage.database import Database
from bot.storage.notice_tables import notices
from bot.storage.seal import Seal, SealError
from bot.storage.sealed import Address, Sealed
from bot.storage.tables import Status, feedback, inbox
from knowledge.vocabulary import Category

MOST = 2_000  # questions that are looked at together
LARGEST = 50  # employers
RATINGS = 10_000  # that are kept at hand once they were opened

log = structlog.get_logger(__name__)


class SqlServiceFigures:
    """Implements `ServiceFigures`."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._questions = Sealed(seal, feedback, str)
        self._rated = lru_cache(maxsize=RATINGS)(self._rating)  # an event never changes, and its words are not kept

    async def service(self, start: datetime, end: datetime) -> Service:
        """Count what was asked from `start` until before `end`."""
        # Written out, for a plan for any value does not use the index of what is done.
        done = inbox.c.status == literal_column(f"'{Status.DONE}'")
        asked = select(func.count()).select_from(inbox).where(done)
        ((messages,),) = await self._database.read(asked.where(inbox.c.created_at >= start, inbox.c.created_at < end))
        judged = (
            select(feedback.c.verdict, func.count().label("count"))
            .where(feedback.c.created_at >= start, feedback.c.created_at < end)
            .group_by(feedback.c.verdict)
        )
        verdicts = {row.verdict: row.count for row in await self._database.read(judged)}
        found = (verdicts.get(each, 0) for each in (Verdict.REFUSED, Verdict.HELPFUL, Verdict.UNHELPFUL))
        return Service(messages, *found)

    async def warnings(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> int:
        """Count how often several workers of one employer made the bot call staff; None asks for all unions."""
        query = (
            select(func.count())
            .select_from(notices)
            .where(notices.c.kind == Kind.SEVERAL, notices.c.channel == Medium.DESK)
            .where(notices.c.created_at >= start, notices.c.created_at < end)
        )
        if organizations is not None:
            query = query.where(notices.c.organization.in_(organizations))
        ((count,),) = await self._database.read(query)
        return int(count)

    async def asked(self, start: datetime, end: datetime) -> Sequence[Asked]:
        """Return the newest `MOST` of what was refused or judged from `start` until before `end`."""
        columns = (feedback.c.id, feedback.c.channel, feedback.c.chat, feedback.c.question, feedback.c.created_at)
        query = select(*columns).where(feedback.c.created_at >= start, feedback.c.created_at < end)
        rows = await self._database.read(query.order_by(feedback.c.id.desc()).limit(MOST))
        return await asyncio.to_thread(self._opened, rows)

    def _opened(self, rows: Sequence[Any]) -> list[Asked]:
        found = []
        for row in rows:
            try:
                question = self._questions.open(row.question, Address(Channel(row.channel), row.chat))
            except SealError:  # of another secret: the rest is told all the same
                log.warning("feedback.unreadable", feedback_id=row.id)
                continue
            found.append(Asked(question, row.chat, row.created_at))
        return found

    async def workplaces(
        self, organizations: Sequence[str] | None, start: datetime, end: datetime, least: int
    ) -> Sequence[Workplace]:
        """Return the `LARGEST` employers about which `least` workers or more came in this time, most first."""
        # Who came without an account, such as by telephone, counts as one more each time.
        someone = func.coalesce(claimants.c.chat, claimants.c.case_id + ":" + cast(claimants.c.number, String))
        came = [claimants.c.joined_at >= start, claimants.c.joined_at < end, claimants.c.left_at.is_(None)]
        if organizations is not None:
            came.append(cases.c.organization.in_(organizations))
        both = cases.join(claimants, claimants.c.case_id == cases.c.id)
        workers = func.count(distinct(someone)).label("workers")
        groups = select(cases.c.employer, workers).select_from(both).where(cases.c.employer.is_not(None), *came)
        largest = groups.group_by(cases.c.employer).having(workers >= least).order_by(workers.desc()).limit(LARGEST)
        large = await self._database.read(largest)
        counts = {row.employer: row.workers for row in large}
        columns = (cases.c.employer, cases.c.number, cases.c.organization, cases.c.category)
        lying = select(*columns).select_from(both).where(cases.c.employer.in_(counts), *came).distinct()
        rows = await self._database.read(lying.order_by(cases.c.number.desc()))
        lie: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            lie[row.employer].append(row)
        found = []
        for employer, mine in lie.items():
            _, numbers, organizations, categories = zip(*mine, strict=True)
            found.append(Workplace(mode(organizations), Category(mode(categories)), counts[employer], numbers))
        return sorted(found, key=lambda each: (-each.workers, each.cases))

    async def scores(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> Sequence[int]:
        """Return the last score of each worker who gave one from `start` until before `end`."""
        columns = (case_events.c.case_id, case_events.c.number, case_events.c.payload, cases.c.key)
        rated = select(*columns).join(cases, cases.c.id == case_events.c.case_id)
        # Naming all states lets the index by state and moment be used.
        when = (case_events.c.after.in_(list(State)), case_events.c.at >= start, case_events.c.at < end)
        rated = rated.where(case_events.c.move == Move.RATE, *when)
        if organizations is not None:
            rated = rated.where(cases.c.organization.in_(organizations))
        rows = await self._database.read(rated.order_by(case_events.c.case_id, case_events.c.number))
        return await asyncio.to_thread(self._last_scores, rows)

    def _last_scores(self, rows: Sequence[Any]) -> list[int]:
        last: dict[tuple[str, str], int] = {}
        for row in rows:
            claimant, score = self._rated(row)
            if score is not None:
                last[row.case_id, claimant] = score
        return list(last.values())

    def _rating(self, row: Any) -> tuple[str, int | None]:
        """Return the number of the claimant who gave a score, and the score unless it is erased."""
        cipher = cipher_of(self._seal, row.case_id, row.key)
        if cipher is None or row.payload is None:
            return "", None
        said = said_of(row, cipher)
        return said.id, said.content.score
