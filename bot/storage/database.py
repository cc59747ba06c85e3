"""The database: SQLite by default, PostgreSQL by its URL."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Select, Table, UpdateBase, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from bot.pages.refusals import Outage
from bot.storage.together import Together
from knowledge.errors import NiangjiaError

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
_READERS = 4  # of SQLite, beside the one that writes
_CONNECTIONS = 12  # to a server
_PATIENCE = 10.0  # seconds that SQLite is waited for
_BINARY = 1  # `psycopg.pq.Format.BINARY`, which only those load who have a server
_MIGRATION_LOCK = 0x6E69616E676A6961  # "niangjia": two processes that start together migrate one after the other


class DatabaseError(NiangjiaError):
    """Say that the database cannot be used as it is."""


class Database:
    """Reads, and writes in short transactions: plain functions, each of which is carried out whole in a thread."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "DATABASE_URL is no database URL: use sqlite:///PATH or postgresql+psycopg://…"
            ) from error
        self._sqlite = parsed.get_backend_name() == "sqlite"
        self.folder = Path(parsed.database or "").parent if self._sqlite else Path()  # where files beside it lie
        self._writer, self._reader = _sqlite_engines(parsed) if self._sqlite else _server_engines(parsed)
        self._threads = ThreadPoolExecutor(_READERS if self._sqlite else _CONNECTIONS, "database")
        self._together = Together(self._writer) if self._sqlite else None

    async def read(self, query: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """Return all rows of `query`, whose parameters have these values."""

        def rows() -> Sequence[Any]:
            with self._reader.connect() as connection:
                return connection.execute(query, values).all()

        return await self._in_thread(rows)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction, all or nothing; it must be short and wait for nothing but the database."""
        if self._together is not None:
            return await self._together.write(work)

        def transaction() -> T:
            with self._writer.begin() as connection:
                return work(connection)

        return await self._in_thread(transaction)

    async def snapshot(self, work: Callable[[Connection], T]) -> T:
        """Do `work`, which only reads, over one moment of the database, while others go on writing."""

        def reading() -> T:
            if not self._sqlite:
                with self._writer.connect() as connection:
                    return work(connection.execution_options(isolation_level="REPEATABLE READ"))
            with self._reader.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                try:
                    return work(connection)
                finally:
                    connection.exec_driver_sql("COMMIT")

        return await self._in_thread(reading)

    async def execute(self, statement: UpdateBase, values: Mapping[str, Any] | None = None) -> int:
        """Do one statement in a transaction of its own and return how many rows it touched."""

        def work(connection: Connection) -> int:
            # Preserved, for else PostgreSQL tells nothing of an INSERT whose id SQLAlchemy asks back.
            return connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount

        return await self.write(work)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that knows ON CONFLICT."""
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    async def migrate(self, revision: str = "head") -> None:
        """Bring the tables up to the revision, the newest by default, one process at a time."""

        def upgrade(connection: Connection) -> None:
            if not self._sqlite:  # SQLite has one writer anyway
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            _upgrade(connection, revision)

        await self.write(upgrade)

    async def close(self) -> None:
        """Let what is under way end, and close all connections."""
        if self._together is not None:
            await self._together.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Carry work to its end even if who waits for it is cancelled, as when a page is closed.

        Raise Outage where the server is out of reach or has broken off.
        """
        try:
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._threads, work))
        except OperationalError as error:
            if self._sqlite:
                raise
            raise Outage from error


def _sqlite_engines(url: URL) -> tuple[Engine, Engine]:
    """Return one connection that writes, for SQLite has one writer and waits unfairly, and a few that read."""
    if not url.database or ":memory:" in url.database:
        raise DatabaseError("The database must be a file: use sqlite:///PATH.")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    url = url.set(drivername="sqlite")  # whatever driver was asked for: there was another one once
    writer = create_engine(url, pool_size=1, max_overflow=0)
    reader = create_engine(
        url, pool_size=_READERS, max_overflow=0, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True
    )
    _configure(writer)
    _configure(reader, "PRAGMA query_only = ON")

    @event.listens_for(writer, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return writer, reader


def _configure(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")  # ms; another process, such as a backup, writes
        _write_ahead(cursor)
        for pragma in (
            "PRAGMA synchronous = FULL",  # what was accepted outlives a power cut
            "PRAGMA foreign_keys = ON",
            "PRAGMA secure_delete = ON",  # what is blanked is overwritten
            *pragmas,
        ):
            cursor.execute(pragma)
        cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Turn the file to WAL; where several open a new file together SQLite asks no busy handler, so we wait for it."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _server_engines(url: URL) -> tuple[Engine, Engine]:
    engine = create_engine(url, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.autocommit = True
        # As it is on today's disks: by default a whole table is read rather than 500 of its 10,000 cases by their ids.
        connection.execute("SET random_page_cost = 1.1")
        connection.autocommit = False

    reader = engine.execution_options(isolation_level="AUTOCOMMIT")

    @event.listens_for(reader, "before_cursor_execute")
    def execute(_connection: Connection, cursor: Any, *_: object) -> None:
        cursor.format = _BINARY  # what is sealed comes as it is, not as digits of twice its length

    return engine, reader


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
