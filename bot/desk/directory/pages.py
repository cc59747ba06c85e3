"""All pages of the directory."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from bot.desk.directory.bodies import bodies
from bot.desk.directory.holidays import holidays
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import parameters
from bot.desk.directory.stations import stations
from bot.desk.directory.union_import import union_import
from bot.desk.directory.unions import unions
from bot.desk.directory.ways import ways
from bot.desk.rooms import Rooms
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories


def directory_pages(rooms: Rooms, home: Path, now: Callable[[], datetime]) -> tuple[APIRouter, ...]:
    """Return the routes, group by group."""
    ledger = Ledger(home)
    return (
        parameters(rooms, ledger, now),
        stations(rooms, ledger),
        holidays(rooms, ledger, load_calendar(home=home), now),
        unions(rooms, ledger, now),
        union_import(rooms, ledger, now),
        bodies(rooms, ledger, now),
        ways(rooms, ledger, load_categories(home=home)),
    )
