"""The pages of local parameters: what was confirmed, by which source, and what still waits for somebody."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.scope import keeps_all, regions_of
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from knowledge.errors import NiangjiaError
from knowledge.parameters import LocalValue, Parameter

LONGEST = 120  # characters of a source
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Id = Annotated[str, Path(pattern=r"^[a-z-]{1,64}$")]


class Unfit(NiangjiaError):  # noqa: N818 - named by what it says
    """Say in Chinese why a form was not taken."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is shown."""

    region: str
    value: LocalValue
    state: str  # "", later or ended
    mine: bool  # it may be withdrawn


def parameters(rooms: Rooms, ledger: Ledger, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory")

    def places(visit: Visit) -> tuple[str | None, ...]:
        regions = regions_of(visit.staff, rooms.organizations)
        return (None, *regions) if keeps_all(visit.staff, rooms.organizations) else regions

    def shown(visit: Visit, parameter: Parameter) -> list[Shown]:
        today, mine = now().astimezone(CHINA).date(), places(visit)
        values = sorted(parameter.values, key=lambda each: (each.region or "", each.since or date.min))
        return [
            Shown(each.region or words.PROVINCE, each, _state(each, today), each.region in mine)
            for each in values
            if each.confirmed
        ]

    async def known(id: str) -> Parameter:
        found = {each.id: each for each in await asyncio.to_thread(ledger.parameters)}
        if id not in found:
            raise texts.not_found()
        return found[id]

    def one(visit: Visit, parameter: Parameter, status: int, problem: str, typed: Mapping[str, str]) -> Response:
        return rooms.page.show(
            "directory/parameter.html",
            visit,
            status,
            parameter=parameter,
            values=shown(visit, parameter),
            places=[(each or "", each or words.PROVINCE) for each in places(visit)],
            typed=typed,
            longest=LONGEST,
            problem=problem,
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    @router.get("")
    async def everything(visit: See) -> Response:
        found = [(each, shown(visit, each)) for each in await asyncio.to_thread(ledger.parameters)]
        return rooms.page.show(
            "directory/parameters.html",
            visit,
            parameters=found,
            confirmed=sum(any(not each.state for each in values) for _, values in found),
            keeps=bool(places(visit)),
        )

    @router.get("/parameters/{id}")
    async def parameter(visit: Keep, id: Id) -> Response:
        return one(visit, await known(id), 200, "", {"since": now().astimezone(CHINA).date().isoformat()})

    @router.post("/parameters/{id}/confirm")
    async def confirm(visit: Keep, id: Id) -> Response:
        parameter = await known(id)
        typed = {name: visit.field(name).strip() for name in ("region", "value", "since", "until", "source", "seen")}
        try:
            value = _value(typed, places(visit), now().astimezone(CHINA).date())
        except Unfit as error:
            return one(visit, parameter, 422, str(error), typed)
        about = f"confirmed {value.region or words.PROVINCE}"
        await rooms.audit.record(Entry(visit.staff.actor, Act.PARAMETER_CONFIRMED, f"parameter/{id}", about))
        await asyncio.to_thread(ledger.confirm, id, value)
        return done(f"/directory/parameters/{id}", "confirmed")

    @router.post("/parameters/{id}/withdraw")
    async def withdraw(visit: Keep, id: Id) -> Response:
        parameter = await known(id)
        region, since = visit.field("region") or None, _day(visit.field("since"))
        if region not in places(visit):
            return one(visit, parameter, 422, words.BAD_REGION, {})
        about = f"withdrawn {region or words.PROVINCE}"
        await rooms.audit.record(Entry(visit.staff.actor, Act.PARAMETER_WITHDRAWN, f"parameter/{id}", about))
        await asyncio.to_thread(ledger.withdraw, id, region, since)
        return done(f"/directory/parameters/{id}", "withdrawn")

    return router


def _value(typed: Mapping[str, str], places: tuple[str | None, ...], today: date) -> LocalValue:
    """Return what a form confirms today; raise Unfit."""
    region = typed["region"] or None
    if region not in places:
        raise Unfit(words.BAD_REGION)
    try:
        value = Decimal(typed["value"])
    except InvalidOperation:
        raise Unfit(words.BAD_VALUE) from None
    if not typed["value"].isascii() or not value.is_finite() or not 0 <= value < 10**9 or len(typed["value"]) > 16:
        raise Unfit(words.BAD_VALUE)
    since, until = _day(typed["since"]), _day(typed["until"])
    if since is None or (typed["until"] and until is None) or (until is not None and until <= since):
        raise Unfit(words.BAD_DAYS)
    if not 0 < len(typed["source"]) <= LONGEST or not typed["source"].isprintable():
        raise Unfit(words.NO_SOURCE)
    if not typed["seen"]:
        raise Unfit(words.NOT_SEEN)
    return LocalValue(region, value, since, until, typed["source"], today)


def _state(value: LocalValue, today: date) -> str:
    if value.since is not None and value.since > today:
        return "later"
    return "ended" if value.until is not None and value.until <= today else ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
