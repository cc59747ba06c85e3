"""The pages of ways and clocks: who takes matters of a category, and how long each step may take, here and shipped."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from knowledge.categories import STEPS, Categories, Clock, Limit, Unit, Way, load_categories
from knowledge.organizations import Organizations
from knowledge.vocabulary import Category, Urgency

MOST = {Unit.MINUTE: 1_440, Unit.HOUR: 720, Unit.DAY: 365, Unit.WORKING_DAY: 250}
FIRST = 8  # bodies of a category at most
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Id = Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")]
E = TypeVar("E", bound=StrEnum)


def ways(rooms: Rooms, ledger: Ledger, categories: Categories) -> APIRouter:
    """Return the routes; `categories` are those that hold here."""
    router = APIRouter(prefix="/directory")
    organizations, shipped = rooms.organizations, load_categories()

    def keeper(visit: Visit) -> None:
        if not keeps_all(visit.staff, organizations):
            raise texts.forbidden()

    async def store(
        visit: Visit, act: Act, subject: str, change: Callable[[], None], *, restored: bool = False
    ) -> Response:
        """Record a change and make it; `restored` says that what ships holds again."""
        detail, told = ("withdrawn", "restored") if restored else ("changed", "saved")
        await rooms.audit.record(Entry(visit.staff.actor, act, subject, detail))
        await asyncio.to_thread(change)
        return done("/directory/routes", told)

    @router.get("/routes")
    async def everything(visit: See) -> Response:
        return rooms.page.show(
            "directory/routes.html",
            visit,
            rules=[(slug(rule.category), rule) for rule in categories.rules.values()],
            departments=organizations.departments,
            bodies=organizations.bodies,
            clocks=[(slug(urgency), urgency, words.clock(clock)) for urgency, clock in categories.clocks.items()],
            steps=(*words.STEPS.values(), words.OVERDUE),
            changes=categories.changes,
            keeps=keeps_all(visit.staff, organizations),
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    # --- who takes a category ---

    def way_page(visit: Visit, category: Category, typed: Way, status: int = 200, problem: str = "") -> Response:
        return rooms.page.show(
            "directory/route.html",
            visit,
            status,
            rule=categories[category],
            shipped=shipped[category],
            slug=slug(category),
            typed=typed,
            changed=category in categories.changes.ways,
            departments=organizations.departments,
            bodies=organizations.sent_to,
            most=FIRST,
            problem=problem,
        )

    @router.get("/routes/{id}")
    async def way(visit: Keep, id: Id) -> Response:
        keeper(visit)
        rule = categories[_named(Category, id)]
        return way_page(visit, rule.category, Way(rule.department, rule.bodies))

    @router.post("/routes/{id}")
    async def set_way(visit: Keep, id: Id) -> Response:
        keeper(visit)
        category = _named(Category, id)
        typed = Way(visit.field("department")[:64], tuple(filter(None, visit.fields.get("body", ()))))
        if problem := _problem(typed, organizations):
            return way_page(visit, category, typed, 422, problem)
        return await store(visit, Act.WAY_CHANGED, f"way/{id}", partial(ledger.set_way, category, typed))

    @router.post("/routes/{id}/restore")
    async def restore_way(visit: Keep, id: Id) -> Response:
        keeper(visit)
        category = _named(Category, id)
        change = partial(ledger.set_way, category, None)
        return await store(visit, Act.WAY_CHANGED, f"way/{id}", change, restored=True)

    # --- how long a step may take ---

    def clock_page(
        visit: Visit, urgency: Urgency, typed: Mapping[str, tuple[str, str]], status: int = 200, problem: str = ""
    ) -> Response:
        return rooms.page.show(
            "directory/clock.html",
            visit,
            status,
            urgency=urgency,
            slug=slug(urgency),
            rows=[(name, label, *typed[name]) for name, label in words.LIMITS.items()],
            units=words.UNITS,
            shipped=zip(words.LIMITS.values(), map(words.limit, _limits(shipped.clocks[urgency])), strict=True),
            changed=urgency in categories.changes.clocks,
            problem=problem,
        )

    @router.get("/clocks/{id}")
    async def clock(visit: Keep, id: Id) -> Response:
        keeper(visit)
        urgency = _named(Urgency, id)
        limits = zip(words.LIMITS, _limits(categories.clocks[urgency]), strict=True)
        return clock_page(visit, urgency, {name: (str(each.amount), each.unit) for name, each in limits})

    @router.post("/clocks/{id}")
    async def set_clock(visit: Keep, id: Id) -> Response:
        keeper(visit)
        urgency = _named(Urgency, id)
        typed = {name: (visit.field(name)[:8], visit.field(f"{name}-unit")[:16]) for name in words.LIMITS}
        try:
            made = _clock(typed)
        except Unfit as error:
            return clock_page(visit, urgency, typed, 422, str(error))
        return await store(visit, Act.CLOCK_CHANGED, f"clock/{id}", partial(ledger.set_clock, urgency, made))

    @router.post("/clocks/{id}/restore")
    async def restore_clock(visit: Keep, id: Id) -> Response:
        keeper(visit)
        urgency = _named(Urgency, id)
        change = partial(ledger.set_clock, urgency, None)
        return await store(visit, Act.CLOCK_CHANGED, f"clock/{id}", change, restored=True)

    return router


def slug(value: StrEnum) -> str:
    """Return how an address names a category or an urgency."""
    return value.name.lower().replace("_", "-")


def _named(kind: type[E], id: str) -> E:
    for value in kind:
        if slug(value) == id:
            return value
    raise texts.not_found()


def _problem(way: Way, organizations: Organizations) -> str:
    if way.department not in organizations.departments:
        return words.NO_DEPARTMENT
    if not set(way.bodies) <= set(organizations.sent_to) or len(way.bodies) > FIRST:
        return words.NO_BODY
    return words.BODY_TWICE if len(set(way.bodies)) < len(way.bodies) else ""


def _limits(clock: Clock) -> tuple[Limit, ...]:
    """Return all limits of a clock in the order of `words.LIMITS`."""
    return (*(getattr(clock, step) for step in STEPS), *clock.overdue)


def _clock(typed: Mapping[str, tuple[str, str]]) -> Clock:
    """Return what a form says; raise Unfit where it cannot be meant."""
    limits = {name: _limit(words.LIMITS[name], *each) for name, each in typed.items()}
    first, second, third = (limits.pop(name) for name in words.OVERDUE_STEPS)
    return Clock(**limits, overdue=(first, second, third))


def _limit(label: str, amount: str, unit: str) -> Limit:
    if unit not in set(Unit):
        raise Unfit(words.NO_UNIT.format(label))
    known = Unit(unit)
    if not (amount.isascii() and amount.isdecimal() and int(amount) <= MOST[known]):
        raise Unfit(words.NO_AMOUNT.format(label, MOST[known]))
    return Limit(int(amount), known)
