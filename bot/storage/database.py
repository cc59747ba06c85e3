"""The database: SQLite by default, PostgreSQL by its URL."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Select, Table, UpdateBase, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from knowledge.errors import NiangjiaError

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x6E69616E676A6961  # "niangjia": two processes that start together migrate one after the other


class DatabaseError(NiangjiaError):
    """Say that the database cannot be used as it is."""


class Database:
    """Reads, and writes in short transactions."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "DATABASE_URL is no database URL: use sqlite+aiosqlite:///PATH or postgresql+psycopg://…"
            ) from error
        self._sqlite = parsed.get_backend_name() == "sqlite"
        self.folder = Path(parsed.database or "").parent if self._sqlite else Path()  # where files beside it lie
        self._writer, self._reader = _sqlite_engines(parsed) if self._sqlite else _server_engines(parsed)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def read(self, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Return all rows of `query`."""

        async def rows() -> Sequence[Any]:
            async with self._reader.connect() as connection:
                found: Sequence[Any] = (await connection.execute(query)).all()
                return found

        return await self._whole(rows())

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work` in one transaction, all or nothing; it must be short and await nothing but the database."""

        async def transaction() -> T:
            async with self._writer.begin() as connection:
                return await work(connection)

        return await self._whole(transaction())

    async def snapshot(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work`, which only reads, over one moment of the database, while others go on writing."""

        async def reading() -> T:
            if not self._sqlite:
                async with self._writer.connect() as connection:
                    return await work(await connection.execution_options(isolation_level="REPEATABLE READ"))
            async with self._reader.connect() as connection:
                await connection.exec_driver_sql("BEGIN")
                try:
                    return await work(connection)
                finally:
                    await connection.exec_driver_sql("COMMIT")

        return await self._whole(reading())

    async def execute(self, statement: UpdateBase) -> int:
        """Do one statement in a transaction of its own and return how many rows it touched."""

        async def work(connection: AsyncConnection) -> int:
            # Preserved, for else PostgreSQL tells nothing of an INSERT whose id SQLAlchemy asks back.
            return (await connection.execute(statement.execution_options(preserve_rowcount=True))).rowcount

        return await self.write(work)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that knows ON CONFLICT."""
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    async def migrate(self, revision: str = "head") -> None:
        """Bring the tables up to the revision, the newest by default, one process at a time."""

        async def upgrade(connection: AsyncConnection) -> None:
            if not self._sqlite:  # SQLite has one writer anyway
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            await connection.run_sync(_upgrade, revision)

        await self.write(upgrade)

    async def close(self) -> None:
        """Let what is under way end, and close all connections."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._writer.dispose()
        await self._reader.dispose()

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Carry work to its end even if who waits for it is cancelled, as when a page is closed.

        A driver that is cut off between BEGIN and COMMIT can leave the lock taken behind it.
        """
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)


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


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
