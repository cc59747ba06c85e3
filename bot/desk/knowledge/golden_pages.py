"""The pages of the golden questions: those that the desk holds an index against before it serves."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import Visit
from bot.desk.knowledge import words
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.workshop import Keeper, Workshop, led
from bot.desk.rooms import Rooms
from knowledge.question_set import QuestionSetError

LONGEST = 200  # characters of a golden question


def golden_questions(rooms: Rooms, shop: Workshop) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/golden")

    async def page(visit: Visit, question: str, status: int = 200, problem: str = "") -> Response:
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

    @router.get("")
    async def everything(visit: Keeper, gap: Annotated[int | None, Query(ge=1)] = None) -> Response:
        return await page(visit, await shop.question(gap))

    @router.post("/add")
    async def add(visit: Keeper) -> Response:
        question = " ".join(visit.field("question").split())
        document, section = visit.field("document").strip(), visit.field("section").strip()
        if not 2 <= len(question) <= LONGEST or not 1 <= len(document) <= LONGEST or len(section) > LONGEST:
            return await page(visit, question, 422, words.GOLDEN_LACKS)
        if not await shop.regions_of(document):
            return await page(visit, question, 422, words.GOLDEN_UNKNOWN)
        await check(visit, document)
        try:
            await asyncio.to_thread(shop.golden.add, question, document, section)
        except QuestionSetError:
            return await page(visit, question, 422, words.GOLDEN_BROKEN)
        await rooms.audit.record(Entry(visit.staff.actor, Act.GOLDEN_CHANGED, "", "added"))
        return led("/golden", "golden")

    @router.post("/remove")
    async def remove(visit: Keeper) -> Response:
        try:
            known = {each.id: each for each in await asyncio.to_thread(shop.golden.questions)}
            asked = known.get(visit.field("id"))
            if asked is None:
                raise texts.not_found()
            await check(visit, asked.document)
            await asyncio.to_thread(shop.golden.remove, asked.id)
        except QuestionSetError:
            return await page(visit, "", 422, words.GOLDEN_BROKEN)
        await rooms.audit.record(Entry(visit.staff.actor, Act.GOLDEN_CHANGED, "", "removed"))
        return led("/golden", "ungolden")

    return router
