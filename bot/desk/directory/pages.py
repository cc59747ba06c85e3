"""All pages of the directory."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from bot.desk.directory.bodies import bodies
from bot.desk.directory.body_form import BODIES
from bot.desk.directory.clocks import clocks
from bot.desk.directory.holidays import holidays
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import parameters
from bot.desk.directory.region_form import REGIONS
from bot.desk.directory.regions import regions
from bot.desk.directory.stations import stations
from bot.desk.directory.table_import import table_import
from bot.desk.directory.union_table import UNIONS
from bot.desk.directory.unions import unions
from bot.desk.directory.ways import LookAgain, ways
from bot.desk.rooms import Rooms
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories


def directory_pages(rooms: Rooms, home: Path, now: Callable[[], datetime], look_again: LookAgain) -> list[APIRouter]:
    """Return the routes, group by group; `look_again` has every open case reckoned by the limits and days of now."""
    ledger, categories = Ledger(home), load_categories(home=home)
    return [
        parameters(rooms, ledger, now),
        stations(rooms, ledger),
        holidays(rooms, ledger, load_calendar(home=home), now, look_again),
        unions(rooms, ledger, now),
        regions(rooms, ledger, now),
        *(table_import(rooms, ledger, now, kind) for kind in (UNIONS, REGIONS, BODIES)),
        bodies(rooms, ledger, categories, now),
        ways(rooms, ledger, categories),
        clocks(rooms, ledger, categories, look_again),
    ]
