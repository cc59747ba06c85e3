"""The database: SQLite by default, PostgreSQL by its URL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from knowledge.errors import NiangjiaError

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x6E69616E676A6961  # "niangjia": two processes that start together migrate one after the other


class DatabaseError(NiangjiaError):
    """Say that the database cannot be used as it is."""


class Database:
    """Opens short transactions, for reading or for writing."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "DATABASE_URL is no database URL: use sqlite+aiosqlite:///PATH or postgresql+psycopg://…"
            ) from error
        self._sqlite = parsed.get_backend_name() == "sqlite"
        self._writer, self._reader = _sqlite_engines(parsed) if self._sqlite else _server_engines(parsed)

    def reading(self) -> AsyncConnection:
        """Open a connection, with `async with`, that changes nothing; each statement sees a state of its own."""
        return self._reader.connect()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that is committed at the end; keep it short, and await nothing but the database in it."""
        async with self._writer.begin() as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that knows ON CONFLICT."""
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    async def migrate(self) -> None:
        """Bring the tables to the newest revision, one process at a time."""
        async with self.writing() as connection:
            if not self._sqlite:  # SQLite has one writer anyway
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            await connection.run_sync(_upgrade)

    async def close(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._reader.dispose()


def _sqlite_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """Return one connection that writes, for SQLite has one writer and waits unfairly, and a few that read."""
    if not url.database or ":memory:" in url.database:
        raise DatabaseError("The database must be a file: use sqlite+aiosqlite:///PATH.")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    reader = create_async_engine(
        url, pool_size=4, max_overflow=0, pool_timeout=60, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True
    )
    _configure(writer)
    _configure(reader, "PRAGMA query_only = ON")

    @event.listens_for(writer.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return writer, reader


def _configure(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in (
            "PRAGMA busy_timeout = 10000",  # ms; another process, such as a backup, may write for a moment
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",  # what was accepted outlives a power cut
            "PRAGMA foreign_keys = ON",
            "PRAGMA secure_delete = ON",  # what is blanked is overwritten
            *pragmas,
        ):
            cursor.execute(pragma)
        cursor.close()


def _server_engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    engine = create_async_engine(url, pool_pre_ping=True)
    return engine, engine.execution_options(isolation_level="AUTOCOMMIT")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
