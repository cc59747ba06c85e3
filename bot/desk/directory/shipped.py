"""The page of what ships and is changed with the software: unions and bodies."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from knowledge.organizations import ORGANIZATIONS_FILE

See = Annotated[Visit, Depends(Door(Permission.SEE_DIRECTORY))]


def shipped(rooms: Rooms) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory")
    organizations = rooms.organizations

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

    return router
