import re

import pytest

from bot.audit import Act, Search
from bot.desk.cases import canned_words
from bot.desk.cases.canned import MOVES, SHIPPED, VARIABLES, checked, filled, offered
from bot.desk.cases.moving import FORMS, Unfit
from bot.desk.cases.ports import ReadyReply
from bot.desk.staff import Role
from tests.bot.desk.cases.casework import EMPLOYER, Casework
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLACE = "/desk/directory/canned"


async def admin(work: Casework, login: str = "admin", union: str = CITY, role: Role = Role.ADMIN) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, role, union)
    browser = await work.office.admitted(login)
    await browser.opens(PLACE)
    return browser


async def ready(work: Casework, union: str) -> dict[str, str]:
    """Return the replies that a clerk finds at a case of the union, by title."""
    login = f"clerk.{abs(hash(union))}"[:20]
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, Role.CLERK, union)
    case = await work.in_progress(union)
    page = await (await work.office.admitted(login)).opens(f"/desk/cases/{case.number}")
    return dict(re.findall(r'hidden>([^<]+)</button><span id="canned-[^>]*>([^<]*)', page.text))


async def test_what_ships_can_be_filled_in_and_is_for_moves_that_ask_for_words() -> None:
    for reply in SHIPPED:
        assert checked(reply.move, reply.title, reply.text) == (reply.move, reply.title, reply.text)
    assert all(set(FORMS[move]) & {"text", "reason"} for move in MOVES)
    assert set(canned_words.SAMPLE) == set(VARIABLES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("已联系{单味}。", "没有“单味”这个变量，可以用：{单位}"),
        ("已联系{}。", "没有“”这个变量"),
        ("{单位.__class__}", "没有“单位.__class__”"),
        ("{单位!r}", "没有“单位”"),
        ("已联系{单位。", "花括号要成对"),
        ("已联系单位}。", "花括号要成对"),
    ],
)
async def test_a_variable_that_there_is_not_is_named(text: str, said: str) -> None:
    with pytest.raises(Unfit, match=re.escape(said)):
        filled(text, canned_words.SAMPLE)


async def test_the_nearest_unions_reply_stands_for_those_above_it() -> None:
    paid = next(reply for reply in SHIPPED if reply.id == "paid")
    city, county = (ReadyReply("paid", paid.move, "已付清", text) for text in ("市里的话", "县里的话"))
    kept = [(COUNTY, county), (CITY, city)]
    assert offered(kept, [COUNTY, CITY])["paid"] == (COUNTY, county)
    assert offered(kept, [CITY])["paid"] == (CITY, city)
    assert offered(kept, [OTHER_CITY])["paid"] == ("", paid)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR])
async def test_who_leads_adds_a_reply_that_clerks_of_the_union_and_below_find_filled_in(
    work: Casework, role: Role
) -> None:
    browser, title = await admin(work, role.value, role=role), f"{role[0]} 周五给信"
    await browser.opens(f"{PLACE}/new?union={CITY}")
    typed = {"union": CITY, "move": "say", "title": title, "text": "{单位}说周五给信，{经办人}会盯着。"}
    page = await browser.sends(f"{PLACE}/new", **typed, step="preview")
    assert "某某建筑公司说周五给信，王主任会盯着。" in page.text
    assert title not in await ready(work, CITY)
    await browser.sends(f"{PLACE}/new", **typed, step="save")
    assert "已保存" in browser.text and title in browser.text
    for union in (CITY, COUNTY):
        assert (await ready(work, union))[title].startswith(f"{EMPLOYER}说周五给信，clerk.")
    assert title not in await ready(work, OTHER_CITY)
    me = await work.office.accounts.named(role.value)
    (record,) = await work.storage.audit.search(Search(actor=me.id, act=Act.CANNED_CHANGED))
    assert record.entry.detail == "changed" and "周五" not in f"{record.entry}"


async def test_a_shipped_reply_is_changed_retired_and_brought_back_for_one_union(work: Casework) -> None:
    browser = await admin(work)
    typed = {"union": COUNTY, "move": "resolve", "title": "已付清", "text": "{单位}付清了，请查收。"}
    await browser.sends(f"{PLACE}/paid", **typed, step="save")
    assert (await ready(work, COUNTY))["已付清"] == f"{EMPLOYER}付清了，请查收。"
    assert (await ready(work, CITY))["已付清"] != f"{EMPLOYER}付清了，请查收。"
    await browser.sends(f"{PLACE}/paid/retire", union=COUNTY)
    assert "已停用" in browser.text
    assert "已付清" not in await ready(work, COUNTY)
    await browser.sends(f"{PLACE}/paid/restore", union=COUNTY)
    assert (await ready(work, COUNTY))["已付清"] == f"{EMPLOYER}付清了，请查收。"


async def test_what_cannot_stand_ready_is_said_so_and_what_was_written_stays(work: Casework) -> None:
    browser = await admin(work)
    good = {"union": CITY, "move": "resolve", "title": "好", "text": "您好。"}
    for change, said in (
        ({"text": "您好，{姓名}。"}, "没有“姓名”这个变量"),
        ({"title": " "}, "请写一个名字"),
        ({"title": "长" * 13}, "请写一个名字"),
        ({"text": "长" * 601}, "请写要说的话"),
        ({"move": "open"}, "请选这句话用在哪一步"),
    ):
        page = await browser.sends(f"{PLACE}/new", **{**good, **change}, step="save")
        assert page.status_code == 422 and said in browser.text
        assert good["text"][:2] in page.text or "长" in page.text
        assert ('<option value="resolve" selected>' in page.text) is ("move" not in change)


async def test_the_replies_of_another_union_are_not_an_admins_to_change(work: Casework) -> None:
    browser = await admin(work)
    assert (await browser.client.get(PLACE, params={"union": OTHER_CITY})).status_code == 404
    for path in ("new", "paid", "paid/retire"):
        answer = await browser.posts(
            f"{PLACE}/{path}", csrf=browser.csrf, union=OTHER_CITY, move="say", title="好", text="您好。", step="save"
        )
        assert answer.status_code == 404, path
    assert (await browser.client.get(f"{PLACE}/unknown")).status_code == 404
