from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.desk.office import Office, open_office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One desk for all tests of a module; each hires its own people."""
    async with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened
