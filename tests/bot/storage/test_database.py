import asyncio
import sqlite3
import stat
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.database import MIGRATIONS, Database, DatabaseError
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.tables import inbox, metadata, seals


async def test_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    database = Database(url)
    await database.migrate()

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await database.write(differences) == []
    await database.close()


async def test_migrating_again_changes_nothing(database_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        database = Database(database_url)
        await database.migrate()
        await database.close()
    (newest,) = ScriptDirectory(MIGRATIONS).get_heads()  # and no more than one
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]


async def test_two_that_start_together_migrate_one_after_the_other(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    await asyncio.gather(*(database.migrate() for database in databases))
    for database in databases:
        assert await database.read(select(inbox)) == []
        await database.close()


async def test_who_opens_a_new_file_while_another_writes_to_it_waits(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with sqlite3.connect(tmp_path / "niangjia.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # no busy handler is asked who then wants WAL
        migrating = asyncio.create_task(database.migrate())
        await asyncio.wait([migrating], timeout=0.3)
        other.execute("COMMIT")
    await migrating
    assert await database.read(select(inbox)) == []
    await database.close()


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_the_file_is_its_owners_and_survives_power_cuts(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    await database.migrate()

    def pragmas(connection: Connection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1, 1]
    assert modes(tmp_path) == {0o600}
    await database.close()


async def test_a_transaction_whose_caller_is_gone_is_carried_to_its_end(url: str) -> None:
    database = Database(url)
    await database.migrate()
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.execute(seals.insert().values(id=1, fingerprint="x"))
        begun.set()
        assert go_on.wait(60)

    task = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await database.close()
    database = Database(url)
    assert len(await database.read(select(seals))) == 1
    await database.close()


async def test_a_transaction_that_fails_leaves_nothing_and_takes_no_other_with_it(url: str) -> None:
    database = Database(url)
    await database.migrate()

    def write(number: int, connection: Connection) -> int:
        connection.execute(seals.insert().values(id=number, fingerprint="x"))
        return 6 // (number - 3)

    outcomes = await asyncio.gather(
        *(database.write(partial(write, number)) for number in range(6)), return_exceptions=True
    )
    assert [6 // (number - 3) if number != 3 else outcomes[3] for number in range(6)] == outcomes
    assert isinstance(outcomes[3], ZeroDivisionError)
    assert {row.id for row in await database.read(select(seals))} == {0, 1, 2, 4, 5}
    await database.close()


async def test_where_sqlite_gives_up_what_it_has_of_all_none_is_told_that_it_is_stored(database_url: str) -> None:
    database = Database(database_url)
    await database.migrate()

    def write(number: int, connection: Connection) -> None:
        connection.exec_driver_sql(f"INSERT OR ROLLBACK INTO seals (id, fingerprint) VALUES ({number}, 'x')")

    outcomes = await asyncio.gather(
        *(database.write(partial(write, number)) for number in (1, 2, 2, 3)), return_exceptions=True
    )
    assert all(isinstance(outcome, SQLAlchemyError) for outcome in outcomes)
    assert await database.read(select(seals)) == []
    await database.close()


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_will_not_do_says_what_will(url: str) -> None:
    with pytest.raises(DatabaseError, match="sqlite"):
        Database(url)


async def test_a_url_that_names_the_driver_of_earlier_versions_still_opens(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}")
    await database.migrate()
    assert await database.read(select(seals)) == []
    await database.close()


async def test_a_database_does_not_open_with_another_key(database_url: str) -> None:
    async with Storage(database_url, Seal(b"the first key")):
        pass
    with pytest.raises(DatabaseError, match="another key"):
        async with Storage(database_url, Seal(b"the second key")):
            pass
    async with Storage(database_url, Seal(b"the first key")) as storage:
        assert await storage.inbox.counts() == {}
