from collections.abc import AsyncIterator

import pytest

from tests.telegram_api import Person, TelegramApi


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest.fixture
def worker(api: TelegramApi) -> Person:
    return api.person()
