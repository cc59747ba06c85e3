"""Every route of the cases, and who comes in."""

from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute

from bot.cases.model import ClockKind, Content, Move
from bot.desk.cases import words
from bot.desk.cases.moving import FORMS
from bot.desk.doors import Door, Entrance
from bot.desk.staff import PERMISSIONS, Permission, Role
from tests.bot.cases import house
from tests.bot.desk.cases.casework import EMPLOYER, NAME, STORY, TELEPHONE, Casework
from tests.bot.desk.office import CITY

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEE, WORK, FIGURES = Permission.SEE_CASES, Permission.WORK_CASES, Permission.SEE_FIGURES
CANNED = Permission.KEEP_CANNED
ROUTES = {
    "GET /cases": SEE,
    "GET /cases/counts": SEE,
    "POST /cases/views": SEE,
    "POST /cases/views/{view}/remove": SEE,
    "GET /cases/new": WORK,
    "POST /cases/new": WORK,
    "POST /cases/search": SEE,
    "GET /cases/{number}": SEE,
    "GET /cases/{number}/news": WORK,
    "GET /cases/{number}/suggestion": WORK,
    "POST /cases/{number}/claimants": WORK,
    "POST /cases/{number}/files": WORK,
    "GET /cases/{number}/files/{file}": WORK,
    "GET /cases/{number}/files/{file}/look": WORK,
    "GET /cases/{number}/files/{file}/picture": WORK,
    "GET /cases/{number}/join": WORK,
    "POST /cases/{number}/join": WORK,
    "POST /cases/{number}/claim": WORK,
    "POST /cases/{number}/undo": WORK,
    "POST /cases/{number}/moves/{move}": WORK,
    "GET /cases/{number}/letters/{kind}": WORK,
    "POST /cases/{number}/letters/{kind}": WORK,
    "GET /directory/canned": CANNED,
    "GET /directory/canned/{id}": CANNED,
    "POST /directory/canned/{id}": CANNED,
    "POST /directory/canned/{id}/{step}": CANNED,
    "GET /figures": FIGURES,
    "GET /figures/export.{kind}": FIGURES,
}


def filled(path: str, number: str, odd: str | None = None) -> str:
    """Return an address of the route."""
    ids = {"number": number, "file": "0" * 32, "view": "0" * 32, "id": "paid", "step": "retire", "move": "note"}
    known = {**ids, "kind": "csv" if "export" in path else "opinion"}
    return "/desk" + path.format(**(dict.fromkeys(known, odd) if odd else known))


async def test_every_route_has_a_door_and_a_row_in_the_table(work: Casework) -> None:
    found: dict[str, list[Permission | Entrance]] = {}
    for router in work.office.desk.routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path.startswith(("/cases", "/figures", "/directory/canned")):
                doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, Door)]
                found |= {f"{method} {route.path}": [door.opens_to for door in doors] for method in route.methods or ()}
    assert found == {name: [permission] for name, permission in ROUTES.items()}


@pytest.mark.parametrize("role", Role)
async def test_a_role_comes_in_where_its_permissions_say_and_sees_no_story_elsewhere(
    work: Casework, role: Role
) -> None:
    person = house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=work.office.clock.now)
    case = await work.opened(person)
    await work.office.hire(f"walker.{role}", role, CITY)
    browser = await work.office.admitted(f"walker.{role}")
    await browser.opens("/desk/account")
    for name, permission in ROUTES.items():
        method, path = name.split()
        fields = {"csrf": browser.csrf, "text": "记一笔", "seen": str(case.seen), "q": "工钱"}
        answer = await browser.client.request(
            method, filled(path, case.number), data=fields if method == "POST" else None
        )
        if permission in PERMISSIONS[role]:
            assert answer.status_code in {200, 303, 404, 409, 422}, f"{role} {name}: {answer.status_code}"
        else:
            assert answer.status_code == 403, f"{role} {name}: {answer.status_code}"
        if WORK not in PERMISSIONS[role] or permission is FIGURES:
            assert not any(secret in answer.text for secret in (STORY, NAME, TELEPHONE, EMPLOYER)), name
    assert ((await work.again(case.id)).seen > case.seen) is (WORK in PERMISSIONS[role])


async def test_an_auditor_sees_how_a_case_stands_and_who_did_what_and_nothing_of_what_it_is_about(
    work: Casework,
) -> None:
    person = house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=work.office.clock.now)
    case = await work.moved(await work.opened(person), Move.TRIAGE, house.TRIAGE)
    reason = Content(organization=CITY, department="rights", reason="因为人在十堰。")
    case = await work.moved(case, Move.DISPATCH, house.TRIAGE, reason)
    case = await work.moved(case, Move.ACCEPT, house.HANDLER)
    case = await work.moved(case, Move.NOTE, house.HANDLER, Content(text="刘经理态度还好。"))
    await work.office.hire("auditor", Role.AUDITOR, CITY)
    browser = await work.office.admitted("auditor")
    await browser.opens("/desk/")
    assert "/desk/cases/counts" in browser.page.text  # type: ignore[union-attr]
    page = await browser.opens("/desk/cases")
    assert case.number in page.text
    assert "登记来电来访" not in browser.text and 'id="tab-mine"' not in page.text
    page = await browser.sends("/desk/cases/search", q=case.number)
    assert page.url.path == f"/desk/cases/{case.number}"
    for words_ in (case.number, "已受理", "派单", "受理", "内部备注", "王主任", "给出结果", "当事人 1 位"):
        assert words_ in browser.text, words_
    for content in (STORY, EMPLOYER, NAME, TELEPHONE, "欧**", "刘经理", "因为人在十堰", "<textarea", "<form class"):
        assert content not in page.text, content
    await browser.opens("/desk/cases")
    for asked in ("工钱", NAME):
        await browser.sends("/desk/cases/search", q=asked)
        assert "没有这个编号的诉求" in browser.text


async def test_a_form_without_its_token_changes_nothing(work: Casework) -> None:
    await work.office.hire("careful", Role.CLERK, CITY)
    browser, case = await work.office.admitted("careful"), await work.opened()
    for path in ("moves/note", "moves/triage", "claim", "claimants"):
        answer = await browser.posts(f"/desk/cases/{case.number}/{path}", text="x", seen=str(case.seen))
        assert answer.status_code == 403, path
    assert (await work.again(case.id)).seen == case.seen


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "９" * 8, "a" * 5_000, "-1", "1e400", "<script>", "../../etc", "🙂"])
async def test_whatever_is_sent_nothing_breaks(work: Casework, odd: str) -> None:
    if "sturdy" not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire("sturdy", Role.SUPERVISOR, CITY)
    browser, case = await work.office.admitted("sturdy"), await work.in_progress()
    await browser.opens("/desk/cases")
    token = browser.csrf
    asked = ("tab", "state", "category", "urgency", "union", "page", "seen", "others", "months", "form", "done")
    written = ("q", "start", "id", "step", "form", "way", "story", "employer", "place", "since", "people", "name")
    for name in ROUTES:
        method, path = name.split()
        for where in (filled(path, case.number), filled(path, case.number, quote(odd, safe="")[:2_000])):
            data = {"csrf": token, **dict.fromkeys((*written, *words.FIELDS, "phone", "agreed", "seen"), odd)}
            answer = await browser.client.request(
                method, where, params=dict.fromkeys(asked, odd), data=data if method == "POST" else None
            )
            assert answer.status_code < 500, f"{name}: {answer.status_code}"
            assert "<script>" not in answer.text.replace("<script src=", ""), name
    for move in FORMS:
        seen = str((await work.again(case.id)).seen)
        data = {"csrf": token, **dict.fromkeys(words.FIELDS, odd), "seen": seen}
        answer = await browser.client.post(f"/desk/cases/{case.number}/moves/{move}", data=data)
        assert answer.status_code < 500, f"{move}: {answer.status_code}"


async def test_everything_that_is_told_by_name_has_its_words() -> None:
    assert set(words.MOVES) == set(Move)
    assert set(words.TABS) == set(words.EMPTY) == set(words.Tab)
    assert {name for names in FORMS.values() for name in names} == set(words.FIELDS)
    assert set(words.CLOCKS) == set(words.OWNERS) == set(ClockKind)
