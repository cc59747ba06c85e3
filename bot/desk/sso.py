"""The pages by which somebody comes in, and goes out, through the identity provider."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.desk.doors import CODE, Door, Entrance, Visit, address_of, keep_token, local
from bot.desk.entrance import device_of
from bot.desk.journeys import Journeys
from bot.desk.problems import StaffError
from bot.desk.rooms import Rooms, done
from bot.pages.refusals import TooMany

BACK = "/login/provider/back"  # the address that is entered at the provider, below the desk's

Stranger = Annotated[Visit, Depends(Door(Entrance.ANYBODY))]


def sso(rooms: Rooms, journeys: Journeys) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/login/provider")

    def again(visit: Visit, error: StaffError | TooMany, onward: str = "") -> Response:
        return rooms.again("login.html", visit, error, next=local(onward), login="", done="")

    # A link and no form: browsers hold where a form leads to, redirects and all, against `form-action`.
    @router.get("")
    async def begin(visit: Stranger, next: str = "", invitation: str = "") -> Response:
        onward = local(next)
        try:
            url = await journeys.begin(
                visit.token, _back(visit.request), onward, invitation[:64], address=visit.address
            )
        except (StaffError, TooMany) as error:
            return again(visit, error, onward)
        response = RedirectResponse(url, 303)
        if visit.session is None:
            keep_token(visit.request, response, visit.token)
        return response

    @router.get("/back")
    async def end(visit: Stranger, state: str = "", code: str = "") -> Response:
        try:
            session, token, onward = await journeys.end(
                visit.token,
                _back(visit.request),
                state[:64],
                code[:4_096],
                address=visit.address,
                device=device_of(visit.request),
            )
        except (StaffError, TooMany) as error:
            return again(visit, error)
        if visit.session is not None:
            await rooms.logins.log_out(visit.session)
        onward = local(onward)
        response = RedirectResponse(onward if session.whole else f"{CODE}?{urlencode({'next': onward})}", 303)
        keep_token(visit.request, response, token)
        return response

    @router.get("/out")
    async def leave(visit: Stranger) -> Response:
        try:
            url = await journeys.provider.leaving(address_of(visit.request, "/login"))
        except StaffError as error:
            return again(visit, error)
        return RedirectResponse(url, 303) if url else done("/login", "out")

    return router


def _back(request: Request) -> str:
    return address_of(request, BACK)
