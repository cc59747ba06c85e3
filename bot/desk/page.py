"""How the desk's pages are drawn: its templates, what all of them show, and moments as people write them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse

from bot.desk import texts
from bot.desk.doors import PREFIX, Visit, keep_token
from bot.desk.ports import Session
from bot.desk.staff import Permission, Role
from bot.pages.drawing import Drawing

CHINA = timezone(timedelta(hours=8))  # without summer time since 1992


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation; its picture has the same name in `parts.html`."""

    path: str
    name: str
    label: str
    permission: Permission


NAVIGATION = (
    Place("/", "today", "今天", Permission.TODAY),
    Place("/cases", "cases", "诉求", Permission.SEE_CASES),
    Place("/figures", "figures", "统计", Permission.SEE_FIGURES),
    Place("/reports", "reports", "报告", Permission.SEE_FIGURES),
    Place("/knowledge", "knowledge", "知识", Permission.KEEP_KNOWLEDGE),
    Place("/duty", "duty", "值班", Permission.SEE_DUTY),
    Place("/directory", "directory", "名录", Permission.SEE_DIRECTORY),
    Place("/staff", "staff", "工作人员", Permission.SEE_STAFF),
    Place("/audit", "audit", "审计", Permission.READ_AUDIT),
    Place("/account", "account", "我的账号", Permission.OWN_ACCOUNT),
)


class Page(Drawing):
    """Draws the pages of the desk."""

    def __init__(self, generation: Callable[[], str], called: Callable[[str], str], provider: str = "") -> None:
        """`generation` returns the id of the index that serves; `provider` names the identity provider, if any.

        `called` returns what people call a union of this name.
        """
        self._generation = generation
        known = {
            "desk": PREFIX,
            "roles": texts.ROLES,
            "role_notes": texts.ROLE_NOTES,
            "all_roles": tuple(Role),
            "moment": moment,
            "version": version("niangjia"),
            "provider": provider,
        }
        super().__init__(Path(__file__).parent, known, PREFIX)
        self._templates.filters["called"] = called

    def show(self, template: str, visit: Visit, status: int = 200, /, **values: object) -> HTMLResponse:
        """Return a page, and see to it that the browser can send its forms."""
        session = visit.session
        whole = session if session and session.whole else None
        response = HTMLResponse(self._draw(template, visit.request, whole, visit.csrf, values), status)
        if session is None:
            keep_token(visit.request, response, visit.token)
        return response

    def lost(self, request: Request, title: str, text: str, status: int) -> HTMLResponse:
        """Return the page that says why there is no other; who it is may be known or not."""
        visit: Visit | None = getattr(request.state, "visit", None)
        whole = visit.session if visit and visit.session and visit.session.whole else None
        values: dict[str, object] = {"title": title, "text": text}
        return HTMLResponse(self._draw("lost.html", request, whole, visit.csrf if visit else "", values), status)

    def _draw(
        self, template: str, request: Request, session: Session | None, csrf: str, values: dict[str, object]
    ) -> str:
        staff = session.staff if session else None
        path = request.url.path.removeprefix(PREFIX).rstrip("/") or "/"
        places = [place for place in NAVIGATION if staff and staff.may(place.permission)]
        return self.render(
            template,
            me=staff,
            csrf=csrf,
            navigation=[] if session and session.must_add_factor else places,
            here=next((place.name for place in places if _within(path, place.path)), ""),
            theme=_theme(request),
            generation=self._generation(),
            **values,
        )


def moment(value: datetime) -> str:
    """Write a moment in China's time: 2026-11-21 16:05."""
    return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _within(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(f"{place}/"))


def _theme(request: Request) -> str:
    theme = request.cookies.get("theme", "")
    return theme if theme in ("light", "dark") else ""
