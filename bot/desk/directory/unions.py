"""The pages of unions: who there is, and one added, changed, retired or taken up again after it was looked over."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.draft import Draft, enter
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.region_form import keeps
from bot.desk.directory.scope import keeps_all
from bot.desk.directory.union_form import (
    FIELDS,
    LONGEST,
    Filled,
    changes,
    entered,
    filled,
    in_order,
    moved,
    read,
    restored,
    retired,
)
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff, reach
from knowledge.entries import DirectoryError
from knowledge.organizations import Level, Organization, Organizations
from knowledge.vocabulary import Category

CHANGE, RETIRE, RESTORE = "change", "retire", "restore"
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Name = Annotated[str, Query(max_length=64)]


def unions(rooms: Rooms, ledger: Ledger, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory/unions")
    organizations = rooms.organizations

    def today() -> date:
        return now().astimezone(CHINA).date()

    def mine(staff: Staff) -> frozenset[str]:
        return reach(staff.unions, organizations) if staff.may(Permission.KEEP_DIRECTORY) else frozenset()

    @router.get("")
    async def everything(visit: See) -> Response:
        regions = list(organizations.known.regions.values())
        return rooms.page.show(
            "directory/unions.html",
            visit,
            unions=[(each, len(organizations.chain(each)) - 1) for each in in_order(organizations)],
            mine=mine(visit.staff),
            reached=words.reached,
            bodies=organizations.bodies.values(),
            regions=regions,
            owners={each.id: _title(organizations.owner(each.id)) for each in regions},
            my_regions={each.id for each in regions if keeps(each, visit.staff, organizations)},
            everything=keeps_all(visit.staff, organizations),
            hotlines=organizations.hotlines,
            keeps=bool(mine(visit.staff)),
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    def form(visit: Visit, typed: Filled, status: int = 200, problem: str = "", told: str = "") -> Response:
        known, within = organizations.organizations.get(typed["union"]), mine(visit.staff)
        every = [each for each in in_order(organizations) if each.retired is None]
        above = [each for each in every if each.name in within or (known and each.name == known.parent)]
        return rooms.page.show(
            "directory/union.html",
            visit,
            status,
            union=known,
            typed=typed,
            placed=known is None or known.parent in within or keeps_all(visit.staff, organizations),
            above=[each for each in above if known is None or known not in organizations.chain(each)],
            levels=list(Level),
            regions=organizations.known.active,
            categories=list(Category),
            longest=LONGEST,
            problem=problem,
            done=told,
        )

    @router.get("/one")
    async def one(visit: Keep, name: Name = "", below: Name = "", region: Name = "") -> Response:
        within = mine(visit.staff)
        if name:
            if name not in organizations.organizations:
                raise texts.not_found()
            if name not in within:
                raise texts.forbidden()
            return form(visit, filled(organizations.organizations[name]))
        added = organizations.known.regions.get(region)
        parent = organizations.owner(region) if added else organizations.active.get(below)
        if parent is None or parent.name not in within:
            return form(visit, Filled({"level": Level.COUNTY.value}))
        level = Level.CITY if added and added.parent is None else Level.COUNTY
        typed = {"parent": parent.name, "region": added.id if added else parent.region or "", "level": level.value}
        told = words.REGION_ADDED.format(added.id, parent.title) if added and not added.union else ""
        return form(visit, Filled(typed), told=told)

    async def draft(visit: Visit, typed: Filled, act: str) -> Draft[Organization]:
        """Return what the form would make; raise Unfit."""
        before = organizations.organizations.get(typed["union"])
        if act == CHANGE or before is None:
            before, after = read(typed, visit.staff, organizations, today())
        elif act == RETIRE:
            after = retired(before, typed, visit.staff, organizations, today())
            everybody = await rooms.accounts.everybody()
            accounts = sum(before.name in each.unions and not each.disabled for each in everybody)
            entries = await asyncio.to_thread(ledger.on_duty, before.name)
            if accounts or entries:
                raise Unfit(words.staff_left(accounts, entries))
        else:
            after = restored(before, typed, visit.staff, organizations, today())
        if before == after:
            raise Unfit(words.NOTHING_CHANGED)
        own = await asyncio.to_thread(ledger.own)
        entries_then = entered(own, before, after)
        try:
            later = organizations.having(entries_then)
        except DirectoryError as error:
            raise Unfit(words.NO_PARENT) from error
        return Draft(own, entries_then, before, after, later)

    @router.post("/check")
    async def check(visit: Keep) -> Response:
        typed, act = _sent(visit), _act(visit)
        try:
            made = await draft(visit, typed, act)
        except Unfit as error:
            return form(visit, typed if act == CHANGE else _as_is(typed, organizations), 422, str(error))
        before, after = made.before, made.after
        return rooms.page.show(
            "directory/union_check.html",
            visit,
            path="unions",
            called=after.title,
            union=after,
            new=before is None,
            act=act,
            changes=changes(before, after, organizations),
            moved=moved(organizations, made.later),
            below=[each.title for each in organizations.active.values() if each.parent == after.name],
            unfound=_unfound(after, made.later),
            typed=typed,
            sent=[*((name, typed[name]) for name in FIELDS), *(("leaves", each) for each in typed.leaves)],
            seen=made.seen,
        )

    @router.post("/save")
    async def save(visit: Keep) -> Response:
        typed, act = _sent(visit), _act(visit)
        try:
            made = await draft(visit, typed, act)
            word = "added" if made.before is None else {RETIRE: "retired", RESTORE: "restored"}.get(act, "changed")
            about = f"{word} {made.after.name}"
            entry = Entry(visit.staff.actor, Act.UNION_CHANGED, f"union/{made.after.name}", about)
            await enter(made, visit, entry, rooms, ledger)
        except Unfit as error:
            return form(visit, typed if act == CHANGE else _as_is(typed, organizations), 422, str(error))
        return done("/directory/unions", "union")

    return router


def _title(union: Organization | None) -> str:
    return union.title if union else ""


def _unfound(union: Organization, later: Organizations) -> bool:
    """Tell whether no region and no place leads to the union."""
    owner = later.owner(union.region)
    return union.retired is None and not union.places and (owner is None or owner.name != union.name)


def _sent(visit: Visit) -> Filled:
    return Filled({name: visit.field(name)[:500] for name in FIELDS}, visit.fields.get("leaves", ()))


def _act(visit: Visit) -> str:
    act = visit.field("act")
    return act if act in (RETIRE, RESTORE) else CHANGE


def _as_is(typed: Filled, organizations: Organizations) -> Filled:
    known = organizations.organizations.get(typed["union"])
    return filled(known) if known else typed
