"""The routes of a case's files: handed out, shown as pictures, and added by staff."""

import secrets
from functools import reduce
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from bot.audit import Act
from bot.cases.changes import Append
from bot.cases.evidence import ending
from bot.cases.lifecycle import Refusal
from bot.cases.model import Case, Content, Event, Evidence, Move
from bot.cases.ports import CaseError
from bot.desk.cases import paper_words, words
from bot.desk.cases.acting import acted
from bot.desk.cases.moving import Unfit
from bot.desk.cases.pictures import LARGE, SHOWN, SMALL, TINY, NoPictureError, Picture, Pictures
from bot.desk.cases.ports import Paper
from bot.desk.cases.room import CaseNumber, CaseRoom
from bot.desk.cases.uploading import kept, papers_form
from bot.desk.cases.view import CaseView
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff

MOST_PAGES = 2_000
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]
Bringer = Annotated[Visit, Depends(Door(Permission.WORK_CASES, form=papers_form))]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Page = Annotated[int, Query(ge=0, le=MOST_PAGES)]


def files(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/{number}/files")
    view, pictures = CaseView(rooms, room), Pictures()

    async def found(staff: Staff, number: str, file: str) -> tuple[Case, int, Evidence]:
        """Return the case, the file's place in it from 1, and the file."""
        case = await room.case(staff, number)
        for place, each in enumerate(await room.cases.evidence(case.id), 1):
            if each.id == file:
                return case, place, each
        raise words.not_found()

    @router.get("/{file}")
    async def original(visit: Clerk, number: CaseNumber, file: Id) -> Response:
        """Hand out a file as a download, whatever it is: nothing that somebody sent is opened on our pages."""
        case, place, evidence = await found(visit.staff, number, file)
        await view.read(visit, case, Act.CASE_FILE_READ)
        return Response(
            await room.evidence.read(evidence.kept),
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{case.number}-{place}{ending(evidence.kept.mime)}"'
            },
        )

    @router.get("/{file}/look")
    async def look(visit: Clerk, number: CaseNumber, file: Id, page: Page = 0) -> Response:
        """Show a file, page by page."""
        case, place, evidence = await found(visit.staff, number, file)
        if evidence.kept.mime not in SHOWN:
            raise words.not_found()
        try:
            pages = (await draw(evidence, page, TINY)).pages
        except NoPictureError:
            raise paper_words.no_picture() from None
        shown = min(page, pages - 1)
        return rooms.page.show("cases/look.html", visit, case=case, place=place, file=evidence, page=shown, pages=pages)

    @router.get("/{file}/picture")
    async def picture(
        visit: Clerk, number: CaseNumber, file: Id, page: Page = 0, size: Literal["small", "large"] = "large"
    ) -> Response:
        """Return a picture of a page, once that is in the audit."""
        case, _, evidence = await found(visit.staff, number, file)
        if evidence.kept.mime not in SHOWN:
            raise words.not_found()
        await view.read(visit, case, Act.CASE_FILE_READ)
        try:
            drawn = await draw(evidence, page, SMALL if size == "small" else LARGE)
        except NoPictureError:
            raise paper_words.no_picture() from None
        return Response(drawn.jpeg, media_type="image/jpeg")

    async def draw(evidence: Evidence, page: int, longest: int) -> Picture:
        return await pictures.draw(await room.evidence.read(evidence.kept), evidence.kept.mime, page, longest)

    @router.post("")
    async def bring(visit: Bringer, number: CaseNumber) -> Response:
        """Seal what somebody brought and add it to the case."""
        case = await room.case(visit.staff, number)
        try:
            papers = await kept(visit, room.evidence)
            if not papers:
                raise Unfit(paper_words.NO_FILE)
            change = brought(case, papers, visit.staff, room)
            if isinstance(change, Refusal):
                raise Unfit(change.reason)
            await room.cases.apply([change], room.now())
        except Unfit as error:
            return await view.show(visit, case, 422, problem=str(error))
        except CaseError:
            return await view.show(visit, await room.case(visit.staff, number), 409, problem=words.QUICKER)
        return done(f"/cases/{number}", Move.ATTACH)

    return router


def brought(case: Case, papers: tuple[Paper, ...], staff: Staff, room: CaseRoom) -> Append | Refusal:
    """Return what is to be stored when staff add papers to a case: an event for each."""
    now, after, events = room.now(), case, list[Event]()
    evidence = tuple(Evidence(secrets.token_hex(16), each.kept, each.name, None, now) for each in papers)
    for each in evidence:
        change = acted(after, Move.ATTACH, staff, now, Content(evidence=each.id))
        if isinstance(change, Refusal):
            return change
        events += change.events
        after = reduce(Case.then, change.events, after)
    return Append(case.id, case.seen, tuple(events), evidence=evidence)
