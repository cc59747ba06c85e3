"""All pages of cases."""

from fastapi import APIRouter

from bot.desk.cases.casepage import casepage
from bot.desk.cases.figures import figures
from bot.desk.cases.files import files
from bot.desk.cases.joining import joining
from bot.desk.cases.queue import queue
from bot.desk.cases.registering import registering
from bot.desk.cases.replies import replies
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.search import search
from bot.desk.rooms import Rooms


def case_pages(rooms: Rooms, room: CaseRoom) -> tuple[APIRouter, ...]:
    """Return the routes, group by group."""
    return (
        queue(rooms, room),
        registering(rooms, room),
        search(rooms, room),
        casepage(rooms, room),
        files(rooms, room),
        joining(rooms, room),
        figures(rooms, room),
        replies(rooms, room),
    )
