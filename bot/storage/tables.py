"""The tables; a change here needs a migration in `migrations/versions`.

Columns named `chat` and `key` hold digests, `payload`, `memory` and `question` hold sealed JSON: see `Seal`.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)


class Status(StrEnum):
    """How far a message or a reply has come."""

    WAITING = "waiting"
    DONE = "done"  # inbox: answered; outbox: taken by the messenger
    FAILED = "failed"  # inbox: answered with an apology; outbox: a dead letter
    SHELVED = "shelved"  # outbox: lies ready for a page that reads it itself


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read UTC, which SQLite hands back without its zone."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

RowId = BigInteger().with_variant(Integer(), "sqlite")

seals = Table(
    "seals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", String(32), nullable=False),  # of the secret that this database is sealed with
    Column("lookup", LargeBinary),  # the digests' key, sealed; None while it is derived from the secret
    Column("older", String(32)),  # fingerprint of the secret before, until everything is sealed anew
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(32), nullable=False),
    Column("key", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("payload", LargeBinary),  # Incoming; None once it is blanked
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("error", String(200)),
    UniqueConstraint("channel", "key"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("inbox_id", RowId, ForeignKey("inbox.id")),
    Column("channel", String(16), nullable=False),
    Column("chat", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("payload", LargeBinary),  # Parcel; None once it is blanked
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("remote_id", String(64)),
    Column("error", String(200)),
    Index(None, "channel", "chat", "id"),
    sqlite_autoincrement=True,
)


def index_waiting(table: Table) -> None:
    """Let the head of each chat be found without a walk through all that was ever said, or through all that waits."""
    waiting = table.c.status == Status.WAITING
    for name, columns in (("waiting", ("channel", "chat", "id")), ("line", ("id",))):
        ordered = [table.c[column] for column in columns]
        Index(f"ix_{table.name}_{name}", *ordered, sqlite_where=waiting, postgresql_where=waiting)


index_waiting(inbox)
index_waiting(outbox)

# Reports count what was answered, from the index alone: SQLite asks it for the status too.
_done = inbox.c.status == Status.DONE
Index("ix_inbox_done", inbox.c.created_at, inbox.c.status, sqlite_where=_done, postgresql_where=_done)

conversations = Table(
    "conversations",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("chat", String(32), primary_key=True),
    Column("region", String(64)),
    Column("memory", LargeBinary),  # Exchanges; None once the chat has been silent for long
    Column("updated_at", Moment, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(32), nullable=False),
    Column("exchange", String(32), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("region", String(64)),
    Column("question", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("channel", "chat", "exchange"),
    sqlite_autoincrement=True,
)
