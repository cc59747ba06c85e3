"""Figures of what is no case, over SQL: what the bot was asked, and early warnings; opens nothing that is sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.desk.reports.ports import Service
from bot.dialogue.ports import Verdict
from bot.notices.model import Kind, Medium
from bot.storage.database import Database
from bot.storage.notice_tables import notices
from bot.storage.tables import Status, feedback, inbox


class SqlServiceFigures:
    """Implements `ServiceFigures`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def service(self, start: datetime, end: datetime) -> Service:
        """Count what was asked from `start` until before `end`."""
        asked = select(func.count()).select_from(inbox).where(inbox.c.status == Status.DONE)
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
