"""The pages of a paper: bringing a text, what is understood of it, its draft, a second person's word, and its end."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import Door, Visit
from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.documents import standing
from bot.desk.knowledge.ports import Stated, Understood, UnreadableError
from bot.desk.knowledge.remarks import remarks
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.sections import compared
from bot.desk.knowledge.shelf import MovedOnError, OwnDraftError, Paper, Version
from bot.desk.knowledge.workshop import Keeper, Workshop, led, names
from bot.desk.multipart import Upload
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, chosen
from bot.desk.staff import Permission
from bot.desk.uploading import MAX_TEXT, upload_form
from bot.pages.refusals import Refused
from knowledge.model import Document

PASTED = "paste.md"
PLAIN = "paste.txt"  # as a text is read that was copied from a web page or a letter
_MARKED = re.compile(r"^(?:---\s*$|#{1,6} )", re.MULTILINE)  # begins a line of Markdown
_HEAD = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", re.DOTALL)  # front matter
LONGEST_TITLE = 80  # characters
Bringing = Annotated[Visit, Depends(Door(Permission.KEEP_KNOWLEDGE, upload_form))]


class _Unfit(Exception):  # noqa: N818 - named by what it says
    """Say in Chinese why a form was not taken."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of a draft holds."""

    paper: str  # id, "" for a new one
    origin: str
    head: str  # front matter, which is not shown
    body: str
    title: str
    regions: tuple[str, ...]
    effective: str
    expires: str


def drafts(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/papers")

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
            remarks=list(remarks(understood, today)) if understood else [],
            all_regions=[
                id
                for id, each in rooms.organizations.known.regions.items()
                if id in form.regions or (each.retired is None and scope.holds((id,)))
            ],
            everywhere=scope.everything,
            problem=problem,
            longest=MAX_TEXT,
        )

    def sent(visit: Visit) -> Form:
        return Form(
            visit.field("paper"),
            visit.field("origin")[:200],
            visit.field("head"),
            visit.field("body").replace("\r\n", "\n"),
            " ".join(visit.field("title").split()),
            chosen(visit.fields.get("region", ()), tuple(rooms.organizations.known.regions)),
            visit.field("effective"),
            visit.field("expires"),
        )

    async def read(form: Form) -> Understood:
        """Return what is understood of a form; raise _Unfit."""
        if not 1 <= len(form.title) <= LONGEST_TITLE:
            raise _Unfit(words.NO_TITLE)
        if not form.body.strip():
            raise _Unfit(words.NO_WORDS)
        effective, expires = _day(form.effective), _day(form.expires)
        if effective is not None and expires is not None and expires <= effective:
            raise _Unfit(words.BAD_DATES)
        return await understood_of(
            f"{form.head}\n{form.body}", Stated(form.title, form.regions, effective, expires), form.title
        )

    async def understood_of(text: str, stated: Stated | None, name: str) -> Understood:
        if len(text) > MAX_TEXT:
            raise _Unfit(words.TOO_LONG)
        try:
            understood = await shop.reader.understand(PASTED, text, stated)
        except UnreadableError as error:
            raise _Unfit(words.unreadable(name, reasons.told(str(error)))) from error
        if not set(understood.document.regions) <= rooms.organizations.known.regions.keys():
            raise _Unfit(words.unreadable(name, words.UNKNOWN_REGION))
        return understood

    async def known(paper_id: str) -> Paper:
        paper = await asyncio.to_thread(shop.shelf.paper, paper_id)
        if paper is None:
            raise texts.not_found()
        return paper

    async def kept(visit: Visit, paper_id: str) -> Paper:
        """Return a paper that they may change."""
        paper = await known(paper_id)
        scope_of(visit.staff, rooms.organizations).check(paper.places)
        return paper

    async def document(paper: Paper, version: Version | None) -> Document | None:
        if version is None:
            return None
        text = await asyncio.to_thread(shop.shelf.text, paper, version)
        return (await understood_of(text, None, version.title)).document

    async def shown(visit: Visit, paper_id: str, status: int = 200, problem: str = "") -> Response:
        paper = await known(paper_id)
        older = [version for version in paper.versions if not version.is_draft]
        newest = paper.draft or paper.versions[-1]
        before = older[-1] if paper.draft and older else (older[-2] if len(older) > 1 else None)
        manifests = await shop.catalogue.manifests()
        serving = next((each for each in manifests if each.id == shop.catalogue.current()), None)
        text = await asyncio.to_thread(shop.shelf.text, paper, newest)
        try:
            understood = await understood_of(text, None, newest.title)
            changes = compared(await document(paper, before), understood.document) if before else []
        except _Unfit as error:  # it was readable when it was written
            raise Refused(500, newest.title, str(error)) from error
        return rooms.page.show(
            "knowledge/paper.html",
            visit,
            status,
            paper=paper,
            newest=newest,
            before=before,
            changes=changes,
            understood=understood,
            kind=words.KINDS.get(understood.document.kind, ""),
            remarks=list(remarks(understood, now().astimezone(CHINA).date())),
            state=standing(paper, serving),
            states=words.PAPER_STATES,
            own=visit.staff.id in newest.writers,
            mine=all(map(scope_of(visit.staff, rooms.organizations).holds, paper.places)),
            names=await names(rooms),
            problem=problem,
            done=words.PAPER_DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    async def audited(visit: Visit, act: Act, paper_id: str) -> None:
        await rooms.audit.record(Entry(visit.staff.actor, act, f"document/{paper_id}"))

    @router.get("/waiting")
    async def waiting(visit: Keeper) -> Response:
        """Show the drafts that wait for a second person, for the first page."""
        scope = scope_of(visit.staff, rooms.organizations)
        theirs = (paper for paper in await shop.papers() if all(map(scope.holds, paper.places)))
        found = [(paper, draft) for paper in theirs if (draft := paper.draft) is not None]
        ready = [(paper, draft) for paper, draft in found if visit.staff.id not in draft.writers]
        own = len(found) - len(ready)
        return rooms.page.show("knowledge/waiting.html", visit, ready=ready, own=own, names=await names(rooms))

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
            understood = await understood_of(text, None, name)
        except UnreadableError as error:
            return new(visit, 422, words.unreadable(name, reasons.told(str(error))), pasted)
        except _Unfit as error:
            return new(visit, 422, str(error), pasted)
        return editing(visit, _form(understood, origin=upload.name if upload else ""), understood)

    @router.post("/preview")
    async def preview(visit: Bringing) -> Response:
        form = sent(visit)
        try:
            understood = await read(form)
        except _Unfit as error:
            return editing(visit, form, None, 422, str(error))
        return editing(visit, _form(understood, paper=form.paper, origin=form.origin), understood)

    @router.post("/save")
    async def save(visit: Bringing) -> Response:
        form = sent(visit)
        if form.paper:
            await kept(visit, form.paper)
        try:
            understood = await read(form)
            if not scope_of(visit.staff, rooms.organizations).holds(understood.document.regions):
                raise _Unfit(words.NOT_YOUR_REGIONS)
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
        except _Unfit as error:
            return editing(visit, form, None, 422, str(error))
        except MovedOnError as error:
            raise texts.not_found() from error
        await audited(visit, Act.DOCUMENT_DRAFTED, paper.id)
        return led(f"/papers/{paper.id}", "drafted")

    @router.get("/{paper_id}")
    async def one(visit: Keeper, paper_id: str) -> Response:
        return await shown(visit, paper_id)

    @router.get("/{paper_id}/edit")
    async def edit(visit: Keeper, paper_id: str) -> Response:
        paper = await kept(visit, paper_id)
        version = paper.draft or paper.versions[-1]
        text = await asyncio.to_thread(shop.shelf.text, paper, version)
        try:
            understood = await understood_of(text, None, version.title)
        except _Unfit as error:
            raise Refused(500, version.title, str(error)) from error
        return editing(visit, _form(understood, paper=paper.id, origin=version.origin), understood)

    @router.post("/{paper_id}/approve")
    async def approve(visit: Keeper, paper_id: str) -> Response:
        await kept(visit, paper_id)
        try:
            await asyncio.to_thread(shop.shelf.approve, paper_id, visit.field("seen"), by=visit.staff.id, at=now())
        except OwnDraftError:
            return await shown(visit, paper_id, 403, words.OWN_DRAFT)
        except MovedOnError:
            return await shown(visit, paper_id, 409, words.MOVED_ON)
        await audited(visit, Act.DOCUMENT_APPROVED, paper_id)
        return led(f"/papers/{paper_id}", "approved")

    @router.post("/{paper_id}/drop")
    async def drop(visit: Keeper, paper_id: str) -> Response:
        await kept(visit, paper_id)
        try:
            await asyncio.to_thread(shop.shelf.drop, paper_id)
        except MovedOnError:
            return await shown(visit, paper_id, 409, words.MOVED_ON)
        await audited(visit, Act.DOCUMENT_DROPPED, paper_id)
        return led("", "dropped")

    @router.post("/{paper_id}/retire")
    async def retire(visit: Keeper, paper_id: str) -> Response:
        await kept(visit, paper_id)
        try:
            await asyncio.to_thread(shop.shelf.retire, paper_id, by=visit.staff.id, at=now())
        except MovedOnError:
            return await shown(visit, paper_id, 409, words.MOVED_ON)
        await audited(visit, Act.DOCUMENT_RETIRED, paper_id)
        return led(f"/papers/{paper_id}", "retired")

    return router


def _form(understood: Understood, *, paper: str = "", origin: str = "") -> Form:
    """Return the form that says what is understood; a text without a title of its own has its file's name for one."""
    document, text = understood.document, understood.text
    head = found.group() if (found := _HEAD.match(text)) else ""
    named = document.title != PurePath(PASTED).stem
    effective, expires = document.validity.effective, document.validity.expires
    return Form(
        paper,
        origin,
        head,
        text.removeprefix(head).strip(),
        document.title if named else PurePath(origin).stem,
        document.regions,
        effective.isoformat() if effective else "",
        expires.isoformat() if expires else "",
    )


def _day(written: str) -> date | None:
    """Return the day that a field holds, None if it is empty; raise _Unfit."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise _Unfit(words.BAD_DATES) from error
