"""The table of notices; a change here needs a migration in `migrations/versions`.

`chat` is a digest of the address, `payload` the sealed notice and address. The columns in the clear name no person.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from bot.notices.model import Kind
from bot.storage.tables import Moment, RowId, index_waiting, metadata

notices = Table(
    "notices",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel", String(16), nullable=False),  # what carries it; `desk` is the row that the desk shows
    Column("chat", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("organization", String(64), nullable=False),
    Column("case_number", String(24)),
    Column("payload", LargeBinary),  # None once it is blanked
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("remote_id", String(200)),
    Column("error", String(200)),
    Index(None, "organization", "id"),
    Index(None, "case_number"),
    sqlite_autoincrement=True,
)

index_waiting(notices)
_several = notices.c.kind == Kind.SEVERAL
Index("ix_notices_several", notices.c.created_at, sqlite_where=_several, postgresql_where=_several)  # for reports
