"""The pages of the generations: building one, what it changed, how it answers, letting it serve, and going back."""

import json
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.doors import PREFIX, Visit
from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.ports import BusyError, Job, JobState
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.sections import Mark, compared
from bot.desk.knowledge.workshop import Keeper, Workshop, led, names, record_of
from bot.desk.rooms import Rooms
from knowledge.archive import DocumentKey
from knowledge.generation import GenerationError
from knowledge.manifest import Manifest
from knowledge.review import ReviewError

SHOWN = 60  # documents of each kind of change that are named
Word = Annotated[str, Query(max_length=300)]


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that a difference names."""

    title: str
    source: str
    url: str  # of the page that compares its sections


def indexes(rooms: Rooms, shop: Workshop) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/index")

    async def known(generation: str) -> tuple[Manifest, list[Manifest]]:
        manifests = await shop.catalogue.manifests()
        for manifest in manifests:
            if manifest.id == generation:
                return manifest, manifests
        raise words.no_generation()

    async def theirs(visit: Visit, generation: Manifest) -> bool:
        """Tell whether they may let it serve: it changes nothing but documents that they keep."""
        scope = scope_of(visit.staff, rooms.organizations)
        if scope.everything:
            return True
        current = shop.catalogue.current()
        serving = next((each for each in await shop.catalogue.manifests() if each.id == current), None)
        if serving is None or (serving.recipe, serving.model) != (generation.recipe, generation.model):
            return False
        changed = await shop.catalogue.difference(serving.id, generation.id)
        before, after = await shop.catalogue.outlines(serving.id), await shop.catalogue.outlines(generation.id)
        touched = (*changed.added, *changed.changed, *changed.removed)
        return all(scope.holds(each[key].regions) for key in touched for each in (before, after) if key in each)

    async def overview(visit: Visit, status: int = 200, problem: str = "") -> Response:
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
            **_told(job, (await names(rooms)).get(job.by, "") if job else ""),
        )

    async def shown(visit: Visit, generation: str, against: str, status: int = 200, problem: str = "") -> Response:
        manifest, manifests = await known(generation)
        review = await shop.catalogue.review(generation)
        current = shop.catalogue.current()
        ids = [each.id for each in manifests]
        # A new one is held against what serves, the serving one against what it came after.
        older = ids[ids.index(generation) + 1 :]
        usual = [current] if generation != current else [review.against if review else None, *older]
        other = next((each for name in (against, *usual) for each in manifests if each.id == name), None)
        values: dict[str, object] = {"difference": None}
        if other is not None:
            difference = await shop.catalogue.difference(other.id, generation)
            after, before = await shop.catalogue.outlines(generation), await shop.catalogue.outlines(other.id)

            def listed(keys: tuple[DocumentKey, ...]) -> list[Changed]:
                stated = ((key, after.get(key) or before[key]) for key in keys[:SHOWN])
                return [
                    Changed(outline.title, outline.source, _comparison(generation, other.id, key))
                    for key, outline in stated
                ]

            values = {
                "difference": difference,
                "changes": [
                    (Mark.ADDED, len(difference.added), listed(difference.added)),
                    (Mark.CHANGED, len(difference.changed), listed(difference.changed)),
                    (Mark.REMOVED, len(difference.removed), listed(difference.removed)),
                ],
            }
        return rooms.page.show(
            "knowledge/generation.html",
            visit,
            status,
            manifest=manifest,
            manifests=manifests,
            other=other,
            review=review,
            current=current,
            waiting=shop.catalogue.waiting(),
            mine=await theirs(visit, manifest),
            reason_of=reasons.told,
            noticed=reasons.noticed,
            problem=problem,
            **values,
        )

    @router.get("")
    async def index(visit: Keeper) -> Response:
        return await overview(visit)

    @router.post("/build")
    async def build(visit: Keeper) -> Response:
        try:
            await shop.indexing.start(visit.staff.id, allow_shrink=visit.field("allow_shrink") == "yes")
        except BusyError:
            return await overview(visit, 409, words.BUSY)
        await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_BUILT))
        return led("/index", "started")

    @router.get("/job")
    async def job(visit: Keeper) -> Response:
        last = await shop.indexing.last()
        if visit.by_script and (last is None or last.state is not JobState.RUNNING):
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return rooms.page.show("knowledge/job.html", visit, **_told(last, ""))

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
            return await overview(visit, 409, words.BUSY)
        if gone is None:
            raise words.no_generation()
        await rooms.audit.record(Entry(visit.staff.actor, Act.INDEX_DISCARDED, f"index/{gone}"))
        return led("/index", "discarded")

    @router.get("/{generation}")
    async def one(visit: Keeper, generation: str, against: Word = "") -> Response:
        try:
            return await shown(visit, generation, against)
        except (GenerationError, ReviewError) as error:
            raise words.broken_generation() from error

    @router.post("/{generation}/serve")
    async def serve(visit: Keeper, generation: str) -> Response:
        manifest, _ = await known(generation)
        try:
            review = await shop.catalogue.review(generation)
            if not await theirs(visit, manifest):
                raise words.changes_others()
        except (GenerationError, ReviewError) as error:
            raise words.broken_generation() from error
        unfit = generation == shop.catalogue.waiting() and review is not None and not review.accepted
        if unfit and visit.field("anyway") != "yes":
            return await shown(visit, generation, "", 422, words.UNFIT)
        try:
            await shop.indexing.serve(generation)
        except BusyError:
            return await shown(visit, generation, "", 409, words.BUSY)
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
            changes=compared(before, after),
        )

    return router


def _told(job: Job | None, by: str) -> dict[str, object]:
    return {
        "job": job,
        "by": by,
        "running": job is not None and job.state is JobState.RUNNING,
        "phase": words.PHASES.get(job.phase, job.phase) if job else "",
        "ending": words.ENDINGS.get(job.state, "") if job else "",
        "took": words.took(job) if job else "",
    }


def _comparison(generation: str, against: str, key: DocumentKey) -> str:
    asked = {"against": against, "source": key[0]} | ({} if key[1] is None else {"record": json.dumps(key[1])})
    return f"{PREFIX}/knowledge/index/{generation}/compare?{urlencode(asked)}"
