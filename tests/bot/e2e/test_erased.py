"""A worker who has everything deleted leaves nothing behind that anybody could open, even with the key."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.storage.seal import open_seal
from bot.storage.storage import Storage
from bot.texts import mine as texts
from knowledge.embedder import Embedder
from tests.bot.e2e.planting import contents, found
from tests.bot.e2e.serving import serving
from tests.bot.e2e.test_planted import (
    EVERYTHING,
    NAME,
    SAID,
    STORY,
    TELEPHONE,
    WITHIN_PHOTO,
    Trail,
    answers_and_rates,
    asks_and_reports,
    is_dealt_with,
)
from tests.bot.e2e.visitor import visiting
from tests.bot.storage.opening import openable
from tests.library import index, write

OF_THE_CASE = (NAME, TELEPHONE, STORY, SAID, WITHIN_PHOTO)


@pytest_asyncio.fixture
async def served(tmp_path: Path, encoder: Embedder) -> AsyncIterator[tuple[Path, Storage, str]]:
    """A home, its storage beside the bot, and where the bot serves."""
    home = tmp_path / "home"
    index(home, write(tmp_path / "papers", {"夜班.md": "# 夜班\n\n上夜班的，单位发夜班补助。\n"}), encoder)
    async with serving(home) as bot:
        seal = open_seal(home, None)
        async with Storage(f"sqlite:///{home / 'niangjia.db'}", seal) as storage:
            yield home, storage, bot.url


async def told(home: Path, storage: Storage) -> dict[str, list[str]]:
    """Return what whoever holds the home and its key can make out of what was planted, and where."""
    seal, places = open_seal(home, None), dict[str, list[str]]()
    async for place, data in openable(storage.database, seal, home / "evidence"):
        places.setdefault(place, []).extend(found(data, EVERYTHING))
    return {place: words for place, words in places.items() if words}


async def test_after_deleting_nobody_can_open_a_word_of_it(served: tuple[Path, Storage, str]) -> None:
    home, storage, url = served
    async with visiting(url) as worker:
        await asks_and_reports(worker, Trail(home))
        await is_dealt_with(storage)
        await answers_and_rates(worker, storage)
        before = await told(home, storage)
        assert set(OF_THE_CASE) <= {word for words in before.values() for word in words}
        assert {"inbox", "outbox", "conversations", "case_events", "claimants"} <= before.keys()
        await worker.says("/my")
        await worker.taps("case:show:")
        await worker.taps("case:export:")
        await worker.taps(texts.DELETE)
        assert texts.DELETED in await worker.taps(texts.SURE_DELETE)
        left = "".join(reply["html"] for reply in await worker.replies())
        assert found(left, EVERYTHING) == []
    assert await told(home, storage) == {}
    for name, data in contents(home):
        assert found(data, EVERYTHING) == [], name
