"""Figures for the reports over SQL: what the bot was asked, early warnings, workplaces, and the scores of workers."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from statistics import mode
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from bot.cases.model import Move
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
        # By case and number of the event, which never changes: who of its claimants gave which score.
        self._rated: dict[tuple[str, int], tuple[str, int | None]] = {}

    async def service(self, start: datetime, end: datetime) -> Service:
        """Count what was asked from `start` until before `end`."""
        values = {"start": start, "end": end}
        ((messages,),), judged = await asyncio.gather(
            self._database.read(_ANSWERED, values), self._database.read(_JUDGED, values)
        )
        verdicts = {row.verdict: row.count for row in judged}
        found = (verdicts.get(each, 0) for each in (Verdict.REFUSED, Verdict.HELPFUL, Verdict.UNHELPFUL))
        return Service(messages, *found)

    async def warnings(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> int:
        """Count how often several workers of one employer made the bot call staff; None asks for all unions."""
        values = {"start": start, "end": end, "organizations": organizations}
        ((count,),) = await self._database.read(_warned(organizations is None), values)
        return int(count)

    async def asked(self, start: datetime, end: datetime) -> Sequence[Asked]:
        """Return the newest `MOST` of what was refused or judged from `start` until before `end`."""
        rows = await self._database.read(_ASKED, {"start": start, "end": end})
        return await asyncio.to_thread(self._opened, rows)

    def _opened(self, rows: Sequence[Any]) -> list[Asked]:
        found = []
        for id, channel, chat, sealed, at in rows:
            try:
                question = self._questions.open(sealed, Address(Channel(channel), chat))
            except SealError:  # of another secret: the rest is told all the same
                log.warning("feedback.unreadable", feedback_id=id)
                continue
            found.append(Asked(question, chat, at))
        return found

    async def workplaces(
        self, organizations: Sequence[str] | None, start: datetime, end: datetime, least: int
    ) -> Sequence[Workplace]:
        """Return the `LARGEST` employers about which `least` workers or more came in this time, most first."""
        values = {"start": start, "end": end, "organizations": organizations, "least": least}
        about: dict[str, list[Any]] = defaultdict(list)
        for row in await self._database.read(_came(organizations is None), values):
            about[row.employer].append(row)
        found = [each for each in map(_workplace, about.values()) if each.workers >= least]
        return sorted(found, key=lambda each: (-each.workers, each.cases))[:LARGEST]

    async def scores(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> Sequence[int]:
        """Return the last score of each worker who gave one from `start` until before `end`."""
        if len(self._rated) > RATINGS:
            self._rated = {}
        values, rated = {"start": start, "end": end, "organizations": organizations}, self._rated
        given = await self._database.read(_given(organizations is None), values)
        if new := [at for case, number, at in given if (case, number) not in rated]:
            rows = await self._database.read(_RATED, {"start": min(new), "end": end})
            await asyncio.to_thread(self._open_scores, rows, rated)
        last: dict[tuple[str, str], int] = {}
        for case, number, _ in given:
            claimant, score = rated.get((case, number), ("", None))  # erased meanwhile
            if score is not None:
                last[case, claimant] = score
        return list(last.values())

    def _open_scores(self, rows: Sequence[Any], rated: dict[tuple[str, int], tuple[str, int | None]]) -> None:
        for row in rows:
            event = row.case_id, row.number
            if event not in rated and (cipher := cipher_of(self._seal, row.case_id, row.key)) is not None:
                said = said_of(row, cipher)
                rated[event] = said.id, said.content.score


def _workplace(came: Sequence[Any]) -> Workplace:
    """Return the employer about which these claimants came, those of the newest case first."""
    # Who came without an account, such as by telephone, counts as one more each time.
    workers = {(row.case_id, row.claimant) if row.chat is None else row.chat for row in came}
    about = {row.number: (row.organization, row.category) for row in came}
    organizations, categories = zip(*about.values(), strict=True)
    return Workplace(mode(organizations), Category(mode(categories)), len(workers), tuple(about))


# --- what is asked of the database, put together once; `organizations` are left out where all are meant ---


def _within(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(moment >= bindparam("start"), moment < bindparam("end"))


def _of(organization: ColumnElement[str], everywhere: bool) -> ColumnElement[bool]:
    return true() if everywhere else organization.in_(bindparam("organizations", expanding=True))


# The status is written out, for a plan for any value does not use the index of what is done.
_ANSWERED = (
    select(func.count())
    .select_from(inbox)
    .where(inbox.c.status == literal_column(f"'{Status.DONE}'"), _within(inbox.c.created_at))
)
_JUDGED = (
    select(feedback.c.verdict, func.count().label("count"))
    .where(_within(feedback.c.created_at))
    .group_by(feedback.c.verdict)
)
_ASKED = (
    select(feedback.c.id, feedback.c.channel, feedback.c.chat, feedback.c.question, feedback.c.created_at)
    .where(_within(feedback.c.created_at))
    .order_by(feedback.c.id.desc())
    .limit(MOST)
)


@cache
def _warned(everywhere: bool) -> Select[Any]:
    several = (notices.c.kind == Kind.SEVERAL, notices.c.channel == Medium.DESK)
    query = select(func.count()).select_from(notices)
    return query.where(*several, _within(notices.c.created_at), _of(notices.c.organization, everywhere))


@cache
def _came(everywhere: bool) -> Select[Any]:
    """Select who came about employers about which `least` or more did, those of the newest case first."""
    columns = cases.c.employer, cases.c.number, cases.c.organization, cases.c.category
    who = claimants.c.case_id, claimants.c.number.label("claimant"), claimants.c.chat
    query = select(*columns, *who).join_from(claimants, cases, cases.c.id == claimants.c.case_id)
    staying = cases.c.employer.is_not(None), claimants.c.left_at.is_(None), _within(claimants.c.joined_at)
    # Gone through twice, but found once.
    came = query.where(*staying, _of(cases.c.organization, everywhere)).cte("came").prefix_with("MATERIALIZED")
    several = select(came.c.employer).group_by(came.c.employer).having(func.count() >= bindparam("least"))
    return select(came).where(came.c.employer.in_(several)).order_by(came.c.number.desc())


# An index holds nothing but the ratings of cases that are not erased; the move is written out, too.
_RATING = (case_events.c.move == literal_column(f"'{Move.RATE}'"), case_events.c.payload.is_not(None))
_RATED = (
    select(case_events.c.case_id, case_events.c.number, case_events.c.payload, cases.c.key)
    .join(cases, cases.c.id == case_events.c.case_id)
    .where(*_RATING, _within(case_events.c.at))
)


@cache
def _given(everywhere: bool) -> Select[Any]:
    """Select when scores were given, those of a case in their order."""
    query = select(case_events.c.case_id, case_events.c.number, case_events.c.at).where(*_RATING)
    if not everywhere:
        query = query.join(cases, cases.c.id == case_events.c.case_id).where(_of(cases.c.organization, everywhere))
    return query.where(_within(case_events.c.at)).order_by(case_events.c.case_id, case_events.c.number)
