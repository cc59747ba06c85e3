import asyncio
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import MIGRATIONS, Database, DatabaseError
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.tables import inbox, metadata, seals


async def test_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    database = Database(url)
    await database.migrate()

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await database.write(lambda connection: connection.run_sync(differences)) == []
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


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_the_file_is_its_owners_and_survives_power_cuts(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    await database.migrate()

    async def pragmas(connection: AsyncConnection) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1, 1]
    assert modes(tmp_path) == {0o600}
    await database.close()


async def test_a_transaction_whose_caller_is_gone_is_carried_to_its_end(database_url: str) -> None:
    database = Database(database_url)
    await database.migrate()
    begun = asyncio.Event()

    async def slow(connection: AsyncConnection) -> None:
        await connection.execute(seals.insert().values(id=1, fingerprint="x"))
        begun.set()
        await asyncio.sleep(0.05)

    task = asyncio.create_task(database.write(slow))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.close()
    database = Database(database_url)
    assert len(await database.read(select(seals))) == 1
    await database.close()


async def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    await database.migrate()

    async def half(connection: AsyncConnection) -> None:
        await connection.execute(seals.insert().values(id=1, fingerprint="x"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(half)
    assert await database.read(select(seals)) == []
    await database.close()


@pytest.mark.parametrize("url", ["nonsense", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_a_url_that_will_not_do_says_what_will(url: str) -> None:
    with pytest.raises(DatabaseError, match="sqlite"):
        Database(url)


async def test_a_database_does_not_open_with_another_key(database_url: str) -> None:
    async with Storage(database_url, Seal(b"the first key")):
        pass
    with pytest.raises(DatabaseError, match="another key"):
        async with Storage(database_url, Seal(b"the second key")):
            pass
    async with Storage(database_url, Seal(b"the first key")) as storage:
        assert await storage.inbox.counts() == {}
