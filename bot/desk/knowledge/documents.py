"""The page of all documents: what serves, what waits for somebody, what expires soon and what is to be read again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.desk.knowledge import words
from bot.desk.knowledge.rechecks import due
from bot.desk.knowledge.shelf import APPROVED, Paper
from bot.desk.knowledge.workshop import Keeper, Workshop, names
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms
from knowledge.archive import Outline
from knowledge.generation import GenerationError
from knowledge.manifest import Manifest

PAGE = 40  # documents
SOON = timedelta(days=90)  # before a document expires
Word = Annotated[str, Query(max_length=80)]


class State(StrEnum):
    """How a paper stands to the index that serves."""

    DRAFT = "draft"
    NEXT = "next"
    SERVING = "serving"
    LEAVING = "leaving"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Row:
    """A document of the serving index."""

    title: str
    source: str
    record: int | str | None
    kind: str
    regions: str
    validity: str
    state: str  # "", expired, soon or later
    paper: str  # id of the paper that it is, or ""
    url: str  # where workers read it
    searched: str  # title and source, in lower case


def documents(rooms: Rooms, shop: Workshop, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge")
    kept: dict[tuple[str, date], list[Row]] = {}  # of one generation and one day, for there may be many documents

    async def rows_of(generation: str, today: date) -> list[Row]:
        if (generation, today) not in kept:
            outlines = await shop.catalogue.outlines(generation)
            rows = await asyncio.to_thread(lambda: [_row(outline, today) for outline in outlines.values()])
            kept.clear()
            kept[generation, today] = rows
        return kept[generation, today]

    @router.get("")
    async def everything(
        visit: Keeper, q: Word = "", kind: Word = "", region: Word = "", state: Word = "", start: int = 0
    ) -> Response:
        today = now().astimezone(CHINA).date()
        current = shop.catalogue.current()
        manifest = next((each for each in await shop.catalogue.manifests() if each.id == current), None)
        try:
            rows = await rows_of(current, today) if current else []
            outdated = await shop.catalogue.outdated(current, today) if current else {}
        except GenerationError as error:
            raise words.broken_generation() from error
        papers = await shop.papers()
        wanted = [row for row in rows if _fits(row, q.strip().lower(), words.KINDS.get(kind, ""), region, state)]
        start = min(max(0, start), max(0, len(wanted) - 1)) // PAGE * PAGE
        asked = {"q": q, "kind": kind, "region": region, "state": state}
        values: dict[str, object] = {
            "rows": wanted[start : start + PAGE],
            "count": len(wanted),
            "start": start,
            "more": urlencode({**asked, "start": start + PAGE}) if start + PAGE < len(wanted) else "",
            "less": urlencode({**asked, "start": start - PAGE}) if start else "",
        }
        if visit.by_script:
            return rooms.page.show("knowledge/rows.html", visit, **values)
        return rooms.page.show(
            "knowledge/documents.html",
            visit,
            papers=[(paper, standing(paper, manifest)) for paper in papers],
            states=words.PAPER_STATES,
            names=await names(rooms),
            waiting=shop.catalogue.waiting(),
            outdated=[(row, acts) for row in rows for acts in [outdated.get((row.source, row.record))] if acts],
            rechecks=await asyncio.to_thread(due, [row.source for row in rows], today + SOON),
            soon=sorted((row for row in rows if row.state == "soon"), key=lambda row: row.validity),
            kinds=words.KINDS,
            regions=list(rooms.organizations.known.regions),
            asked=asked,
            manifest=manifest,
            done=words.PAPER_DONE.get(visit.request.query_params.get("done", ""), ""),
            **values,
        )

    return router


def standing(paper: Paper, manifest: Manifest | None) -> State:
    """Return how a paper stands, by what the serving index was made of."""
    entry = manifest.files.get(paper.source) if manifest else None
    if paper.draft is not None:
        return State.DRAFT
    if paper.approved is not None:
        return State.SERVING if entry is not None and entry.hash == paper.approved.digest else State.NEXT
    return State.LEAVING if entry is not None else State.RETIRED


def _row(outline: Outline, today: date) -> Row:
    validity, state = outline.validity, ""
    if validity.expires is not None and validity.expires <= today:
        state = "expired"
    elif validity.effective is not None and validity.effective > today:
        state = "later"
    elif validity.expires is not None and validity.expires <= today + SOON:
        state = "soon"
    folder, _, name = outline.source.rpartition("/")
    return Row(
        title=outline.title,
        source=outline.source,
        record=outline.record,
        kind=words.KINDS.get(outline.kind, outline.kind),
        regions="、".join(outline.regions),
        validity=words.validity(validity),
        state=state,
        paper=name.removesuffix(".md") if folder == APPROVED else "",
        url="" if outline.record is not None else f"/documents/{quote(outline.source)}",
        searched=f"{outline.title} {outline.source}".lower(),
    )


def _fits(row: Row, text: str, kind: str, region: str, state: str) -> bool:
    return (
        (not text or text in row.searched)
        and (not kind or row.kind == kind)
        and (not region or region in row.regions.split("、"))
        and (not state or row.state == state)
    )
