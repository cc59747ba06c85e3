from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from knowledge.embedder import Embedder
from tests.bot.desk.knowledge.workplace import Workplace, open_workplace


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Workplace]:
    """One desk for all tests of a module."""
    async with open_workplace(tmp_path_factory.mktemp("place"), encoder) as opened:
        yield opened
