"""Taking an emergency on the page behind the link in a notice.

Opening the page changes nothing, for messengers open links by themselves to show a preview; only its button does.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from bot.notices import words
from bot.notices.duty import Duty
from bot.notices.links import TAKE_PATH, Links, Ticket
from bot.notices.ports import Taken, Takes
from bot.pages.drawing import Drawing
from bot.pages.guard import SecurityHeaders, check_same_origin
from bot.pages.refusals import Refused

_SAID = {Taken.TAKEN: words.TAKEN, Taken.ALREADY: words.ALREADY, Taken.GONE: words.GONE}


class Taking:
    """Notes who takes an emergency, for whoever holds a token of ours."""

    def __init__(self, links: Links, duty: Duty, takes: Takes, now: Callable[[], datetime]) -> None:
        self._links = links
        self._duty = duty
        self._takes = takes
        self._now = now

    def ticket(self, token: str) -> Ticket | None:
        """Return what a token says; None if it is none of ours or too old."""
        return self._links.read(token, self._duty.names(), self._now())

    async def take(self, ticket: Ticket) -> str:
        """Note who takes it, and return what to say."""
        return _SAID[await self._takes.take(ticket.case, ticket.entry, self._now())]


def build_take(taking: Taking) -> ASGIApp:
    """Return the page, to be mounted at `TAKE_PATH`."""
    page = _Page(taking)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/static/{path:path}", page.static, methods=["GET"])
    app.add_api_route("/{token}", page.ask, methods=["GET"])
    app.add_api_route("/{token}", page.take, methods=["POST"])
    app.add_exception_handler(Refused, page.refuse)
    return SecurityHeaders(app)


class _Page:
    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._drawing = Drawing(Path(__file__).parent / "page", {}, TAKE_PATH.rstrip("/"))

    async def ask(self, token: str) -> Response:
        """Show what is to be taken, and the button."""
        return self._shown(self._ticket(token).case, words.TAKE_ASKED, words.TAKE)

    async def take(self, request: Request, token: str) -> Response:
        """Note who takes it, and say what came of it."""
        check_same_origin(request.headers)
        ticket = self._ticket(token)
        return self._shown(ticket.case, await self._taking.take(ticket))

    async def static(self, path: str) -> Response:
        """Return a file of the page."""
        file = self._drawing.files.get(f"{TAKE_PATH}static/{path}")
        return file.response() if file else Response(status_code=404)

    async def refuse(self, _request: Request, error: Exception) -> Response:
        """Say why a request was not taken."""
        status = error.status if isinstance(error, Refused) else 500
        return self._shown(words.SENDER, str(error), status=status)

    def _ticket(self, token: str) -> Ticket:
        ticket = self._taking.ticket(token)
        if ticket is None:
            raise Refused(404, words.SENDER, words.EXPIRED)
        return ticket

    def _shown(self, title: str, text: str, button: str | None = None, status: int = 200) -> Response:
        return HTMLResponse(self._drawing.render("take.html", title=title, text=text, button=button), status)
