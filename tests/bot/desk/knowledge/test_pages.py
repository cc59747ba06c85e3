import pytest
from fastapi.routing import APIRoute

from bot.desk.doors import Door
from bot.desk.staff import Permission, Role
from tests.bot.desk.knowledge.workplace import Workplace
from tests.bot.desk.office import PROVINCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


def routes(place: Workplace) -> list[APIRoute]:
    """Return the routes of the knowledge."""
    every = [route for router in place.office.desk.routers for route in router.routes if isinstance(route, APIRoute)]
    found = [route for route in every if route.path.startswith("/knowledge")]
    assert len(found) > 15
    return found


async def test_every_route_of_the_knowledge_opens_to_its_keepers_alone(place: Workplace) -> None:
    for route in routes(place):
        doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, Door)]
        assert [door.opens_to for door in doors] == [Permission.KEEP_KNOWLEDGE], route.path


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
async def test_nobody_else_gets_in_by_any_of_them(place: Workplace, role: Role) -> None:
    await place.office.hire(f"walker.{role}", role)
    browser = await place.office.admitted(f"walker.{role}")
    await browser.opens("/desk/account")
    for route in routes(place):
        path = route.path.format(generation="none", paper_id="00000000", gap_id="00000000", pin_id="00000000")
        for method in route.methods or ():
            files = {"csrf": (None, browser.csrf)} if method == "POST" else None
            answer = await browser.client.request(
                method, f"/desk{path}", files=files, headers={"X-CSRF-Token": browser.csrf}
            )
            assert answer.status_code == 403, f"{role} {method} {path}"
    await browser.client.aclose()


async def test_the_knowledge_stands_in_the_navigation_of_admins_alone(place: Workplace) -> None:
    await place.office.hire("boss", Role.ADMIN, PROVINCE)
    await place.office.hire("clerk")
    for login, there in (("boss", True), ("clerk", False)):
        browser = await place.office.admitted(login)
        page = await browser.opens("/desk/")
        assert ('href="/desk/knowledge"' in page.text) is there
        await browser.client.aclose()
