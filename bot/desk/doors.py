"""The doors of the desk: every route has one, and it lets in whom the route is for."""

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from fastapi import Request
from fastapi.responses import Response

from bot.desk import texts
from bot.desk.credentials import new_token
from bot.desk.logins import Logins
from bot.desk.ports import Session
from bot.desk.staff import Permission, Staff
from bot.pages.guard import check_same_origin, limited_body

PREFIX = "/desk"
MAX_BODY = 65_536  # bytes of a form
MAX_FIELDS = 200
SAFE = frozenset({"GET", "HEAD"})
LOGIN = f"{PREFIX}/login"
CODE = f"{LOGIN}/code"
FACTOR = f"{PREFIX}/account/factor"
LOOK = "x-look"  # header of what a page asks for by itself, which does not keep anybody logged in
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)  # as `new_token` makes them


Fields = dict[str, tuple[str, ...]]
FormReader = Callable[[Request], Awaitable[Fields]]


class Elsewhere(Exception):  # noqa: N818 - named by what it says
    """Lead a request to another page of the desk."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Entrance(StrEnum):
    """Who may come in without a role's permission."""

    ANYBODY = "anybody"
    HALF = "half"  # who has given the password and owes the second factor
    NO_FACTOR_YET = "no factor yet"  # any whole session, even that of an admin who still must add a second factor


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in."""

    request: Request
    token: str  # of the cookie; a stranger has one too, for the sake of forms
    session: Session | None
    fields: Mapping[str, tuple[str, ...]]  # of the form

    @property
    def staff(self) -> Staff:
        """Return who it is; only behind a door that asks for somebody."""
        return self.whole.staff

    @property
    def whole(self) -> Session:
        """Return the session; only behind a door that asks for one."""
        if self.session is None:
            raise texts.forbidden()
        return self.session

    @property
    def csrf(self) -> str:
        """Return what forms of this browser carry, and no other site can know."""
        return csrf_of(self.token)

    @property
    def address(self) -> str:
        """Return where it comes from."""
        return self.request.client.host if self.request.client else ""

    @property
    def by_script(self) -> bool:
        """Tell whether a part of a page is asked for rather than a page."""
        return self.request.headers.get("hx-request") == "true"

    def field(self, name: str) -> str:
        """Return what was written in a field, or nothing."""
        return next(iter(self.fields.get(name, ())), "")


async def plain_form(request: Request) -> Fields:
    """Return the fields of a form without files; raise what was wrong with it."""
    body = await limited_body(request, MAX_BODY, MAX_BODY // 9)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise texts.malformed(400) from error
    fields: Fields = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return fields


@dataclass(frozen=True, slots=True)
class Door:
    """A dependency of one route: returns the `Visit` of whom it lets in, and raises for everybody else."""

    opens_to: Permission | Entrance
    form: FormReader = plain_form

    async def __call__(self, request: Request) -> Visit:
        """Find out who it is, hold a form to its token, and ask what the role allows."""
        logins: Logins = request.app.state.logins
        token = request.cookies.get(cookie_name(request), "")
        token = token if _TOKEN.fullmatch(token) else ""
        acting = LOOK not in request.headers
        session = await logins.session(token, acting=acting) if token else None
        fields: Fields = {}
        if request.method not in SAFE:
            check_same_origin(request.headers)
            if self.form is not plain_form:  # a large form is not even read of somebody who may not send it
                self._admit(Visit(request, token, session, {}))
            fields = await self.form(request)
            sent = request.headers.get("x-csrf-token") or next(iter(fields.get("csrf", ())), "")
            if not token or not hmac.compare_digest(sent.encode(), csrf_of(token).encode()):
                raise texts.stale_form()
        visit = Visit(request, token or new_token(), session, fields)
        request.state.visit = visit
        self._admit(visit)
        return visit

    def _admit(self, visit: Visit) -> None:
        session = visit.session
        if self.opens_to is Entrance.ANYBODY:
            return
        if session is None:
            raise Elsewhere(_login_url(visit.request))
        if self.opens_to is Entrance.HALF:
            if session.whole:
                raise Elsewhere(f"{PREFIX}/")
            return
        if not session.whole:
            raise Elsewhere(CODE)
        if self.opens_to is Entrance.NO_FACTOR_YET:
            return
        if session.must_add_factor:
            raise Elsewhere(FACTOR)
        if not session.staff.may(Permission(self.opens_to)):
            raise texts.forbidden()


def csrf_of(token: str) -> str:
    """Return the token of forms that belongs to a cookie's token."""
    return blake2b(token.encode(), digest_size=16, person=b"desk csrf").hexdigest()


def keep_token(request: Request, response: Response, token: str) -> None:
    """Give the browser its token, until it is closed."""
    secure = request.url.scheme == "https"
    path = "/" if secure else PREFIX
    response.set_cookie(cookie_name(request), token, path=path, secure=secure, httponly=True, samesite="lax")


def cookie_name(request: Request) -> str:
    """Return the name of the cookie; the prefix keeps neighbouring subdomains out, and needs HTTPS and the path /."""
    return "__Host-niangjia-desk" if request.url.scheme == "https" else "niangjia-desk"


def address_of(request: Request, path: str) -> str:
    """Return the whole address of a page of the desk, as this browser reaches us."""
    return urlunsplit((*urlsplit(str(request.url))[:2], f"{PREFIX}{path}", "", ""))


def local(url: str) -> str:
    """Return the address if it is a page of the desk, or else the first page."""
    clean = url.startswith(f"{PREFIX}/") and "\\" not in url and "//" not in url and url.isprintable()
    return url if clean else f"{PREFIX}/"


def _login_url(request: Request) -> str:
    """Return where to log in, and to come back from to the page that was open."""
    asked = str(request.url)
    if request.method not in SAFE or request.headers.get("hx-request"):  # no page by itself, but sent from one
        asked = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    path = local(asked.partition(request.url.netloc)[2])
    return LOGIN if path == f"{PREFIX}/" else f"{LOGIN}?next={quote(path, safe='/')}"
