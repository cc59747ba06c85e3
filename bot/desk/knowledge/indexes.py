"""The pages of the generations: building one, what it changed, how it answers, letting it serve, and going back."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import PREFIX, Visit
from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.generations import changes, compared_with, known, may_let_serve
from bot.desk.knowledge.ports import BusyError, Job, JobState
from bot.desk.knowledge.sections import compared, restated
from bot.desk.knowledge.workshop import Keeper, Workshop, led, names, record_of
from bot.desk.rooms import Rooms
from knowledge.generation import GenerationError
from knowledge.review import ReviewError

Word = Annotated[str, Query(max_length=300)]


def indexes(rooms: Rooms, shop: Workshop) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/index")

    @router.get("")
    async def index(visit: Keeper) -> Response:
        return await _overview(rooms, shop, visit)

    @router.post("/build")
    async def build(visit: Keeper) -> Response:
        try:
            await shop.indexing.start(visit.staff.id, allow_shrink=visit.field("allow_shrink") == "yes")
        except BusyError:
            return await _overview(rooms, shop, visit, 409, words.BUSY)
        await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_BUILT))
        return led("/index", "started")

    @router.get("/job")
    async def job(visit: Keeper) -> Response:
        last = await shop.indexing.last()
        if visit.by_script and (last is None or last.state is not JobState.RUNNING):
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return rooms.page.show("knowledge/job.html", visit, **_told(last, await _who(rooms, last)))

    @router.post("/cancel")
    async def cancel(visit: Keeper) -> Response:
        if await shop.indexing.cancel():
            await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_CANCELLED))
        return led("/index", "cancelled")

    @router.post("/discard")
    async def discard(visit: Keeper) -> Response:
        try:
            gone = await shop.indexing.discard()
        except BusyError:
            return await _overview(rooms, shop, visit, 409, words.BUSY)
        if gone is None:
            raise words.no_generation()
        await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_DISCARDED, f"index/{gone}"))
        return led("/index", "discarded")

    @router.get("/{generation}")
    async def one(visit: Keeper, generation: str, against: Word = "") -> Response:
        try:
            return await _shown(rooms, shop, visit, generation, against)
        except (GenerationError, ReviewError) as error:
            raise words.broken_generation() from error

    @router.post("/{generation}/serve")
    async def serve(visit: Keeper, generation: str) -> Response:
        manifest, _ = await known(shop, generation)
        try:
            review = await shop.catalogue.review(generation)
            if not await may_let_serve(shop, visit.staff, rooms.organizations, manifest):
                raise words.changes_others()
        except (GenerationError, ReviewError) as error:
            raise words.broken_generation() from error
        unfit = generation == shop.catalogue.waiting() and review is not None and not review.accepted
        if unfit and visit.field("anyway") != "yes":
            return await _shown(rooms, shop, visit, generation, "", 422, words.UNFIT)
        try:
            await shop.indexing.serve(generation)
        except BusyError:
            return await _shown(rooms, shop, visit, generation, "", 409, words.BUSY)
        except GenerationError as error:
            raise words.no_generation() from error
        await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_SERVED, f"index/{generation}"))
        return led("/index", "served")

    @router.get("/{generation}/compare")
    async def compare(visit: Keeper, generation: str, against: Word, source: Word, record: Word = "") -> Response:
        key = record_of(record)
        try:
            before = await shop.catalogue.document(against, source, key)
            after = await shop.catalogue.document(generation, source, key)
        except GenerationError as error:
            raise words.no_generation() from error
        whole = after or before
        if whole is None:
            raise texts.not_found()
        return rooms.page.show(
            "knowledge/comparison.html",
            visit,
            title=whole.title,
            back=f"{PREFIX}/knowledge/index/{generation}?against={against}",
            stated=restated(before, after),
            changes=compared(before, after),
        )

    return router


async def _overview(rooms: Rooms, shop: Workshop, visit: Visit, status: int = 200, problem: str = "") -> Response:
    job = await shop.indexing.last()
    return rooms.page.show(
        "knowledge/index.html",
        visit,
        status,
        manifests=await shop.catalogue.manifests(),
        current=shop.catalogue.current(),
        waiting=shop.catalogue.waiting(),
        chosen=shop.catalogue.chosen(),
        reason_of=reasons.told,
        problem=problem,
        done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        **_told(job, await _who(rooms, job)),
    )


async def _shown(
    rooms: Rooms, shop: Workshop, visit: Visit, generation: str, against: str, status: int = 200, problem: str = ""
) -> Response:
    manifest, manifests = await known(shop, generation)
    review = await shop.catalogue.review(generation)
    current = shop.catalogue.current()
    other = compared_with(manifests, generation, against, current, review.against if review else None)
    difference, listed = await changes(shop, other.id, generation) if other else (None, [])
    return rooms.page.show(
        "knowledge/generation.html",
        visit,
        status,
        manifest=manifest,
        manifests=manifests,
        other=other,
        difference=difference,
        changes=listed,
        review=review,
        current=current,
        waiting=shop.catalogue.waiting(),
        mine=await may_let_serve(shop, visit.staff, rooms.organizations, manifest),
        reason_of=reasons.told,
        noticed=reasons.noticed,
        problem=problem,
    )


async def _who(rooms: Rooms, job: Job | None) -> str:
    """Return the name of who began a job."""
    return (await names(rooms)).get(job.by, "") if job else ""


def _told(job: Job | None, by: str) -> dict[str, object]:
    return {
        "job": job,
        "by": by,
        "running": job is not None and job.state is JobState.RUNNING,
        "phase": words.PHASES.get(job.phase, job.phase) if job else "",
        "ending": words.ENDINGS.get(job.state, "") if job else "",
        "took": words.took(job) if job else "",
    }
