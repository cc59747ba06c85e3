"""The pages of fixed answers: which passage answers an exact question, whether it still holds, and how often it did."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from bot.answers.pinned import Pin
from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.knowledge import words
from bot.desk.knowledge.scope import Scope, scope_of
from bot.desk.knowledge.workshop import Keeper, Workshop, led, names, record_of
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, chosen
from knowledge.generation import GenerationError
from knowledge.model import Citation
from knowledge.organizations import regions_with

LONGEST = 500  # characters of a question
LONGEST_QUOTE = 800  # characters of a passage


@dataclass(frozen=True, slots=True)
class Row:
    """A pin, the title of what it cites, "" where it does not hold any more, and whether who looks may change it."""

    pin: Pin
    title: str
    mine: bool


def pins(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/pins")

    async def row(pin: Pin, today: date, scope: Scope) -> Row:
        current = shop.catalogue.current()
        try:
            document = await shop.catalogue.document(current, pin.source, pin.record) if current else None
        except GenerationError:
            document = None
        citation = pin.citation(document, None, regions_with(rooms.organizations), today)
        return Row(pin, citation.title if citation else "", scope.holds(pin.regions))

    @router.get("")
    async def overview(visit: Keeper) -> Response:
        today, scope = now().astimezone(CHINA).date(), scope_of(visit.staff, rooms.organizations)
        return rooms.page.show(
            "knowledge/pins.html",
            visit,
            rows=[await row(pin, today, scope) for pin in await asyncio.to_thread(shop.pins.all)],
            names=await names(rooms),
            done=words.PIN_DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    @router.post("/add")
    async def add(visit: Keeper) -> Response:
        question, current = " ".join(visit.field("question").split()), shop.catalogue.current()
        try:
            start, end = int(visit.field("start")), int(visit.field("end"))
            path = tuple(map(str, json.loads(visit.field("under") or "[]")))
        except (ValueError, TypeError) as error:
            raise texts.malformed(400) from error
        if not 1 <= len(question) <= LONGEST or not 0 <= start < end <= start + LONGEST_QUOTE or current is None:
            raise texts.malformed(400)
        record = record_of(visit.field("record"))
        document = await shop.catalogue.document(current, visit.field("source"), record)
        quote = document.text[start:end] if document else ""
        if document is None or not quote.strip():
            raise texts.not_found()
        article = visit.field("article") or None
        held = chosen(visit.fields.get("region", ()), rooms.organizations.known.active) or document.regions
        fixed = await asyncio.to_thread(shop.pins.of, question)  # which this one takes the place of
        scope_of(visit.staff, rooms.organizations).check([held, *([fixed.regions] if fixed else [])])
        citation = Citation(document.source, document.title, quote, start, end, path, article=article, record=record)
        pin = await asyncio.to_thread(shop.pins.add, question, citation, held, by=visit.staff.id, at=now())
        await rooms.audit.record(Entry(visit.staff.actor, Act.ANSWER_PINNED, f"pin/{pin.id}"))
        return led("/pins", "pinned")

    @router.post("/{pin_id}/remove")
    async def remove(visit: Keeper, pin_id: str) -> Response:
        pin = next((each for each in await asyncio.to_thread(shop.pins.all) if each.id == pin_id), None)
        if pin is None:
            raise texts.not_found()
        scope_of(visit.staff, rooms.organizations).check([pin.regions])
        await asyncio.to_thread(shop.pins.remove, pin_id)
        await rooms.audit.record(Entry(visit.staff.actor, Act.ANSWER_UNPINNED, f"pin/{pin_id}"))
        return led("/pins", "unpinned")

    return router
