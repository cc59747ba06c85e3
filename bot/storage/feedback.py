"""What workers missed, for the desk: questions that were refused or not answered well, names taken out long before."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from bot.desk.knowledge.ports import Gap
from bot.dialogue.ports import Verdict
from bot.messages import Channel
from bot.storage.database import Database
from bot.storage.seal import Seal, SealError
from bot.storage.sealed import Address, Sealed
from bot.storage.tables import feedback

log = structlog.get_logger(__name__)


class SqlGaps:
    """Implements `Gaps`."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._questions = Sealed(seal, feedback, str)

    async def latest(self, limit: int) -> Sequence[Gap]:
        """Return the newest questions that were not helped, newest first."""
        query = (
            select(feedback)
            .where(feedback.c.verdict.in_([Verdict.REFUSED, Verdict.UNHELPFUL, Verdict.REPHRASED]))
            .order_by(feedback.c.id.desc())
            .limit(limit)
        )
        found = []
        for row in await self._database.read(query):
            try:
                question = self._questions.open(row.question, Address(Channel(row.channel), row.chat))
            except SealError:  # of another secret: the rest is told all the same
                log.warning("feedback.unreadable", feedback_id=row.id)
                continue
            found.append(Gap(row.id, row.verdict == Verdict.REFUSED, row.region, question, row.created_at))
        return found
