from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.fakes import Clock

SECRET = b"a secret of at least thirty-two bytes"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'niangjia.db'}"


@pytest.fixture
async def storage(database_url: str, clock: Clock) -> AsyncIterator[Storage]:
    async with Storage(database_url, Seal(SECRET), now=clock) as opened:
        yield opened
