"""The replies that unions keep ready, over SQL; each change is in the audit with it."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.audit import Entry
from bot.cases.model import Move
from bot.desk.cases.ports import ReadyReply
from bot.storage.audit import SqlAudit
from bot.storage.case_desk_tables import canned_replies
from bot.storage.database import Database


class SqlReadyReplies:
    """Implements `ReadyReplies`."""

    def __init__(self, database: Database, audit: SqlAudit) -> None:
        self._database = database
        self._audit = audit

    async def of(self, organizations: Sequence[str]) -> Sequence[tuple[str, ReadyReply]]:
        """Return the replies of these unions, each with the union that keeps it, in the order of their titles."""
        query = select(canned_replies).where(canned_replies.c.organization.in_(organizations))
        rows = await self._database.read(query.order_by(canned_replies.c.title, canned_replies.c.id))
        return [
            (row.organization, ReadyReply(row.id, Move(row.move), row.title, row.text, row.retired)) for row in rows
        ]

    async def put(self, organization: str, reply: ReadyReply, entry: Entry) -> None:
        """Add a reply, or replace the one with this id."""
        key = {"organization": organization, "id": reply.id}
        said = {"move": reply.move, "title": reply.title, "text": reply.text, "retired": reply.retired}
        insert = self._database.insert(canned_replies).values(**key, **said)
        await self._audit.write(entry, insert.on_conflict_do_update(index_elements=list(key), set_=said))
