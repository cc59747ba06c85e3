"""The pages of stations: the table that holds, and a spreadsheet taken in after everybody could see what it changes."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.scope import regions_of
from bot.desk.directory.sheet import unpacked, workbook
from bot.desk.doors import Door, Visit
from bot.desk.multipart import Upload
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from bot.desk.uploading import upload_form
from knowledge.organizations import regions_with
from knowledge.spreadsheet import SpreadsheetError
from knowledge.stations import COLUMNS, Station, StationsError, cells, read_stations

PAGE = 50  # stations
MOST = 5_000  # rows of a spreadsheet
FEW = 20  # rows and names of a preview
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Send = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY, upload_form))]


def stations(rooms: Rooms, ledger: Ledger) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory/stations")

    async def table(visit: Visit, status: int = 200, start: int = 0, problem: str = "", done: str = "") -> Response:
        every = await asyncio.to_thread(ledger.stations)
        return rooms.page.show(
            "directory/stations.html",
            visit,
            status,
            stations=every[start : start + PAGE],
            count=len(every),
            before=max(0, start - PAGE) if start else None,
            after=start + PAGE if start + PAGE < len(every) else None,
            mine=regions_of(visit.staff, rooms.organizations),
            columns=COLUMNS,
            problem=problem,
            done=done,
        )

    @router.get("")
    async def everything(visit: See, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
        return await table(visit, start=start // PAGE * PAGE)

    @router.get("/export")
    async def export(visit: See) -> Response:
        mine = regions_of(visit.staff, rooms.organizations)
        every = await asyncio.to_thread(ledger.stations)
        rows = [cells(each) for each in every if not mine or each.region in mine]  # what comes back must be theirs
        return await asyncio.to_thread(workbook, "stations", [COLUMNS, *rows])

    @router.post("/preview")
    async def preview(visit: Send) -> Response:
        upload: Upload | None = visit.request.state.upload
        if upload is None:
            return await table(visit, 422, problem=words.NO_FILE)
        mine = regions_of(visit.staff, rooms.organizations)
        try:
            read = partial(read_stations, regions=regions_with(rooms.organizations))
            found = await asyncio.to_thread(unpacked, upload.name, upload.content, read)
        except StationsError as error:
            wrong = [words.wrong_row(row) for row in error.rows]
            return rooms.page.show(
                "directory/wrong_rows.html",
                visit,
                422,
                wrong=wrong[:200],
                count=len(wrong),
                back="/stations",
                again="/stations",
            )
        except SpreadsheetError:
            return await table(visit, 422, problem=words.UNREADABLE)
        if problem := _problem(found, mine):
            return await table(visit, 422, problem=problem)
        difference, seen = await asyncio.to_thread(ledger.draft, visit.staff.id, found, mine)
        return rooms.page.show(
            "directory/stations_preview.html",
            visit,
            stations=found[:FEW],
            count=len(found),
            changes=[("新增", difference.added), ("修改", difference.changed), ("去掉", difference.removed)],
            few=FEW,
            seen=seen,
        )

    @router.post("/take")
    async def take(visit: Keep) -> Response:
        staff, seen = visit.staff, visit.field("seen")
        if not await asyncio.to_thread(ledger.stands, staff.id, seen):
            return await table(visit, 422, problem=words.MOVED_ON)
        about = " ".join(("changed", *regions_of(staff, rooms.organizations)))
        await rooms.audit.record(Entry(staff.actor, Act.STATIONS_TAKEN_IN, detail=about))
        if not await asyncio.to_thread(ledger.take, staff.id, seen):
            return await table(visit, 422, problem=words.MOVED_ON)
        return await table(visit, done=words.DONE["taken"])

    return router


def _problem(stations: tuple[Station, ...], mine: tuple[str, ...]) -> str:
    if not stations:
        return words.NOTHING
    if len(stations) > MOST:
        return words.TOO_MANY
    others = sorted({each.region for each in stations} - set(mine))
    return words.NOT_YOURS.format("、".join(others)) if others else ""
