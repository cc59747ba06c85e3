"""The pages of ways: who takes matters of a category, here and shipped; beside them how long each step may take."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.scope import keeps_all
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from knowledge.categories import Categories, Way, load_categories
from knowledge.organizations import Organizations
from knowledge.vocabulary import Category

FIRST = 8  # bodies of a category at most
See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Id = Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")]
LookAgain = Callable[[], Awaitable[None]]
E = TypeVar("E", bound=StrEnum)


def ways(rooms: Rooms, ledger: Ledger, categories: Categories) -> APIRouter:
    """Return the routes; `categories` are those that hold here."""
    router = APIRouter(prefix="/directory/routes")
    organizations, shipped = rooms.organizations, load_categories()

    @router.get("")
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

    @router.get("/{id}")
    async def way(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        rule = categories[named(Category, id)]
        return way_page(visit, rule.category, Way(rule.department, rule.bodies))

    @router.post("/{id}")
    async def set_way(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        category = named(Category, id)
        typed = Way(visit.field("department")[:64], tuple(filter(None, visit.fields.get("body", ()))))
        if problem := _problem(typed, organizations):
            return way_page(visit, category, typed, 422, problem)
        return await stored(rooms, visit, Act.WAY_CHANGED, f"way/{id}", partial(ledger.set_way, category, typed))

    @router.post("/{id}/restore")
    async def restore_way(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        category = named(Category, id)
        change = partial(ledger.set_way, category, None)
        return await stored(rooms, visit, Act.WAY_CHANGED, f"way/{id}", change, restored=True)

    return router


def check_keeper(visit: Visit, rooms: Rooms) -> None:
    """Refuse who does not keep what holds for everybody."""
    if not keeps_all(visit.staff, rooms.organizations):
        raise texts.forbidden()


async def stored(
    rooms: Rooms, visit: Visit, act: Act, subject: str, change: Callable[[], None], *, restored: bool = False
) -> Response:
    """Record a change and make it; `restored` says that what ships holds again."""
    detail, told = ("withdrawn", "restored") if restored else ("changed", "saved")
    await rooms.audit.record(Entry(visit.staff.actor, act, subject, detail))
    await asyncio.to_thread(change)
    return done("/directory/routes", told)


def slug(value: StrEnum) -> str:
    """Return how an address names a category or an urgency."""
    return value.name.lower().replace("_", "-")


def named(kind: type[E], id: str) -> E:
    """Return the category or the urgency of an address; refuse one that there is not."""
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
