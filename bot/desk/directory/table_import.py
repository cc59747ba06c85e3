"""The pages of a table of entries: given out, sent back, and taken in after everybody saw what it changes."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.audit import Entry
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.sheet import unpacked, workbook
from bot.desk.directory.tables import Kind, Standing, WrongTable, taken
from bot.desk.directory.union_form import moved
from bot.desk.doors import Door, Visit
from bot.desk.multipart import Upload
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from bot.desk.uploading import upload_form
from knowledge.spreadsheet import SpreadsheetError

SHOWN = 200  # rows that are wrong
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Send = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY, upload_form))]


def table_import(rooms: Rooms, ledger: Ledger, now: Callable[[], datetime], kind: Kind) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=f"/directory/{kind.path}")
    organizations = rooms.organizations

    def page(visit: Visit, status: int = 200, problem: str = "") -> Response:
        return rooms.page.show("directory/table_import.html", visit, status, kind=kind, problem=problem)

    @router.get("/import")
    async def form(visit: Keep) -> Response:
        return page(visit)

    @router.get("/export")
    async def export(visit: See) -> Response:
        return await asyncio.to_thread(workbook, kind.path, [list(kind.columns), *kind.rows(organizations)])

    @router.post("/preview")
    async def preview(visit: Send) -> Response:
        upload: Upload | None = visit.request.state.upload
        if upload is None:
            return page(visit, 422, words.NO_FILE)
        own, today = await asyncio.to_thread(ledger.own), now().astimezone(CHINA).date()
        standing = Standing(visit.staff, organizations.having(own), own, today)
        read = partial(taken, kind=kind, standing=standing)
        try:
            found = await asyncio.to_thread(unpacked, upload.name, upload.content, read)
        except WrongTable as error:
            count, again = len(error.rows), f"/{kind.path}/import"
            return rooms.page.show(
                "directory/wrong_rows.html",
                visit,
                422,
                wrong=error.rows[:SHOWN],
                count=count,
                back="/unions",
                again=again,
            )
        except SpreadsheetError:
            return page(visit, 422, words.UNREADABLE)
        if not found.changes:
            return page(visit, 422, words.NOTHING_CHANGED)
        seen = await asyncio.to_thread(ledger.draft_own, visit.staff.id, found.entries)
        return rooms.page.show(
            "directory/table_preview.html",
            visit,
            kind=kind,
            changes=found.changes,
            moved=moved(organizations, found.later),
            seen=seen,
        )

    @router.post("/take")
    async def take(visit: Keep) -> Response:
        staff, seen = visit.staff, visit.field("seen")
        if not await asyncio.to_thread(ledger.own_stands, staff.id, seen):
            return page(visit, 422, words.CHANGED_MEANWHILE)
        changed = await asyncio.to_thread(ledger.own_changed, staff.id)
        await rooms.audit.record(Entry(staff.actor, kind.act, detail=f"changed {' '.join(changed)}"[:200]))
        if not await asyncio.to_thread(ledger.take_own, staff.id, seen):
            return page(visit, 422, words.CHANGED_MEANWHILE)
        return done("/directory/unions", "union")

    return router
