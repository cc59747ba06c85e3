from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.desk.directory.pages import directory_pages
from tests.bot.desk.office import Office, open_office
from tests.bot.fakes import Clock


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(home: Path) -> AsyncIterator[Office]:
    """One desk with the directory for all tests of a module."""
    clock = Clock()
    async with open_office(
        home, more=lambda rooms, storage: directory_pages(rooms, home, clock, storage.cases.look_again), clock=clock
    ) as opened:
        yield opened
