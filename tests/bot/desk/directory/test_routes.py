"""Every route of the directory, and who comes in."""

import pytest
from fastapi.routing import APIRoute

from bot.desk.directory.body_form import FIELDS as BODY
from bot.desk.directory.region_form import FIELDS as REGION
from bot.desk.directory.union_form import FIELDS as UNION
from bot.desk.directory.words import LIMITS
from bot.desk.doors import Door
from bot.desk.staff import Role
from tests.bot.desk.office import CITY, PROVINCE, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYBODY, ADMIN = frozenset(Role), frozenset({Role.ADMIN})
ROLES = {
    "GET /directory": EVERYBODY,
    "GET /directory/parameters/{id}": ADMIN,
    "POST /directory/parameters/{id}/confirm": ADMIN,
    "POST /directory/parameters/{id}/withdraw": ADMIN,
    "GET /directory/stations": EVERYBODY,
    "GET /directory/stations/export": EVERYBODY,
    "POST /directory/stations/preview": ADMIN,
    "POST /directory/stations/take": ADMIN,
    "GET /directory/holidays": EVERYBODY,
    "POST /directory/holidays/check": ADMIN,
    "POST /directory/holidays/save": ADMIN,
    "POST /directory/holidays/{number}/withdraw": ADMIN,
    "GET /directory/unions": EVERYBODY,
    "GET /directory/unions/one": ADMIN,
    "POST /directory/unions/check": ADMIN,
    "POST /directory/unions/save": ADMIN,
    "GET /directory/unions/import": ADMIN,
    "GET /directory/unions/export": EVERYBODY,
    "POST /directory/unions/preview": ADMIN,
    "POST /directory/unions/take": ADMIN,
    "GET /directory/regions/one": ADMIN,
    "POST /directory/regions/check": ADMIN,
    "POST /directory/regions/save": ADMIN,
    "GET /directory/regions/import": ADMIN,
    "GET /directory/regions/export": EVERYBODY,
    "POST /directory/regions/preview": ADMIN,
    "POST /directory/regions/take": ADMIN,
    "GET /directory/bodies/import": ADMIN,
    "GET /directory/bodies/export": EVERYBODY,
    "POST /directory/bodies/preview": ADMIN,
    "POST /directory/bodies/take": ADMIN,
    "GET /directory/bodies/{id}": ADMIN,
    "POST /directory/bodies/{id}/check": ADMIN,
    "POST /directory/bodies/{id}/save": ADMIN,
    "GET /directory/routes": EVERYBODY,
    "GET /directory/routes/{id}": ADMIN,
    "POST /directory/routes/{id}": ADMIN,
    "POST /directory/routes/{id}/restore": ADMIN,
    "GET /directory/clocks/{id}": ADMIN,
    "POST /directory/clocks/{id}": ADMIN,
    "POST /directory/clocks/{id}/restore": ADMIN,
}


def filled(path: str) -> str:
    ids = {"parameters": "childcare-leave-days", "routes": "work-injury", "clocks": "urgent", "bodies": "inspection"}
    return f"/desk{path}".format(id=ids.get(path.split("/")[2] if "{id}" in path else ""), number=2028)


async def test_every_route_has_a_door_and_a_row_in_the_table(office: Office) -> None:
    found: dict[str, int] = {}
    for router in office.desk.routers:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if route.path.startswith("/directory"):
                doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, Door)]
                found |= {f"{method} {route.path}": len(doors) for method in route.methods or ()}
    assert found == dict.fromkeys(ROLES, 1)


@pytest.mark.parametrize("role", Role)
async def test_a_role_comes_in_where_its_table_says_and_nowhere_else(office: Office, role: Role) -> None:
    await office.hire(f"walker.{role}", role, PROVINCE)
    browser = await office.admitted(f"walker.{role}")
    await browser.opens("/desk/account")
    stranger = office.browser()
    for name, allowed in ROLES.items():
        method, path = name.split()
        files = {"file": ("", b"")} if path.endswith("preview") else None
        data = {"csrf": browser.csrf} if method == "POST" else None
        answer = await browser.client.request(method, filled(path), data=data, files=files)
        if role in allowed:
            assert answer.status_code in {200, 303, 422}, f"{role} {name}: {answer.status_code}"
        else:
            assert answer.status_code == 403, f"{role} {name}: {answer.status_code}"
        if method == "GET":
            answer = await stranger.client.get(filled(path))
            assert answer.headers["location"].partition("?")[0] == "/desk/login", name


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "９" * 8, "a" * 5_000, "-1", "1e400", "<script>", "🙂"])
async def test_whatever_is_sent_nothing_breaks(office: Office, odd: str) -> None:
    if "sturdy" not in office.secrets:
        await office.hire("sturdy", Role.ADMIN, CITY, PROVINCE)
    browser = await office.admitted("sturdy")
    await browser.opens("/desk/account")
    asked = ("start", "done", "name", "below")
    common = ("region", "value", "since", "until", "source", "seen", "year", "holidays", "worked", "department", "body")
    limits = (*LIMITS, *(f"{limit}-unit" for limit in LIMITS), *UNION, *REGION, *BODY, "leaves", "act", "draft")
    names = (*common, *limits)
    for name in ROLES:
        method, path = name.split()
        files = {"file": (odd, odd.encode())} if path.endswith("preview") else None
        data = {"csrf": browser.csrf, **dict.fromkeys(names, odd)} if method == "POST" else None
        answer = await browser.client.request(
            method, filled(path), data=data, files=files, params=dict.fromkeys(asked, odd)
        )
        assert answer.status_code < 500, f"{name}: {answer.status_code}"
        assert "<script>" not in answer.text, name
