"""The pages of what ships and is changed with the software: unions, ways and clocks."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.desk.directory import words
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from knowledge.categories import CATEGORIES_FILE, load_categories
from knowledge.organizations import ORGANIZATIONS_FILE

See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]


def shipped(rooms: Rooms) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory")
    organizations, categories = rooms.organizations, load_categories()

    @router.get("/unions")
    async def unions(visit: See) -> Response:
        every = organizations.organizations.values()
        return rooms.page.show(
            "directory/unions.html",
            visit,
            file=ORGANIZATIONS_FILE.name,
            unions=[(each, len(organizations.chain(each)) - 1) for each in every],
            bodies=organizations.bodies.values(),
            hotlines=organizations.hotlines,
        )

    @router.get("/routes")
    async def routes(visit: See) -> Response:
        return rooms.page.show(
            "directory/routes.html",
            visit,
            file=CATEGORIES_FILE.name,
            rules=categories.rules.values(),
            departments=organizations.departments,
            bodies=organizations.bodies,
            clocks=[
                (
                    urgency,
                    [words.limit(getattr(clock, step)) for step in words.STEPS],
                    [*map(words.limit, clock.overdue)],
                )
                for urgency, clock in categories.clocks.items()
            ],
            steps=words.STEPS.values(),
        )

    return router
