"""Bodies outside the unions added, given up and taken from a table, over real HTTP and real files."""

from pathlib import Path

import pytest

from bot.audit import Act, Search
from bot.desk.directory import words
from bot.desk.directory.body_form import BODIES, COLUMNS
from knowledge.organizations import Body, Organizations, load_organizations
from tests.bot.desk.directory.test_union_import import sends, table
from tests.bot.desk.directory.test_unions import PROOF, UNIONS, admin, kept, refused
from tests.bot.desk.office import CITY, PROVINCE, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/desk/directory/bodies"
TELLING = {"act": "words", "takes": "经开区内的劳动争议", "hotline": "12333", "bring": "身份证", "limit": "", **PROOF}


@pytest.fixture
def live(home: Path) -> Organizations:
    return load_organizations(home=home)


def found(live: Organizations, name: str) -> Body:
    return next(each for each in live.bodies.values() if each.name == name)


async def saves(browser: Browser, id: str, fields: dict[str, str]) -> None:
    checked = await browser.sends(f"{PATH}/{id}/check", **fields)
    assert checked.status_code == 200, browser.text
    saved = await browser.sends(f"{PATH}/{id}/save", **kept(checked.text))
    assert saved.status_code == 200, browser.text


async def test_a_new_body_takes_matters_at_once_and_is_given_up_once_no_matter_leads_to_it(
    office: Office, live: Organizations
) -> None:
    browser, name = await admin(office, PROVINCE), "经开区劳动人事争议仲裁委员会"
    await saves(browser, "new", {**TELLING, "name": name})
    assert words.DONE["body"] in browser.text
    body = found(live, name)
    assert name in (await browser.opens("/desk/directory/routes/wage-arrears")).text
    await browser.sends("/desk/directory/routes/wage-arrears", department="rights", body=body.id)
    assert "欠薪" in await refused(browser, {"act": "retire", **PROOF}, f"{PATH}/{body.id}")
    await browser.opens(UNIONS)
    await browser.sends("/desk/directory/routes/wage-arrears/restore")
    await browser.opens(UNIONS)
    await saves(browser, body.id, {"act": "retire", **PROOF})
    assert body.id not in live.sent_to
    assert live.bodies[body.id].name == name, "cases that were sent there still say where"
    assert name not in (await browser.opens("/desk/directory/routes/wage-arrears")).text
    await browser.opens(UNIONS)
    await saves(browser, body.id, {"act": "restore", **PROOF})
    assert body.id in live.sent_to
    details = [each.entry.detail for each in await office.storage.audit.search(Search(act=Act.BODY_CHANGED))]
    assert details[:3] == ["restored", "retired", f"added {name}"]


async def test_what_ships_stays_and_one_name_is_one_body(office: Office) -> None:
    browser = await admin(office, PROVINCE)
    assert words.BODY_SHIPPED in await refused(browser, {"act": "retire", **PROOF}, f"{PATH}/court")
    assert words.BODY_TAKEN.format("人民法院") in await refused(browser, {**TELLING, "name": "人民法院"}, f"{PATH}/new")
    assert words.NO_BODY_TEXT in await refused(browser, {**TELLING, "name": ""}, f"{PATH}/new")
    city = await admin(office, CITY)
    assert (await city.opens(f"{PATH}/new")).status_code == 404


async def test_many_bodies_come_from_a_table_with_every_wrong_row_named(office: Office, live: Organizations) -> None:
    browser, header = await admin(office, PROVINCE), tuple(COLUMNS)
    good = ("高新区劳动监察大队", "高新区的欠薪投诉", "12333", "身份证、考勤", "", "批复")
    rows = (good, ("高新区法庭", "", "", "", "", "批复"), ("某某中心", "调解", "99999", "", "", "批复"))
    assert (await sends(browser, table(*rows, header=header), kind=BODIES.path)).status_code == 422
    for said in ("第 3 行 高新区法庭", words.NO_BODY_TEXT, "第 4 行 某某中心", words.BAD_HOTLINE):
        assert said in browser.text
    shown = await sends(browser, table(good, header=header), kind=BODIES.path)
    assert (shown.status_code, "新增 1 个" in browser.text) == (200, True)
    await browser.sends(f"{PATH}/take", seen=kept(shown.text)["seen"])
    assert found(live, good[0]).bring == ("身份证", "考勤")
    again = await sends(browser, table(*map(tuple, BODIES.rows(live)), header=header), kind=BODIES.path)
    assert (again.status_code, words.NOTHING_CHANGED in browser.text) == (422, True)


async def test_a_refused_office_keeps_what_was_typed_and_leaves_the_bodys_own_words_as_they_stand(
    office: Office, live: Organizations
) -> None:
    browser = await admin(office, PROVINCE)
    typed = {"act": "office", "union": CITY, "telephone": "不是号码", "address": "某路9号", **PROOF}
    shown = (await browser.sends(f"{PATH}/court/check", **typed)).text
    assert words.BAD_TELEPHONE in browser.text
    assert ('value="不是号码"' in shown, 'value="某路9号"' in shown) == (True, True)
    assert f'value="{live.bodies["court"].takes}"' in shown
    kept_up = (await browser.sends(f"{PATH}/court/check", act="retire", **PROOF)).text
    assert words.BODY_SHIPPED in browser.text
    assert f'value="{live.bodies["court"].takes}"' in kept_up
