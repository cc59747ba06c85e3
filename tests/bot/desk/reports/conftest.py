from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from fastapi import APIRouter

from bot.desk.cases.room import CaseRoom
from bot.desk.reports.pages import reports
from bot.desk.rooms import Rooms
from bot.storage.storage import Storage
from knowledge.embedder import open_embedder
from tests.bot.desk.cases.casework import Casework, open_casework


def _pages(rooms: Rooms, storage: Storage, room: CaseRoom) -> Sequence[APIRouter]:
    return (reports(rooms, room, storage.service_figures, open_embedder()),)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def work(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Casework]:
    """One desk with reports for all tests of a module."""
    async with open_casework(tmp_path_factory.mktemp("work"), pages=_pages) as opened:
        yield opened
