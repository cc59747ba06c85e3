"""Every route of the desk, and who comes in."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from bot.desk.doors import Door, Entrance
from bot.desk.staff import Permission, Role
from tests.bot.desk.office import CITY, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYBODY = frozenset(Role)
ADMIN, READERS = frozenset({Role.ADMIN}), frozenset({Role.ADMIN, Role.AUDITOR})
COLLEAGUES = EVERYBODY - {Role.CLERK}
OPEN: frozenset[str] = frozenset(
    {"GET /login", "POST /login", "POST /logout", "GET /welcome/{token}", "POST /welcome/{token}"}
)
HALF = frozenset({"GET /login/code", "POST /login/code"})
ROLES = {
    "GET /": EVERYBODY,
    "GET /account": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "GET /account/factor": EVERYBODY,
    "POST /account/factor": EVERYBODY,
    "POST /account/factor/off": EVERYBODY,
    "POST /account/codes": EVERYBODY,
    "POST /account/sessions/end": EVERYBODY,
    "POST /account/sessions/{session_id}/end": EVERYBODY,
    "GET /staff": COLLEAGUES,
    "GET /staff/invite": ADMIN,
    "POST /staff/invite": ADMIN,
    "GET /staff/{staff_id}": ADMIN,
    "POST /staff/{staff_id}/change": ADMIN,
    "POST /staff/{staff_id}/reset": ADMIN,
    "POST /staff/{staff_id}/disable": ADMIN,
    "POST /staff/{staff_id}/enable": ADMIN,
    "GET /audit": READERS,
    "POST /audit/verify": READERS,
    "GET /audit/export": READERS,
}


def routes(office: Office) -> Iterator[tuple[str, str, Door | None]]:
    """Yield the method, the path and the door of every route."""
    own = [route for route in office.desk.app.routes if isinstance(route, APIRoute)]
    assert len(office.desk.app.routes) == len(own) + len(office.desk.routers), "all others come from the routers"
    for route in (*own, *(route for router in office.desk.routers for route in router.routes)):
        assert isinstance(route, APIRoute), f"{route} has no door"
        doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, Door)]
        for method in sorted(route.methods or ()):
            yield method, route.path, doors[0] if doors else None


def filled(path: str, **ids: str) -> str:
    """Return an address of the route."""
    known = {"token": "x" * 43, "session_id": "0" * 64, "staff_id": "00000000", "path": "none", **ids}
    return f"/desk{path.replace(':path', '')}".format(**known)


async def test_every_route_but_the_static_files_has_a_door_and_a_row_in_the_table(office: Office) -> None:
    found = {f"{method} {path}": door for method, path, door in routes(office)}
    assert found.pop("GET /static/{path:path}") is None
    assert set(found) == OPEN | HALF | set(ROLES)
    assert {name for name, door in found.items() if door == Door(Entrance.ANYBODY)} == OPEN
    assert {name for name, door in found.items() if door == Door(Entrance.HALF)} == HALF
    without_factor = {name for name, door in found.items() if door == Door(Entrance.NO_FACTOR_YET)}
    assert without_factor == {"GET /account/factor", "POST /account/factor"}
    assert all(isinstance(found[name].opens_to, Permission) for name in set(ROLES) - without_factor)  # type: ignore[union-attr]


async def test_a_stranger_is_led_to_the_login_wherever_they_knock(office: Office) -> None:
    stranger = office.browser()
    await stranger.opens("/desk/login")
    for name in sorted(set(ROLES) | HALF):
        method, path = name.split()
        answer = await stranger.client.request(method, filled(path), data={"csrf": stranger.csrf})
        assert answer.status_code == 303, name
        assert answer.headers["location"].partition("?")[0] == "/desk/login", name
    await stranger.client.aclose()


async def test_who_owes_the_second_factor_gets_no_further(office: Office) -> None:
    await office.hire("half", factor=True)
    browser = office.browser()
    assert (await browser.logs_in("half")).url.path == "/desk/login/code"
    for name in sorted(ROLES):
        method, path = name.split()
        answer = await browser.client.request(method, filled(path), data={"csrf": browser.csrf})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login/code"), name
    await browser.client.aclose()


async def test_an_admin_without_a_second_factor_can_do_nothing_but_add_one(office: Office) -> None:
    await office.hire("bare.admin", Role.ADMIN, factor=False)
    browser = office.browser()
    assert (await browser.logs_in("bare.admin")).url.path == "/desk/account/factor"
    for name in sorted(set(ROLES) - {"GET /account/factor", "POST /account/factor"}):
        method, path = name.split()
        answer = await browser.client.request(method, filled(path), data={"csrf": browser.csrf})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account/factor"), name
    await browser.client.aclose()


@pytest.mark.parametrize("role", Role)
async def test_a_role_comes_in_where_its_table_says_and_nowhere_else(office: Office, role: Role) -> None:
    await office.hire(f"walker.{role}", role, CITY)
    for name, allowed in ROLES.items():
        browser = await office.admitted(f"walker.{role}")  # anew for each, for some end the session
        colleague = await office.hire(f"{role}.{abs(hash(name))}"[:32], Role.CLERK, CITY)
        await browser.opens("/desk/account")
        method, path = name.split()
        fields: dict[str, Any] = {"csrf": browser.csrf, "role": "clerk", "union": CITY}
        answer = await browser.client.request(
            method, filled(path, staff_id=colleague.id), data=fields if method == "POST" else None
        )
        if role in allowed:
            assert answer.status_code in {200, 303, 422}, f"{role} {name}: {answer.status_code}"
            assert "/login" not in answer.headers.get("location", ""), name
        else:
            assert answer.status_code == 403, f"{role} {name}: {answer.status_code}"
        await browser.client.aclose()


async def test_what_is_not_there_is_said_so_to_anybody(office: Office) -> None:
    stranger = office.browser()
    for path in ("/desk/nowhere", "/desk/static/0/desk.css", "/desk/openapi.json", "/desk/docs"):
        answer = await stranger.client.get(path)
        assert answer.status_code == 404
        assert "没有找到这一页" in answer.text
    assert (await stranger.client.delete("/desk/login")).status_code == 405
    await stranger.client.aclose()


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "９" * 8, "a" * 5_000, "-1", "1e400", "<script>", "../../etc", "🙂"])
async def test_whatever_is_sent_nothing_breaks(office: Office, odd: str) -> None:
    if "sturdy" not in office.secrets:
        await office.hire("sturdy", Role.ADMIN)
    browser = await office.admitted("sturdy")
    await browser.opens("/desk/account")
    token = browser.csrf
    for name in sorted(OPEN | set(ROLES) - {"POST /logout"}):
        method, path = name.split()
        words = dict.fromkeys(
            ("login", "password", "again", "name", "role", "union", "code", "secret", "old", "new", "next"), odd
        )
        query = dict.fromkeys(("actor", "act", "subject", "hash", "since", "until", "before", "done", "next"), odd)
        quoted = quote(odd, safe="")[:2_000]
        where = filled(path, token=quoted, session_id=quoted, staff_id=quoted)
        answer = await browser.client.request(
            method, where, params=query, data={"csrf": token, **words} if method == "POST" else None
        )
        assert answer.status_code < 500, f"{name}: {answer.status_code}"
        assert "<script>" not in answer.text.replace("<script src=", ""), name
        if name == "POST /login":
            assert answer.status_code in {422, 429}
