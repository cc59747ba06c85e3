"""The pages of the queue: what waits for somebody, by tabs and filters, kept up to date while it is open."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import RedirectResponse, Response

from bot.cases.lifecycle import STATE_NAMES
from bot.cases.model import ENDED, State
from bot.cases.ports import Order, QueueRow
from bot.cases.ports import Queue as Asked
from bot.desk.cases import words
from bot.desk.cases.gist import gist
from bot.desk.cases.ports import SavedView
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.words import Tab
from bot.desk.doors import PREFIX, Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff
from knowledge.vocabulary import Category, Urgency

PAGE = 50  # cases
LONGEST, LONGEST_NAME = 400, 20  # characters of a view's address and name
SOON = timedelta(days=1)
WAITING = frozenset({State.WAITING_WORKER, State.WAITING_EMPLOYER, State.LEGAL_TRACK, State.FOLLOW_UP})
Reader = Annotated[Visit, Depends(Door(Permission.SEE_CASES))]
Word = Annotated[str, Query(max_length=64)]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Number = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; whatever it does not know asks for nothing."""

    tab: Tab
    state: str
    category: str
    urgency: str
    union: str
    page: int

    @property
    def values(self) -> dict[str, str]:
        """Return all but tab and page, as they stand in an address."""
        return {"state": self.state, "category": self.category, "urgency": self.urgency, "union": self.union}


def filters(
    tab: Word = "", state: Word = "", category: Word = "", urgency: Word = "", union: Word = "", page: Number = 1
) -> Filters:
    """Return what is asked for."""
    return Filters(
        Tab(tab) if tab in set(Tab) else Tab.ALL,
        state if state in set(State) else "",
        category if category in set(Category) else "",
        urgency if urgency in set(Urgency) else "",
        union,
        page,
    )


Wanted = Annotated[Filters, Depends(filters)]


def queue(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases")

    async def counted(staff: Staff, whole: Asked, wanted: Filters) -> dict[Tab, int]:
        tabs = [tab for tab in _tabs(staff) if tab is not Tab.ENDED]  # nobody needs to know how much there ever was
        parts = [_part(Asked(), tab, wanted, staff, room.now()) for tab in tabs]
        return dict(zip(tabs, await room.cases.counts(whole, parts), strict=True))

    @router.get("/counts")
    async def counts(visit: Reader) -> Response:
        """Show what waits, for the first page."""
        wanted = filters()
        found = await counted(visit.staff, _whole(room, visit.staff, wanted), wanted)
        tiles = [(words.TABS[tab], count, f"?{_address(wanted, tab)}".rstrip("?")) for tab, count in found.items()]
        if visit.staff.may(Permission.WORK_CASES):
            tiles.append((words.BEGUN, await room.drafts.count(visit.staff.id), "/new"))
        return rooms.page.show("cases/counts.html", visit, tiles=tiles)

    @router.get("")
    async def cases(visit: Reader, wanted: Wanted, seen: Word = "") -> Response:
        """Show the queue, or only what of it changes; nothing if that has not changed since `seen`."""
        whole = _whole(room, visit.staff, wanted)
        counts = await counted(visit.staff, whole, wanted)
        part = _part(whole, wanted.tab, wanted, visit.staff, room.now())
        found = await room.cases.queue(replace(part, limit=PAGE, offset=PAGE * (wanted.page - 1)))
        alarms = Asked(whole.organizations, frozenset({State.EMERGENCY}), urgency=Urgency.EMERGENCY)
        (emergencies,) = await room.cases.counts(alarms, [alarms])
        values: dict[str, object] = {
            "tabs": [
                (tab.value, words.TABS[tab], counts.get(tab), _address(wanted, tab)) for tab in _tabs(visit.staff)
            ],
            "tab": wanted.tab.value,
            "rows": [
                (row, words.AWAITED.get(row.state, ""), words.due(row.due_at, room.now()), _late(row, room))
                for row in found.rows
            ],
            "emergencies": emergencies,
            "alarms": _address(wanted, Tab.ALL, urgency=Urgency.EMERGENCY.value),
            "before": _address(wanted, wanted.tab, wanted.page - 1) if wanted.page > 1 else "",
            "after": _address(wanted, wanted.tab, wanted.page + 1) if found.total > PAGE * wanted.page else "",
            "narrowed": _address(wanted, wanted.tab),
            "current": _address(wanted, wanted.tab, wanted.page),
        }
        digest = blake2b(repr(values).encode(), digest_size=8).hexdigest()
        if seen == digest:
            return Response(status_code=204)
        works = visit.staff.may(Permission.WORK_CASES)
        facts = await room.cases.facts([row.id for row in found.rows]) if works else {}
        values["gists"] = {id: gist(told) for id, told in facts.items()}
        values |= {"digest": digest, "part": visit.by_script, "states": STATE_NAMES, "empty": words.EMPTY[wanted.tab]}
        if visit.by_script:
            return rooms.page.show("cases/rows.html", visit, **values)
        return rooms.page.show(
            "cases/queue.html",
            visit,
            wanted=wanted,
            views=await room.views.of(visit.staff.id),
            problem=words.TOO_MANY_VIEWS if visit.request.query_params.get("done") == "too-many" else "",
            works=works,
            unions=room.unions(visit.staff),
            categories=[each.value for each in Category],
            urgencies=[each.value for each in Urgency],
            done=words.said(visit.request.query_params.get("done", "")),
            **values,
        )

    @router.post("/views")
    async def save(visit: Reader) -> Response:
        """Keep tab and filters under a name, for this person alone."""
        asked = dict(parse_qsl(visit.field("query")[:LONGEST]))
        tab, state, category, urgency, union = (asked.get(name, "") for name in ("tab", *filters().values))
        wanted = filters(tab, state, category, urgency, union)
        if wanted.union not in room.unions(visit.staff):
            wanted = replace(wanted, union="")
        query = _address(wanted, wanted.tab)
        name = " ".join(visit.field("name").split())[:LONGEST_NAME] or words.view_name(list(wanted.values.values()))
        kept = await room.views.add(visit.staff.id, SavedView(secrets.token_hex(16), name, query))
        told = "view-saved" if kept else "too-many"
        return RedirectResponse(f"{PREFIX}/cases?{query}{'&' if query else ''}done={told}", 303)

    @router.post("/views/{view}/remove")
    async def remove(visit: Reader, view: Id) -> Response:
        await room.views.remove(visit.staff.id, view)
        return done("/cases", "view-removed")

    return router


def _tabs(staff: Staff) -> tuple[Tab, ...]:
    """Return the tabs that somebody has a use for."""
    return tuple(tab for tab in Tab if tab is not Tab.MINE or staff.may(Permission.WORK_CASES))


def _whole(room: CaseRoom, staff: Staff, wanted: Filters) -> Asked:
    """Return all that the filters leave, whatever the tab."""
    return Asked(
        organizations=room.scope(staff, wanted.union),
        category=Category(wanted.category) if wanted.category else None,
        urgency=Urgency(wanted.urgency) if wanted.urgency else None,
    )


def _part(asked: Asked, tab: Tab, wanted: Filters, staff: Staff, now: datetime) -> Asked:
    """Return what of the asked a tab shows."""
    match tab:
        case Tab.MINE:
            asked = replace(asked, handler=staff.id)
        case Tab.UNCLAIMED:
            asked = replace(asked, unclaimed=True)
        case Tab.SOON:
            asked = replace(asked, due_after=now, due_before=now + SOON)
        case Tab.OVERDUE:
            asked = replace(asked, overdue=True)
        case Tab.WAITING:
            asked = replace(asked, states=WAITING)
        case Tab.ENDED:
            asked = replace(asked, states=ENDED, order=Order.NEWEST)
        case Tab.ALL:
            pass
    if wanted.state:
        asked = replace(asked, states=asked.states & {State(wanted.state)})
    return asked


def _address(wanted: Filters, tab: Tab, page: int = 1, **other: str) -> str:
    """Return the query of a page of a tab, with the filters that are set."""
    first = {"tab": "" if tab is Tab.ALL else tab.value, "page": "" if page == 1 else str(page)}
    values = {**first, **wanted.values, **other}
    return urlencode({name: value for name, value in values.items() if value})


def _late(row: QueueRow, room: CaseRoom) -> bool:
    return row.due_at is not None and row.due_at < room.now()
