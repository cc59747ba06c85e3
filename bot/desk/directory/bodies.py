"""The pages of bodies outside the unions: what they take, and where the workers of a union's area find them."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.body_form import (
    FIELDS,
    NEW,
    changes,
    entered,
    filled,
    read_office,
    read_words,
    restored,
    retired,
)
from bot.desk.directory.draft import Draft, enter
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.directory.union_form import LONGEST
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, reach
from knowledge.categories import Categories
from knowledge.organizations import Body, load_organizations

OFFICE, RETIRE, RESTORE = "office", "retire", "restore"
OFFICE_FIELDS = ("union", "telephone", "address", "hours")
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Id = Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")]


def bodies(rooms: Rooms, ledger: Ledger, categories: Categories, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes; `categories` say who takes what here."""
    router = APIRouter(prefix="/directory/bodies")
    organizations = rooms.organizations

    def known(visit: Visit, id: str) -> Body:
        if id == NEW.id and keeps_all(visit.staff, organizations):
            return NEW
        if id not in organizations.bodies:
            raise texts.not_found()
        return organizations.bodies[id]

    def form(visit: Visit, body: Body, typed: Mapping[str, str], status: int = 200, problem: str = "") -> Response:
        within = reach(visit.staff.unions, organizations)
        return rooms.page.show(
            "directory/body.html",
            visit,
            status,
            body=body,
            new=body == NEW,
            ships=body.id in load_organizations().bodies,
            typed=typed,
            unions=[each for each in organizations.active.values() if each.name in within],
            mine=within,
            reached=words.reached,
            hotlines=organizations.hotlines,
            keeps=keeps_all(visit.staff, organizations),
            longest=LONGEST,
            problem=problem,
        )

    async def draft(visit: Visit, body: Body, typed: Mapping[str, str]) -> Draft[Body]:
        """Return what the form would make; raise Unfit."""
        staff, act, today = visit.staff, visit.field("act"), now().astimezone(CHINA).date()
        if act == OFFICE and body != NEW:
            then = read_office(body, typed, reach(staff.unions, organizations), today)
        elif act == RETIRE and body != NEW:
            then = retired(body, typed, staff, organizations, categories, today)
        elif act == RESTORE and body != NEW:
            then = restored(body, typed, staff, organizations, today)
        else:
            then = read_words(body, typed, staff, organizations, today)
        own = await asyncio.to_thread(ledger.own)
        entries = entered(own, body, then)
        return Draft(own, entries, None if body == NEW else body, then, organizations.having(entries))

    @router.get("/{id}")
    async def one(visit: Keep, id: Id) -> Response:
        body = known(visit, id)
        return form(visit, body, filled(body))

    @router.post("/{id}/check")
    async def check(visit: Keep, id: Id) -> Response:
        body, typed = known(visit, id), _sent(visit)
        try:
            made = await draft(visit, body, typed)
        except Unfit as error:
            return form(visit, body, _as_is(body, typed, visit.field("act")), 422, str(error))
        return rooms.page.show(
            "directory/check.html",
            visit,
            path=f"bodies/{id}",
            called=made.after.name,
            act=visit.field("act"),
            new=made.before is None,
            changes=changes(body, made.after, organizations),
            moved=(),
            typed=typed,
            sent=typed.items(),
            seen=made.seen,
        )

    @router.post("/{id}/save")
    async def save(visit: Keep, id: Id) -> Response:
        body, typed, act = known(visit, id), _sent(visit), visit.field("act")
        try:
            made = await draft(visit, body, typed)
            about = {OFFICE: f"changed {typed['union']}", RETIRE: "retired", RESTORE: "restored"}.get(act, "changed")
            about = about if made.before else f"added {made.after.name}"
            subject = f"body/{made.after.id}"
            entry = Entry(visit.staff.actor, Act.BODY_CHANGED, subject, about[:200])
            await enter(made, visit, entry, rooms, ledger)
        except Unfit as error:
            return form(visit, body, _as_is(body, typed, visit.field("act")), 422, str(error))
        return done("/directory/unions", "union" if made.before else "body")

    return router


def _as_is(body: Body, typed: Mapping[str, str], act: str) -> Mapping[str, str]:
    """Return what the forms show when one of them was refused: what was typed, and the others as the body stands."""
    if act not in (OFFICE, RETIRE, RESTORE):
        return typed
    return {**filled(body), **{name: typed[name] for name in OFFICE_FIELDS if act == OFFICE}}


def _sent(visit: Visit) -> dict[str, str]:
    return {name: visit.field(name)[:1000] for name in FIELDS}
