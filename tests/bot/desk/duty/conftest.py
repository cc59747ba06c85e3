from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import APIRouter

from bot.desk.duty.entries import Board
from bot.desk.duty.pages import duty_pages
from bot.desk.rooms import Rooms
from bot.notices.buttons import Buttons
from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile
from bot.notices.links import Links
from bot.notices.notifiers import open_notifiers
from bot.storage.storage import Storage
from knowledge.calendar import load_calendar
from knowledge.organizations import load_organizations
from tests.bot.desk.office import Office, open_office
from tests.bot.fakes import Clock
from tests.bot.notices.robot_server import RobotServer, robots


@dataclass
class Watch:
    """The running desk, the file of its roster, and the robots of the groups that are called."""

    office: Office
    file: Path
    duty: Duty
    robots: RobotServer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watch]:
    """One desk for all tests of a module."""
    home, clock = tmp_path_factory.mktemp("home"), Clock()
    file, working = home / DUTY_FILE, load_calendar().is_working
    duty = Duty(DutyFile(file), load_organizations(), working)
    links = Links(None, lambda said: said)
    async with robots() as groups, open_notifiers(links, Buttons(str), clock, mail=None, writer=None) as notifiers:

        def pages(rooms: Rooms, storage: Storage) -> Sequence[APIRouter]:
            board = Board(file, duty, working, notifiers, clock, storage.notices.undelivered)
            return (duty_pages(rooms, board),)

        async with open_office(home, more=pages, clock=clock) as office:
            yield Watch(office, file, duty, groups)


@pytest.fixture(autouse=True)
def _empty(watch: Watch) -> None:
    watch.file.unlink(missing_ok=True)
    watch.robots.wecom.clear()
    watch.robots.dingtalk.clear()
    watch.robots.fault = None
