"""The pages of a paper: what it says and what its draft changes, a second person's word, and its end."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import Visit
from bot.desk.knowledge import words
from bot.desk.knowledge.documents import standing
from bot.desk.knowledge.draft_form import Reading, Unfit
from bot.desk.knowledge.remarks import remarks
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.sections import compared, restated
from bot.desk.knowledge.shelf import MovedOnError, OwnDraftError, Paper, Version
from bot.desk.knowledge.workshop import Keeper, Workshop, led, names
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms
from bot.pages.refusals import Refused
from knowledge.model import Document


def papers(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/papers")

    async def shown(visit: Visit, paper_id: str, status: int = 200, problem: str = "") -> Response:
        return await _shown(rooms, shop, visit, await _known(shop, paper_id), now(), status, problem)

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

    @router.get("/{paper_id}")
    async def one(visit: Keeper, paper_id: str) -> Response:
        return await shown(visit, paper_id)

    @router.post("/{paper_id}/approve")
    async def approve(visit: Keeper, paper_id: str) -> Response:
        await kept(rooms, shop, visit, paper_id)
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
        await kept(rooms, shop, visit, paper_id)
        try:
            await asyncio.to_thread(shop.shelf.drop, paper_id)
        except MovedOnError:
            return await shown(visit, paper_id, 409, words.MOVED_ON)
        await audited(visit, Act.DOCUMENT_DROPPED, paper_id)
        return led("", "dropped")

    @router.post("/{paper_id}/retire")
    async def retire(visit: Keeper, paper_id: str) -> Response:
        await kept(rooms, shop, visit, paper_id)
        try:
            await asyncio.to_thread(shop.shelf.retire, paper_id, by=visit.staff.id, at=now())
        except MovedOnError:
            return await shown(visit, paper_id, 409, words.MOVED_ON)
        await audited(visit, Act.DOCUMENT_RETIRED, paper_id)
        return led(f"/papers/{paper_id}", "retired")

    return router


async def _known(shop: Workshop, paper_id: str) -> Paper:
    """Return a paper; refuse one that is not there."""
    paper = await asyncio.to_thread(shop.shelf.paper, paper_id)
    if paper is None:
        raise texts.not_found()
    return paper


async def kept(rooms: Rooms, shop: Workshop, visit: Visit, paper_id: str) -> Paper:
    """Return a paper that they may change."""
    paper = await _known(shop, paper_id)
    scope_of(visit.staff, rooms.organizations).check(paper.places)
    return paper


async def _shown(
    rooms: Rooms, shop: Workshop, visit: Visit, paper: Paper, now: datetime, status: int, problem: str
) -> Response:
    reading = Reading(shop, rooms.organizations)
    older = [version for version in paper.versions if not version.is_draft]
    newest = paper.draft or paper.versions[-1]
    before = older[-1] if paper.draft and older else (older[-2] if len(older) > 1 else None)
    manifests = await shop.catalogue.manifests()
    serving = next((each for each in manifests if each.id == shop.catalogue.current()), None)
    text = await asyncio.to_thread(shop.shelf.text, paper, newest)
    try:
        understood = await reading.text(text, newest.title)
        previous = await _document(shop, reading, paper, before) if before else None
    except Unfit as error:  # it was readable when it was written
        raise Refused(500, newest.title, str(error)) from error
    return rooms.page.show(
        "knowledge/paper.html",
        visit,
        status,
        paper=paper,
        newest=newest,
        before=before,
        stated=restated(previous, understood.document),
        changes=compared(previous, understood.document) if previous else [],
        understood=understood,
        kind=words.KINDS.get(understood.document.kind, ""),
        remarks=list(remarks(understood, understood.document.regions, now.astimezone(CHINA).date())),
        state=standing(paper, serving),
        states=words.PAPER_STATES,
        own=visit.staff.id in newest.writers,
        mine=all(map(scope_of(visit.staff, rooms.organizations).holds, paper.places)),
        names=await names(rooms),
        problem=problem,
        done=words.PAPER_DONE.get(visit.request.query_params.get("done", ""), ""),
    )


async def _document(shop: Workshop, reading: Reading, paper: Paper, version: Version) -> Document:
    text = await asyncio.to_thread(shop.shelf.text, paper, version)
    return (await reading.text(text, version.title)).document
