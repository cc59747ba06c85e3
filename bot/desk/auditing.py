"""The pages of the audit: search, the check of the chain, and the export."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from bot.audit import Act, Entry, Record, Search
from bot.cases.model import Move
from bot.desk import texts
from bot.desk.cases.words import MOVES
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA, moment
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission, Staff, reach
from bot.desk.subjects import Subjects

PAGE = 50  # records
BATCH = 1_000  # records of an export that are read at a time
Reader = Annotated[Visit, Depends(Door(Permission.READ_AUDIT))]
Word = Annotated[str, Query(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[int, Query(ge=1, le=2**53)]


def wanted(
    actor: Word = "", act: Word = "", subject: Word = "", hash: Word = "", since: Word = "", until: Word = ""
) -> Search:
    """Return what the address asks for; days are China's, and `until` is the last of them."""
    first, last = _day(since), _day(until)
    return Search(
        actor.strip(),
        act if act in set(Act) else "",
        subject.strip(),
        hash.strip().lower(),
        None if first is None else _begin(first),
        None if last is None else _begin(last + timedelta(days=1)),
    )


Wanted = Annotated[Search, Depends(wanted)]


def auditing(rooms: Rooms, subjects: Subjects | None = None) -> APIRouter:
    """Return the routes; `subjects` are named where they are known."""
    router = APIRouter(prefix="/audit")

    async def scoped(visit: Visit, search: Search) -> Search:
        """Take a case's number for the case, and keep to the staff of one's unions, but for those who stand for all."""
        if subjects is not None and search.subject:
            search = replace(search, subject=await subjects.meant(search.subject))
        if set(rooms.organizations.organizations) <= reach(visit.staff.unions, rooms.organizations):
            return search
        return replace(search, among=frozenset(each.id for each in await rooms.accounts.visible(visit.staff)))

    @router.get("")
    async def records(visit: Reader, search: Wanted, before: Number | None = None) -> Response:
        found = await rooms.audit.search(await scoped(visit, search), before=before, limit=PAGE + 1)
        asked = {name: value for name, value in visit.request.query_params.items() if name != "before" and value}
        more = {**asked, "before": str(found[PAGE - 1].number)} if len(found) > PAGE else None
        everybody = await rooms.accounts.visible(visit.staff)
        names = _names(everybody)
        if subjects is not None:
            names |= await subjects.called({record.entry.subject for record in found[:PAGE]})
        values: dict[str, object] = {
            "rows": [_row(record, names) for record in found[:PAGE]],
            "more": urlencode(more) if more else "",
        }
        if visit.by_script:
            return rooms.page.show("audit_rows.html", visit, **values)
        return rooms.page.show(
            "audit.html",
            visit,
            everybody=everybody,
            actors=texts.ACTORS,
            acts=texts.ACTS,
            asked=asked,
            query=urlencode(asked),
            **values,
        )

    @router.post("/verify")
    async def verify(visit: Reader) -> Response:
        checked = await rooms.audit.check(visit.staff.actor, whole="whole" in visit.fields)
        return rooms.page.show("audit_verified.html", visit, verified=checked, part=visit.by_script)

    @router.get("/export")
    async def export(visit: Reader, search: Wanted) -> Response:
        await rooms.audit.record(Entry(visit.staff.actor, Act.AUDIT_EXPORTED))
        names = _names(await rooms.accounts.visible(visit.staff))
        return StreamingResponse(
            _csv(rooms, await scoped(visit, search), names),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )

    return router


async def _csv(rooms: Rooms, search: Search, names: Mapping[str, str]) -> AsyncIterator[str]:
    yield "\ufeff" + _line(texts.AUDIT_COLUMNS)  # the mark by which Excel knows UTF-8
    before: int | None = None
    while found := await rooms.audit.search(search, before=before, limit=BATCH):
        yield "".join(_line(_cells(record, names)) for record in found)
        before = found[-1].number


def _cells(record: Record, names: Mapping[str, str]) -> tuple[object, ...]:
    entry = record.entry
    return (
        record.number,
        record.at.isoformat(timespec="microseconds"),
        names.get(entry.actor.id, entry.actor.id),
        entry.actor.id,
        entry.actor.role,
        entry.act,
        entry.subject,
        entry.detail,
        record.hash,
    )


def _line(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    # A spreadsheet takes what begins so for a formula.
    safe = (f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell for cell in cells)
    csv.writer(line).writerow(safe)
    return line.getvalue()


def _row(record: Record, names: Mapping[str, str]) -> dict[str, object]:
    entry = record.entry
    return {
        "number": record.number,
        "at": moment(record.at),
        "who": names.get(entry.actor.id, entry.actor.id),
        "role": texts.ROLES.get(entry.actor.role, ""),
        "act": _act(entry.act),
        "failed": entry.act == Act.LOGIN_FAILED,
        "about": entry.subject,
        "subject": names.get(entry.subject) or texts.subject_name(entry.subject),
        "detail": texts.detail_name(entry.detail),
        "hash": record.hash,
    }


def _act(act: str) -> str:
    """Name an act; a move of a case is recorded as such."""
    move = act.removeprefix("case.")
    return texts.ACTS.get(act) or (MOVES[Move(move)] if move in set(Move) else act)


def _names(everybody: list[Staff]) -> dict[str, str]:
    """Return what actors are called, and staff as subjects."""
    own = {key: staff.name for staff in everybody for key in (staff.id, staff.subject)}
    return {**texts.ACTORS, **own}


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
