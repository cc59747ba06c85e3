from collections.abc import AsyncIterator

import pytest

from tests.llm_api import LlmApi


@pytest.fixture
async def api() -> AsyncIterator[LlmApi]:
    async with LlmApi() as served:
        yield served
