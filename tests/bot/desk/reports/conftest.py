from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from fastapi import APIRouter

from bot.cases.deadlines import Times
from bot.cases.routing import Directory
from bot.desk.cases.room import CaseRoom
from bot.desk.reports.pages import reports
from bot.desk.rooms import Rooms
from bot.dialogue.referral import Referrer
from bot.storage.storage import Storage
from bot.triage.triager import load_triager
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from knowledge.embedder import open_embedder
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions
from tests.bot.desk.cases.casework import Casework, Index, Nobody
from tests.bot.desk.office import open_office
from tests.bot.fakes import Clock


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def work(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Casework]:
    """One desk with reports for all tests of a module."""
    organizations, index, clock = load_organizations(), Index(), Clock()

    def pages(rooms: Rooms, storage: Storage) -> Sequence[APIRouter]:
        room = CaseRoom(
            storage.cases,
            storage.evidence,
            storage.figures,
            storage.case_views,
            storage.ready_replies,
            storage.case_drafts,
            index,
            Referrer(load_triager(), Directory(organizations, load_categories()), load_regions(), Nobody()),
            Times(load_calendar(), load_categories().clocks),
            organizations,
            clock,
        )
        return (reports(rooms, room, storage.service_figures, open_embedder()),)

    async with open_office(tmp_path_factory.mktemp("work"), more=pages, clock=clock) as office:
        yield Casework(office, index)
