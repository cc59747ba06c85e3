"""The pages on which a paper is written: bringing a text, what is understood of it, and its draft."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import Door, Visit
from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.draft_form import PASTED, Form, Reading, Unfit, form_of, placed, sent
from bot.desk.knowledge.papers import kept
from bot.desk.knowledge.ports import Understood, UnreadableError
from bot.desk.knowledge.remarks import remarks
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.shelf import MovedOnError
from bot.desk.knowledge.workshop import Keeper, Workshop, led
from bot.desk.multipart import Upload
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from bot.desk.uploading import MAX_TEXT, upload_form
from bot.pages.refusals import Refused

PLAIN = "paste.txt"  # as a text is read that was copied from a web page or a letter
_MARKED = re.compile(r"^(?:---\s*$|#{1,6} )", re.MULTILINE)  # begins a line of Markdown
Bringing = Annotated[Visit, Depends(Door(Permission.KEEP_KNOWLEDGE, upload_form))]


def drafts(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/papers")
    reading = Reading(shop, rooms.organizations)

    def new(visit: Visit, status: int = 200, problem: str = "", text: str = "") -> Response:
        return rooms.page.show("knowledge/new.html", visit, status, problem=problem, text=text, longest=MAX_TEXT)

    def editing(
        visit: Visit, form: Form, understood: Understood | None, status: int = 200, problem: str = ""
    ) -> Response:
        today = now().astimezone(CHINA).date()
        scope = scope_of(visit.staff, rooms.organizations)
        return rooms.page.show(
            "knowledge/draft.html",
            visit,
            status,
            form=form,
            understood=understood,
            kind=words.KINDS.get(understood.document.kind, "") if understood else "",
            remarks=list(remarks(understood, form.regions, today)) if understood else [],
            said=words.SAID,
            all_regions=[
                id
                for id, each in rooms.organizations.known.regions.items()
                if id in form.regions or (each.retired is None and scope.holds((id,)))
            ],
            everywhere=scope.everything,
            problem=problem,
            longest=MAX_TEXT,
        )

    @router.get("/new")
    async def bring(visit: Keeper, gap: Annotated[int | None, Query(ge=1)] = None) -> Response:
        question = await shop.question(gap)
        return new(visit, text=words.outline(question) if question else "")

    @router.post("/read")
    async def take(visit: Bringing) -> Response:
        upload: Upload | None = visit.request.state.upload
        pasted = visit.field("text").replace("\r\n", "\n").strip()
        if upload is None and not pasted:
            return new(visit, 422, words.NOTHING_SENT)
        plain = PASTED if _MARKED.search(pasted) else PLAIN
        name, content = (upload.name, upload.content) if upload else (plain, pasted.encode())
        try:
            text = await shop.reader.convert(name, content)
            understood = await reading.text(text, name)
        except UnreadableError as error:
            return new(visit, 422, words.unreadable(name, reasons.told(str(error))), pasted)
        except Unfit as error:
            return new(visit, 422, str(error), pasted)
        form = form_of(understood, origin=upload.name if upload else "")
        return editing(visit, placed(form, visit.staff, rooms.organizations), understood)

    @router.post("/preview")
    async def preview(visit: Bringing) -> Response:
        form = sent(visit, rooms.organizations)
        try:
            understood = await reading.form(form)
        except Unfit as error:
            return editing(visit, form, None, 422, str(error))
        return editing(visit, form_of(understood, paper=form.paper, origin=form.origin), understood)

    @router.post("/save")
    async def save(visit: Bringing) -> Response:
        form = sent(visit, rooms.organizations)
        if form.paper:
            await kept(rooms, shop, visit, form.paper)
        try:
            understood = await reading.form(form)
            if not scope_of(visit.staff, rooms.organizations).holds(understood.document.regions):
                raise Unfit(words.NOT_YOUR_REGIONS)
            paper = await asyncio.to_thread(
                shop.shelf.write,
                understood.text,
                form.title,
                by=visit.staff.id,
                at=now(),
                origin=form.origin,
                regions=understood.document.regions,
                paper_id=form.paper or None,
            )
        except Unfit as error:
            return editing(visit, form, None, 422, str(error))
        except MovedOnError as error:
            raise texts.not_found() from error
        await rooms.audit.record(Entry(visit.staff.actor, Act.DOCUMENT_DRAFTED, f"document/{paper.id}"))
        return led(f"/papers/{paper.id}", "drafted")

    @router.get("/{paper_id}/edit")
    async def edit(visit: Keeper, paper_id: str) -> Response:
        paper = await kept(rooms, shop, visit, paper_id)
        version = paper.draft or paper.versions[-1]
        text = await asyncio.to_thread(shop.shelf.text, paper, version)
        try:
            understood = await reading.text(text, version.title)
        except Unfit as error:
            raise Refused(500, version.title, str(error)) from error
        return editing(visit, form_of(understood, paper=paper.id, origin=version.origin), understood)

    return router
