"""The desk over HTTP: all its routes, and what is answered when something goes wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from bot.audit import Audit
from bot.desk import texts
from bot.desk.account import MESSENGER, account
from bot.desk.accounts import Accounts
from bot.desk.auditing import auditing
from bot.desk.doors import PREFIX, Elsewhere
from bot.desk.entrance import entrance
from bot.desk.journeys import Journeys
from bot.desk.logins import Logins
from bot.desk.page import Page
from bot.desk.people import people
from bot.desk.rooms import Rooms
from bot.desk.sso import sso
from bot.desk.subjects import Subjects
from bot.desk.today import today
from bot.pages.guard import SecurityHeaders
from bot.pages.refusals import Outage, Refused, TooMany
from knowledge.organizations import Organizations


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk: `app` holds the `routers`, `guarded` is what is mounted."""

    app: FastAPI
    routers: tuple[APIRouter, ...]
    guarded: ASGIApp


def build_desk(
    accounts: Accounts,
    logins: Logins,
    audit: Audit,
    organizations: Organizations,
    *,
    generation: Callable[[], str],
    now: Callable[[], datetime],
    journeys: Journeys | None = None,
    subjects: Subjects | None = None,
    more: Callable[[Rooms], Sequence[APIRouter]] = lambda rooms: (),
) -> Desk:
    """Return the desk, to be mounted at `PREFIX`; `generation` returns the id of the index that serves.

    `journeys` lead to an identity provider if there is one, `subjects` names what the audit is about, and `more`
    returns further groups of pages.
    """
    page = Page(generation, organizations.title, journeys.provider.label if journeys else "")
    rooms = Rooms(accounts, logins, audit, organizations, page)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.logins = logins
    further = more(rooms)
    paths = {each.path for router in further for each in router.routes if isinstance(each, APIRoute)}
    own = (
        today(rooms, now, paths),
        entrance(rooms),
        account(rooms, messenger=MESSENGER in paths),
        people(rooms),
        auditing(rooms, subjects),
    )
    routers = (*own, *((sso(rooms, journeys),) if journeys else ()), *further)
    for router in routers:
        app.include_router(router)

    @app.get("/static/{path:path}")
    async def static(path: str) -> Response:
        file = page.files.get(f"{PREFIX}/static/{path}")
        if file is None:
            raise texts.not_found()
        return file.response()

    async def lead(request: Request, error: Exception) -> Response:
        url = error.url if isinstance(error, Elsewhere) else f"{PREFIX}/"
        if request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Redirect": url})
        return RedirectResponse(url, 303)

    async def refuse(request: Request, error: Exception) -> Response:
        refused = _refusal_of(error)
        response = page.lost(request, refused.title, refused.text, refused.status)
        response.headers.update(refused.headers)
        return response

    app.add_exception_handler(Elsewhere, lead)
    for kind in (Refused, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, refuse)
    return Desk(app, routers, SecurityHeaders(GZipMiddleware(app, 700)))


def _refusal_of(error: Exception) -> Refused:
    if isinstance(error, TooMany):
        return _in_our_words(error, error.title, texts.TOO_MANY)
    if isinstance(error, Outage):
        return _in_our_words(error, *texts.OUTAGE)
    if isinstance(error, Refused):
        return error
    if isinstance(error, RequestValidationError):
        return texts.malformed(400)
    if isinstance(error, HTTPException):
        return texts.not_found() if error.status_code == 404 else texts.malformed(error.status_code)
    return texts.broken()


def _in_our_words(error: Refused, title: str, text: str) -> Refused:
    """Say the same to staff as others are told in other words."""
    refused = Refused(error.status, title, text)
    refused.headers = error.headers
    return refused
