"""The pages of what was not answered: questions that ask the same, who looks after them, and what is made of them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import Visit
from bot.desk.knowledge import words
from bot.desk.knowledge.clusters import Cluster, clustered
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.workshop import GAPS, Keeper, Workshop, led, names
from bot.desk.rooms import Rooms
from knowledge.question_set import QuestionSetError

SHOWN = 40  # clusters
LONGEST = 200  # characters of a golden question


def gaps(rooms: Rooms, shop: Workshop) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge")

    async def open_clusters() -> list[Cluster]:
        found, cares = await shop.gaps.latest(GAPS), await asyncio.to_thread(shop.gap_book.all)
        waiting = [gap for gap in found if gap.id not in cares or cares[gap.id].settled_by is None]
        if not waiting:
            return []
        vectors = await asyncio.to_thread(shop.encoder.embed, [gap.question for gap in waiting])
        return clustered(waiting, vectors, cares)

    async def golden_page(visit: Visit, question: str, status: int = 200, problem: str = "") -> Response:
        current = shop.catalogue.current()
        outlines = await shop.catalogue.outlines(current) if current else {}
        try:
            questions = await asyncio.to_thread(shop.golden.questions)
        except QuestionSetError:
            questions, problem = [], words.GOLDEN_BROKEN
        return rooms.page.show(
            "knowledge/golden.html",
            visit,
            status,
            questions=questions,
            question=question,
            titles=[paper.title for paper in await shop.papers() if paper.approved or paper.draft],
            documents=sorted({outline.title for outline in outlines.values() if outline.law is None})[:400],
            problem=problem,
            done=words.GOLDEN_DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    async def check(visit: Visit, title: str) -> None:
        """Refuse golden questions of what others keep; a title that nothing bears is everybody's."""
        scope_of(visit.staff, rooms.organizations).check(await shop.regions_of(title) or [()])

    @router.get("/gaps")
    async def overview(visit: Keeper) -> Response:
        clusters = await open_clusters()
        return rooms.page.show(
            "knowledge/gaps.html",
            visit,
            clusters=clusters[:SHOWN],
            questions=sum(len(cluster.gaps) for cluster in clusters),
            count=len(clusters),
            names=await names(rooms),
            done=words.GAP_DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    @router.post("/gaps/care")
    async def care(visit: Keeper) -> Response:
        chosen = {int(gap) for gap in visit.fields.get("gap", ()) if gap.isascii() and gap.isdigit()}
        asked = [gap for gap in await shop.gaps.latest(GAPS) if gap.id in chosen]
        deed = visit.field("deed")
        if deed not in words.GAP_DONE or not asked:
            raise texts.malformed(400)
        scope = scope_of(visit.staff, rooms.organizations)
        ours = {gap.id for gap in asked if gap.region is None or scope.holds((gap.region,))}
        if not ours:
            raise words.not_yours([str(gap.region) for gap in asked[:1]])
        if deed == "settled":
            await asyncio.to_thread(shop.gap_book.settle, ours, visit.staff.id)
        else:
            await asyncio.to_thread(shop.gap_book.take, ours, visit.staff.id if deed == "taken" else None)
        await rooms.audit.record(Entry(visit.staff.actor, Act.GAP_CARED, f"gap/{min(ours)}", deed))
        return led("/gaps", deed)

    @router.get("/golden")
    async def golden(visit: Keeper, gap: Annotated[int | None, Query(ge=1)] = None) -> Response:
        return await golden_page(visit, await shop.question(gap))

    @router.post("/golden/add")
    async def add(visit: Keeper) -> Response:
        question = " ".join(visit.field("question").split())
        document, section = visit.field("document").strip(), visit.field("section").strip()
        if not 2 <= len(question) <= LONGEST or not 1 <= len(document) <= LONGEST or len(section) > LONGEST:
            return await golden_page(visit, question, 422, words.GOLDEN_LACKS)
        await check(visit, document)
        try:
            await asyncio.to_thread(shop.golden.add, question, document, section)
        except QuestionSetError:
            return await golden_page(visit, question, 422, words.GOLDEN_BROKEN)
        await rooms.audit.record(Entry(visit.staff.actor, Act.GOLDEN_CHANGED, "", "added"))
        return led("/golden", "golden")

    @router.post("/golden/remove")
    async def remove(visit: Keeper) -> Response:
        try:
            known = {each.id: each for each in await asyncio.to_thread(shop.golden.questions)}
            asked = known.get(visit.field("id"))
            if asked is None:
                raise texts.not_found()
            await check(visit, asked.document)
            await asyncio.to_thread(shop.golden.remove, asked.id)
        except QuestionSetError:
            return await golden_page(visit, "", 422, words.GOLDEN_BROKEN)
        await rooms.audit.record(Entry(visit.staff.actor, Act.GOLDEN_CHANGED, "", "removed"))
        return led("/golden", "ungolden")

    return router
