"""Who a request is from: a random cookie, and nothing about a person."""

import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from knowledge.model import content_id

DAYS = 30
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser's conversation: `token` is the secret, 192 bits; `chat` is the address derived from it."""

    token: str
    secure: bool
    known: bool  # the browser brought the cookie

    @property
    def chat(self) -> str:
        """Return the conversation's address; whoever reads it in the database cannot make the cookie from it."""
        return content_id("web", self.token)

    def keep(self, response: Response) -> None:
        """Give the browser its cookie, or let it last longer."""
        response.set_cookie(
            _name(self.secure),
            self.token,
            max_age=DAYS * 86_400,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )


def visitor_of(request: Request) -> Visitor:
    """Return the visitor that the cookie names, or a new one."""
    secure = request.url.scheme == "https"
    token = request.cookies.get(_name(secure), "")
    known = _TOKEN.fullmatch(token) is not None
    return Visitor(token if known else secrets.token_urlsafe(24), secure, known)


def new_visitor(request: Request) -> Visitor:
    """Return a visitor with nothing behind them."""
    return Visitor(secrets.token_urlsafe(24), request.url.scheme == "https", known=False)


def _name(secure: bool) -> str:
    # With this prefix no neighbouring subdomain can push its own conversation on somebody; it needs HTTPS.
    return "__Host-niangjia" if secure else "niangjia"
