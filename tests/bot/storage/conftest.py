"""One suite on both databases: a test that asks for `url` runs on SQLite, and on PostgreSQL where it is installed."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock
from tests.bot.storage import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: no initdb found")
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'niangjia.db'}"
    return _new_schema(request.getfixturevalue("postgres_server"))


@pytest.fixture
def another_url(postgres_server: str) -> str:
    """A second empty place on PostgreSQL."""
    return _new_schema(postgres_server)


def _new_schema(server: str) -> str:
    """Return the URL of a new schema, which is an empty database to whoever opens it, and far quicker to make."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server}?options=-csearch_path%3D{name}"


@pytest.fixture
async def both(url: str, clock: Clock, tmp_path: Path) -> AsyncIterator[Storage]:
    """A storage on each of the databases."""
    async with Storage(url, Seal(SECRET), evidence=tmp_path / "evidence", now=clock) as opened:
        yield opened
