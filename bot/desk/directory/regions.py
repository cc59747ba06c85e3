"""The pages of regions: one added, changed, retired or taken up again after it was looked over."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.draft import Draft, enter
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.region_form import FIELDS, changes, entered, filled, keeps, read, restored, retired
from bot.desk.directory.scope import keeps_all, regions_of
from bot.desk.directory.union_form import LONGEST, moved
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from knowledge.entries import DirectoryError
from knowledge.regions import Region, load_regions

RETIRE, RESTORE = "retire", "restore"
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Name = Annotated[str, Query(max_length=20)]


def regions(rooms: Rooms, ledger: Ledger, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory/regions")
    organizations = rooms.organizations

    def form(visit: Visit, typed: Mapping[str, str], status: int = 200, problem: str = "") -> Response:
        known = organizations.known
        region, everywhere = known.regions.get(typed["was"]), keeps_all(visit.staff, organizations)
        mine = known.active if everywhere else regions_of(visit.staff, organizations)
        owner = organizations.owner(region.id) if region else None
        return rooms.page.show(
            "directory/region.html",
            visit,
            status,
            region=region,
            typed=typed,
            owner=owner.title if owner else "",
            placed=everywhere or region is None or region.parent in mine,
            above=[each for each in mine if region is None or region.id not in known.lineage(each)],
            everywhere=everywhere,
            ships=region is not None and region.id in load_regions(),
            longest=LONGEST,
            problem=problem,
        )

    @router.get("/one")
    async def one(visit: Keep, name: Name = "") -> Response:
        if not name:
            return form(visit, dict.fromkeys(FIELDS, ""))
        if name not in organizations.known.regions:
            raise texts.not_found()
        region = organizations.known.regions[name]
        if not keeps(region, visit.staff, organizations):
            raise texts.forbidden()
        return form(visit, filled(region))

    def as_is(visit: Visit, typed: Mapping[str, str]) -> Mapping[str, str]:
        """Return what the form shows when something was refused: what was typed, or the region as it stands."""
        region = organizations.known.regions.get(typed["was"])
        return filled(region) if region and visit.field("act") in (RETIRE, RESTORE) else typed

    async def draft(visit: Visit, typed: Mapping[str, str]) -> Draft[Region]:
        """Return what the form would make; raise Unfit."""
        today, act = now().astimezone(CHINA).date(), visit.field("act")
        before = organizations.known.regions.get(typed["was"])
        if before is not None and act in (RETIRE, RESTORE):
            end = retired if act == RETIRE else restored
            after = end(before, typed, visit.staff, organizations, today)
        else:
            before, after = read(typed, visit.staff, organizations, today)
        own = await asyncio.to_thread(ledger.own)
        entries = entered(own, after)
        try:
            return Draft(own, entries, before, after, organizations.having(entries))
        except DirectoryError as error:
            raise Unfit(words.BAD_PARENT) from error

    @router.post("/check")
    async def check(visit: Keep) -> Response:
        typed = _sent(visit)
        try:
            made = await draft(visit, typed)
        except Unfit as error:
            return form(visit, as_is(visit, typed), 422, str(error))
        return rooms.page.show(
            "directory/check.html",
            visit,
            path="regions",
            called=made.after.id,
            new=made.before is None,
            act=visit.field("act"),
            changes=changes(made.before, made.after),
            moved=moved(organizations, made.later),
            typed=typed,
            sent=typed.items(),
            seen=made.seen,
        )

    @router.post("/save")
    async def save(visit: Keep) -> Response:
        typed = _sent(visit)
        try:
            made = await draft(visit, typed)
            ended = {RETIRE: "retired", RESTORE: "restored"}.get(visit.field("act"), "changed")
            about = f"{ended if made.before else 'added'} {made.after.id}"
            entry = Entry(visit.staff.actor, Act.REGION_CHANGED, f"region/{made.after.id}", about)
            await enter(made, visit, entry, rooms, ledger)
        except Unfit as error:
            return form(visit, as_is(visit, typed), 422, str(error))
        if made.before is None:
            return done(f"/directory/unions/one?region={quote(made.after.id)}")
        return done("/directory/unions", "union")

    return router


def _sent(visit: Visit) -> dict[str, str]:
    return {name: visit.field(name)[:500] for name in FIELDS}
