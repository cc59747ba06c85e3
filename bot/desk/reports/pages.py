"""The page of reports: a week or a month to look at and to take along."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.cases.ports import Queue
from bot.desk.cases.figure_words import UNIT
from bot.desk.cases.room import CaseRoom
from bot.desk.doors import Door, Visit
from bot.desk.knowledge.clusters import alike
from bot.desk.page import CHINA
from bot.desk.reports import words
from bot.desk.reports.files import docx_of, xlsx_of
from bot.desk.reports.ports import ServiceFigures
from bot.desk.reports.report import EARLIER, FEW, Period, Question, Report, Span, latest, questions, report
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission, Staff
from knowledge.embedder import Embedder

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


def reports(rooms: Rooms, room: CaseRoom, service: ServiceFigures, encoder: Embedder) -> APIRouter:
    """Return the routes; `encoder` tells which questions ask the same."""
    router = APIRouter()

    def offered(span: Span) -> list[Period]:
        return list(latest(span, _today(room), OFFERED[span]))

    async def made(visit: Visit, wanted: Asked) -> Report:
        periods = offered(wanted.span)
        period = next((each for each in periods if each.first.isoformat() == wanted.first), periods[1])
        return await of(visit, period, wanted.union)

    async def of(visit: Visit, period: Period, wanted: str) -> Report:
        union = wanted if wanted in room.unions(visit.staff) else ""
        scope = room.scope(visit.staff, union)
        title = cache(room.organizations.title)  # once a union: the directory looks for changes each time
        start, end = period.bounds[-2:]
        found, tallies, workplaces, scores, overdue, served = await asyncio.gather(
            asked_in(period, visit.staff),
            room.figures.tallies(scope, period.bounds, EARLIER),
            service.workplaces(scope, start, end, FEW),
            service.scores(scope, start, end),
            late(scope),
            service.service(start, end),
        )
        made = report(
            period,
            room.about(visit.staff, union),
            tallies,
            served,
            await service.warnings(scope, start, end),
            room.now(),
            overdue=overdue,
            workplaces=[replace(each, organization=title(each.organization)) for each in workplaces],
            questions=found,
            scores=scores,
        )
        return replace(made, unions=tuple(replace(line, name=title(line.name)) for line in made.unions))

    async def late(scope: tuple[str, ...] | None) -> int:
        """Count what is overdue now, whenever it came in."""
        (count,) = await room.cases.counts(Queue(scope), [Queue(scope, overdue=True)])
        return count

    async def asked_in(period: Period, reader: Staff) -> tuple[Question, ...] | None:
        if not _reads_questions(reader):
            return None
        found = await service.asked(period.bounds[0], period.bounds[-1])
        vectors = await asyncio.to_thread(encoder.embed, [each.question for each in found])
        return questions(period, found, await asyncio.to_thread(alike, vectors))

    @router.get("/figures/hot")
    async def hot(visit: Reader, union: Name = "") -> Response:
        """Show what is hot: the last seven days against the four weeks before."""
        today = _today(room)
        found = await of(visit, Period(Span.WEEK, today - timedelta(days=6), today + timedelta(days=1)), union)
        return rooms.page.show(
            "reports/hot.html",
            visit,
            report=found,
            words=words,
            opens_cases=visit.staff.may(Permission.WORK_CASES),
            unions=room.unions(visit.staff),
            union=union,
        )

    @router.get("/reports")
    async def page(visit: Reader, wanted: Wanted) -> Response:
        found = await made(visit, wanted)
        query = {"span": wanted.span, "first": found.period.first, "union": wanted.union}
        return rooms.page.show(
            "reports/report.html",
            visit,
            report=found,
            words=words,
            unit=UNIT,
            periods=[(span, words.TITLES[span], [(each, words.name(each)) for each in offered(span)]) for span in Span],
            tables=[("unions", found.unions), ("categories", found.categories)],
            unions=room.unions(visit.staff),
            union=wanted.union,
            query=urlencode(query),
        )

    @router.get("/reports/export.{kind}")
    async def export(visit: Reader, kind: Literal["docx", "xlsx"], wanted: Wanted) -> Response:
        """Hand out a report; it holds no case and no person."""
        await rooms.audit.record(Entry(visit.staff.actor, Act.REPORT_EXPORTED, detail=wanted.span))
        found = await made(visit, wanted)
        content = await asyncio.to_thread(docx_of if kind == "docx" else xlsx_of, found)
        file = quote(f"{words.title(found)}-{found.period.first}.{kind}")
        disposition = f"attachment; filename=\"report.{kind}\"; filename*=UTF-8''{file}"
        return Response(content, media_type=MEDIA[kind], headers={"Content-Disposition": disposition})

    return router


def _reads_questions(staff: Staff) -> bool:
    """Tell whether what workers write is open to the person, names taken out: not to auditors."""
    return staff.may(Permission.WORK_CASES) or staff.may(Permission.KEEP_KNOWLEDGE)


def _today(room: CaseRoom) -> date:
    return room.now().astimezone(CHINA).date()
