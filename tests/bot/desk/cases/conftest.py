from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.desk.cases.casework import Casework, open_casework


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def work(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Casework]:
    """One desk for all tests of a module; each makes its own cases."""
    async with open_casework(tmp_path_factory.mktemp("cases")) as opened:
        yield opened
