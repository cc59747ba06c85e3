"""Who has logged in, over SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Update, delete, select, update

from bot.audit import Entry
from bot.desk.ports import Session
from bot.storage.audit import SqlAudit
from bot.storage.database import Database
from bot.storage.staff import staff_of
from bot.storage.staff_tables import staff, staff_sessions


class SqlSessions:
    """Implements `Sessions`."""

    def __init__(self, database: Database, audit: SqlAudit) -> None:
        self._database = database
        self._audit = audit

    async def open(self, session: Session, ended: datetime, entry: Entry | None) -> None:
        """Add a session, and forget those begun before `ended`."""
        row = {
            "token": session.id,
            "staff_id": session.staff.id,
            "whole": session.whole,
            "device": session.device,
            "created_at": session.created_at,
            "seen_at": session.seen_at,
            "strong": session.strong,
        }
        old = delete(staff_sessions).where(staff_sessions.c.created_at < ended)
        await self._audit.write(entry, old, staff_sessions.insert().values(row))

    async def find(self, session_id: str) -> Session | None:
        """Return the session, unless its account is closed."""
        for session in await self._read(staff_sessions.c.token == session_id, staff.c.disabled.is_(False)):
            return session
        return None

    async def of(self, staff_id: str) -> Sequence[Session]:
        """Return a person's sessions, the last used first."""
        return await self._read(staff_sessions.c.staff_id == staff_id)

    async def seen(self, session_id: str, now: datetime) -> None:
        """Note that it was used."""
        await self._audit.write(None, _where(session_id).values(seen_at=now))

    async def missed(self, session_id: str, entry: Entry) -> int:
        """Count a wrong second factor and return how many there were."""

        def work(connection: Connection) -> int:
            counted = _where(session_id).values(tries=staff_sessions.c.tries + 1).returning(staff_sessions.c.tries)
            tries: int | None = connection.execute(counted).scalar_one_or_none()
            self._audit.append(connection, entry)
            return tries or 0

        return await self._database.write(work)

    async def complete(self, session_id: str, new_id: str, entry: Entry) -> None:
        """Make it a whole session under another token."""
        await self._audit.write(entry, _where(session_id).values(token=new_id, whole=True))

    async def end(self, session_id: str, entry: Entry | None) -> None:
        """End one session."""
        await self._audit.write(entry, delete(staff_sessions).where(staff_sessions.c.token == session_id))

    async def end_others(self, staff_id: str, keep: str, entry: Entry) -> None:
        """End all sessions of a person but `keep`."""
        others = delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id)
        await self._audit.write(entry, others.where(staff_sessions.c.token != keep))

    async def _read(self, *conditions: ColumnElement[bool]) -> list[Session]:
        columns = (column.label(f"session_{column.name}") for column in staff_sessions.c)
        query = select(staff, *columns).join_from(staff, staff_sessions).where(*conditions)
        rows = await self._database.read(query.order_by(staff_sessions.c.seen_at.desc()))
        return [
            Session(
                row.session_token,
                staff_of(row),
                row.session_whole,
                row.session_device,
                row.session_created_at,
                row.session_seen_at,
                row.session_strong,
            )
            for row in rows
        ]


def _where(session_id: str) -> Update:
    return update(staff_sessions).where(staff_sessions.c.token == session_id)
