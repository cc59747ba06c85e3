"""The page of reports: a week or a month to look at and to take along."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk.cases.room import CaseRoom
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.reports import words
from bot.desk.reports.files import docx_of, xlsx_of
from bot.desk.reports.ports import ServiceFigures
from bot.desk.reports.report import Period, Report, Span, latest, report
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission

OFFERED = {Span.WEEK: 9, Span.MONTH: 13}  # periods, the one under way included
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Reader = Annotated[Visit, Depends(Door(Permission.SEE_FIGURES))]
Name = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report the address asks for: the last whole week of all that one sees, unless it says otherwise."""

    span: Span
    first: str  # day on which the period begins
    union: str


def asked(span: Name = "", first: Name = "", union: Name = "") -> Asked:
    """Return what is asked for."""
    return Asked(Span(span) if span in set(Span) else Span.WEEK, first, union)


Wanted = Annotated[Asked, Depends(asked)]


def reports(rooms: Rooms, room: CaseRoom, service: ServiceFigures) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/reports")

    def offered(span: Span) -> list[Period]:
        return list(latest(span, _today(room), OFFERED[span]))

    async def made(visit: Visit, wanted: Asked) -> Report:
        periods = offered(wanted.span)
        period = next((each for each in periods if each.first.isoformat() == wanted.first), periods[1])
        union = wanted.union if wanted.union in room.unions(visit.staff) else ""
        scope = room.scope(visit.staff, union)
        about = union or (words.EVERYBODY if scope is None else words.MINE)
        start, end = period.bounds[2:]
        return report(
            period,
            about,
            await room.figures.tallies(scope, period.bounds),
            await service.service(start, end),
            await service.warnings(scope, start, end),
            room.now(),
        )

    @router.get("")
    async def page(visit: Reader, wanted: Wanted) -> Response:
        found = await made(visit, wanted)
        query = {"span": wanted.span, "first": found.period.first, "union": wanted.union}
        return rooms.page.show(
            "reports/report.html",
            visit,
            report=found,
            words=words,
            periods=[(span, words.TITLES[span], [(each, words.name(each)) for each in offered(span)]) for span in Span],
            tables=[("unions", found.unions), ("categories", found.categories)],
            unions=room.unions(visit.staff),
            union=wanted.union,
            query=urlencode(query),
        )

    @router.get("/export.{kind}")
    async def export(visit: Reader, kind: Literal["docx", "xlsx"], wanted: Wanted) -> Response:
        """Hand out a report; it holds no case and no person."""
        await rooms.audit.record(Entry(visit.staff.actor, Act.REPORT_EXPORTED, detail=wanted.span))
        found = await made(visit, wanted)
        content = await asyncio.to_thread(docx_of if kind == "docx" else xlsx_of, found)
        file = quote(f"{words.title(found)}-{found.period.first}.{kind}")
        disposition = f"attachment; filename=\"report.{kind}\"; filename*=UTF-8''{file}"
        return Response(content, media_type=MEDIA[kind], headers={"Content-Disposition": disposition})

    return router


def _today(room: CaseRoom) -> date:
    return room.now().astimezone(CHINA).date()
