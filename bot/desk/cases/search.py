"""Searching in what is sealed: a case after another is opened in memory and closed again; nothing of it is kept."""

import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.cases import receipt
from bot.cases.lifecycle import STATE_NAMES
from bot.cases.model import State
from bot.cases.ports import Order, Queue, TooManyGuesses
from bot.desk.cases import words
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.sought import Found, find, patterns
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from bot.messages import Channel

AT_ONCE = 2000  # cases that one search opens, the newest first; somebody who looks for more goes on
SHOWN = 50  # cases that were found, from which on no more are looked for
BATCH = 1000  # cases at most that are open at a time
LONGEST = 80  # characters of what is looked for
_NUMBER = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}", re.ASCII)
Reader = Annotated[Visit, Depends(Door(Permission.SEE_CASES))]


def search(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes; what is looked for comes in the body, for addresses are written into logs."""
    router = APIRouter(prefix="/cases/search")

    @router.post("")
    async def results(visit: Reader) -> Response:
        asked = " ".join(visit.field("q").split())[:LONGEST]
        if not asked:
            return done("/cases")
        if (number := await known(visit, asked)) is not None:
            return done(f"/cases/{number}")
        if not visit.staff.may(Permission.WORK_CASES):  # whether a word stands in a case is content too
            return done("/cases", "unknown")
        start = visit.field("start")
        skip = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
        await rooms.audit.record(Entry(visit.staff.actor, Act.CASES_SEARCHED))
        found, read, total = await looked_through(visit, asked, skip)
        return rooms.page.show(
            "cases/search.html",
            visit,
            asked=asked,
            found=found,
            more=read if read < total else 0,
            told=words.searched(read, total),
            states=STATE_NAMES,
        )

    async def known(visit: Visit, asked: str) -> str | None:
        """Return the number of the case that is named by its number or by a receipt, if the person may see it."""
        case = None
        digits = receipt.read(asked)
        if _NUMBER.fullmatch(asked.upper()):
            case = await room.cases.by_number(asked.upper())
        elif digits is not None and visit.staff.may(Permission.WORK_CASES):
            try:
                mine = await room.cases.by_receipt(digits, Channel.CLI, visit.staff.id)
            except TooManyGuesses:
                mine = None
            case = mine.case if mine else None
        return case.number if case and room.sees(visit.staff, case.organization) else None

    async def looked_through(visit: Visit, asked: str, skip: int) -> tuple[list[Found], int, int]:
        """Return what was found, how many cases were read in all, and how many there are."""
        sought = patterns(asked)
        everything = Queue(room.scope(visit.staff), frozenset(State), order=Order.NEWEST)
        (total,) = await room.cases.counts(everything, [everything])
        found: list[Found] = []
        read, batch, end = skip, SHOWN, min(total, skip + AT_ONCE)
        while read < end and len(found) < SHOWN:
            page = replace(everything, offset=read, limit=min(batch, end - read))
            for case, written in await room.cases.holding(page, sought):
                hit = find(case, written, sought)
                found += [hit] if hit else []
            read += page.limit
            batch = _next(len(found), read - skip)
        return found, read, total

    return router


def _next(found: int, read: int) -> int:
    """Return how many cases to open next: of a common word few, for each that holds it is read as a whole.

    A quarter more than are likely needed, for going on once more costs as much as opening fifty.
    """
    likely = (SHOWN - found) * read * 5 // (found * 4) if found else BATCH
    return min(BATCH, max(SHOWN, likely))
