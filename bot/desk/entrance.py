"""The pages before the desk: login, second factor, a link taken up, and the way out."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.desk.credentials import MIN_PASSWORD, new_token
from bot.desk.doors import CODE, Door, Entrance, Visit, keep_token, local
from bot.desk.problems import Problem, StaffError
from bot.desk.rooms import Rooms, done, said
from bot.pages.refusals import TooMany

Stranger = Annotated[Visit, Depends(Door(Entrance.ANYBODY))]
Half = Annotated[Visit, Depends(Door(Entrance.HALF))]

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac", "Mac"),
    ("Linux", "Linux"),  # also what Android says of itself
)


def entrance(rooms: Rooms) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.get("/login")
    async def login(visit: Stranger, next: str = "") -> Response:
        if visit.session is not None and visit.session.whole:
            return RedirectResponse(local(next), 303)
        left = visit.request.query_params.get("done") == "out"
        nobody = not any(each.joined for each in await rooms.accounts.everybody())
        return rooms.page.show(
            "login.html",
            visit,
            next=local(next),
            login="",
            problem="",
            done=said(visit),
            left=left,
            nobody=nobody,
        )

    @router.post("/login")
    async def log_in(visit: Stranger) -> Response:
        login, onward = visit.field("login")[:64], local(visit.field("next"))
        try:
            session, token = await rooms.logins.log_in(
                login, visit.field("password"), address=visit.address, device=device_of(visit.request)
            )
        except (StaffError, TooMany) as error:
            return rooms.again("login.html", visit, error, next=onward, login=login, done="")
        if visit.session is not None:
            await rooms.logins.log_out(visit.session)
        response = RedirectResponse(onward if session.whole else f"{CODE}?{urlencode({'next': onward})}", 303)
        keep_token(visit.request, response, token)
        return response

    @router.get("/login/code")
    async def code(visit: Half, next: str = "") -> Response:
        return rooms.page.show("code.html", visit, next=local(next), problem="")

    @router.post("/login/code")
    async def second(visit: Half) -> Response:
        onward = local(visit.field("next"))
        try:
            token = await rooms.logins.second(visit.whole, visit.field("code")[:64], address=visit.address)
        except (StaffError, TooMany) as error:
            return rooms.again("code.html", visit, error, next=onward)
        response = RedirectResponse(onward, 303)
        keep_token(visit.request, response, token)
        return response

    @router.post("/logout")
    async def log_out(visit: Stranger) -> Response:
        if visit.session is not None:
            await rooms.logins.log_out(visit.session)
        response = done("/login", "out")
        keep_token(visit.request, response, new_token())
        return response

    @router.get("/welcome/{token}")
    async def welcome(visit: Stranger, token: str) -> Response:
        try:
            staff = await rooms.accounts.linked(token)
        except StaffError as error:
            return rooms.again("login.html", visit, error, next=local(""), login="", done="")
        return rooms.page.show(
            "welcome.html", visit, staff=staff, name=staff.name, shortest=MIN_PASSWORD, problem="", token=token
        )

    @router.post("/welcome/{token}")
    async def join(visit: Stranger, token: str) -> Response:
        name = visit.field("name")[:64]
        try:
            staff = await rooms.accounts.join(token, name, visit.field("password"), visit.field("again"))
        except StaffError as error:
            if error.problem is Problem.LINK_GONE:
                return rooms.again("login.html", visit, error, next=local(""), login="", done="")
            staff = await rooms.accounts.linked(token)
            return rooms.again("welcome.html", visit, error, staff=staff, name=name, shortest=MIN_PASSWORD, token=token)
        if visit.session is not None:
            await rooms.logins.log_out(visit.session)
        session, session_token = await rooms.logins.welcome(staff, device_of(visit.request))
        response = done("/account/factor" if session.must_add_factor else "/")
        keep_token(visit.request, response, session_token)
        return response

    return router


def device_of(request: Request) -> str:
    """Return by what somebody knows a browser of theirs again."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), "其他浏览器")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " · ".join(filter(None, (browser, system)))
