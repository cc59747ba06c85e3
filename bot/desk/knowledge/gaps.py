"""The pages of what was not answered: questions that ask the same, and who looks after them."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.knowledge import words
from bot.desk.knowledge.clusters import Cluster, clustered
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.workshop import GAPS, Keeper, Workshop, led, names
from bot.desk.rooms import Rooms

SHOWN = 40  # clusters


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

    return router
