"""Unions and bodies as they are kept at the desk, over real HTTP and real files."""

import re
from html import unescape
from pathlib import Path

import pytest

from bot.audit import Act, Search
from bot.cases.routing import Directory, route
from bot.desk.directory import words
from bot.desk.staff import Role
from bot.notices.duty_file import DUTY_FILE
from bot.texts import contacts
from knowledge.categories import load_categories
from knowledge.organizations import Organizations, load_organizations, regions_with
from knowledge.vocabulary import Category
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNIONS = "/desk/directory/unions"
PROOF = {"source": "某某批复〔2026〕1号", "seen": "yes"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def live(home: Path) -> Organizations:
    return load_organizations(home=home)


def form(live: Organizations, name: str, **changed: str) -> dict[str, str]:
    """Return the form of a union as it is filled in."""
    union = live.organizations[name]
    told = {"act": "change", "union": name, "called": union.title, "level": union.level, "region": union.region or ""}
    placed = {"parent": union.parent or "", "places": "、".join(union.places)}
    reached = {"telephone": union.contact.telephone, "address": union.contact.address, "hours": union.contact.hours}
    return {**told, **placed, **reached, **PROOF, **changed}


def new(name: str, parent: str = CITY, **changed: str) -> dict[str, str]:
    fields = {"act": "change", "union": "", "called": name, "level": "县级", "region": "十堰", "parent": parent}
    return {**fields, "places": "", "telephone": "", "address": "", "hours": "", **PROOF, **changed}


async def admin(office: Office, *unions: str) -> Browser:
    login = f"keeper.{len(await office.accounts.everybody())}"
    await office.hire(login, Role.ADMIN, *unions)
    browser = await office.admitted(login)
    await browser.opens(UNIONS)
    return browser


def kept(page: str) -> dict[str, str]:
    """Return the fields that a page holds ready to be sent, but for the token."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(page) if name != "csrf"}


async def confirms(browser: Browser, path: str, fields: dict[str, str]) -> str:
    """Send a form, look it over and let it hold; return what was shown in between."""
    checked = await browser.sends(f"{path}/check", **fields)
    assert checked.status_code == 200, browser.text
    shown = browser.text
    hidden = kept(checked.text)
    saved = await browser.sends(f"{path}/save", **hidden)
    assert (saved.status_code, words.DONE["union"] in browser.text) == (200, True), browser.text
    return shown


async def refused(browser: Browser, fields: dict[str, str], path: str = UNIONS) -> str:
    answer = await browser.sends(f"{path}/check", **fields)
    assert answer.status_code == 422, browser.text
    return browser.text


async def test_a_changed_telephone_is_told_at_once_and_stands_in_the_audit(office: Office, live: Organizations) -> None:
    browser = await admin(office, COUNTY)
    assert contacts.union(COUNTY, live) == COUNTY
    shown = await confirms(browser, UNIONS, form(live, COUNTY, telephone="0719-8000001", hours="工作日 9:00-17:00"))
    assert "没有 → 0719-8000001" in shown
    assert contacts.union(COUNTY, live) == f"{COUNTY}（电话 0719-8000001，时间 工作日 9:00-17:00）"
    assert "来源：某某批复〔2026〕1号" in (await browser.opens(UNIONS)).text
    record = (await office.storage.audit.search(Search(act=Act.UNION_CHANGED)))[0]
    assert (record.entry.subject, record.entry.detail) == (f"union/{COUNTY}", f"changed {COUNTY}")


async def test_a_new_union_below_ones_own_receives_what_names_its_place(office: Office, live: Organizations) -> None:
    browser = await admin(office, CITY)
    name = "十堰东城工业园工会联合会"
    shown = await confirms(browser, UNIONS, new(name, places="东城工业园、武当山"))
    assert f"东城工业园：没有 → {name}" in shown
    regions, directory = regions_with(live), Directory(live, load_categories())
    text = "我在东城工业园上班"
    found = route([Category.WAGE_ARREARS], None, regions.places(text), directory)
    assert (found.organization, name in found.reason) == (name, True)
    assert route([Category.WAGE_ARREARS], "十堰", ("武当山",), directory).organization == name
    assert name in (await browser.opens("/desk/staff/invite")).text


async def test_what_a_union_cannot_act_on_goes_one_level_up(office: Office, live: Organizations) -> None:
    browser = await admin(office, PROVINCE)
    await confirms(browser, UNIONS, {**form(live, "竹山县总工会"), "leaves": Category.WORK_INJURY.value})
    directory = Directory(live, load_categories())
    found = route([Category.WORK_INJURY], "十堰", ("竹山",), directory)
    assert (found.organization, "办不了" in found.reason) == (CITY, True)
    assert route([Category.WAGE_ARREARS], "十堰", ("竹山",), directory).organization == "竹山县总工会"


async def test_a_renamed_union_is_shown_by_its_new_name_and_keeps_its_people(
    office: Office, live: Organizations
) -> None:
    browser = await admin(office, "竹溪县总工会")
    await confirms(browser, UNIONS, form(live, "竹溪县总工会", called="竹溪市总工会"))
    assert "竹溪市总工会" in (await browser.opens("/desk/account")).text
    assert route([Category.OTHER], "十堰", ("竹溪",), Directory(live, load_categories())).organization == "竹溪县总工会"
    assert contacts.union("竹溪县总工会", live) == "竹溪市总工会"


async def test_a_union_is_retired_only_when_nobody_stands_for_it(
    office: Office, live: Organizations, home: Path
) -> None:
    browser, gone = await admin(office, CITY), "房县总工会"
    clerk = await office.hire("of.the.gone", Role.CLERK, gone)
    entry = "name: 房县值班群, unions: [房县总工会], channel: telegram, address: '-1001234567890', hours: always"
    (home / DUTY_FILE).write_text(f"people:\n  - {{{entry}}}\n", "utf8")
    fields = {"act": "retire", "union": gone, "parent": CITY, **PROOF}
    said = await refused(browser, fields)
    assert "1 个账号" in said
    assert "房县值班群" in said
    (home / DUTY_FILE).unlink()
    await browser.opens(f"/desk/staff/{clerk.id}")
    await browser.sends(f"/desk/staff/{clerk.id}/change", role="clerk", union=CITY)
    await browser.opens(UNIONS)
    shown = await confirms(browser, UNIONS, fields)
    assert f"房县：{gone} → {CITY}" in shown
    directory = Directory(live, load_categories())
    assert route([Category.OTHER], "十堰", ("房县",), directory).organization == CITY
    assert gone not in (await browser.opens("/desk/staff/invite")).text
    assert "停用" in (await browser.opens(UNIONS)).text
    await confirms(browser, UNIONS, {"act": "restore", "union": gone, **PROOF})
    assert route([Category.OTHER], "十堰", ("房县",), directory).organization == gone


async def test_a_county_changes_what_it_says_of_itself_and_not_its_place(office: Office, live: Organizations) -> None:
    browser = await admin(office, COUNTY)
    for changed in (
        {"parent": PROVINCE},
        {"level": "市级"},
        {"places": "郧西、十堰"},
        {"region": "随州", "places": ""},
    ):
        assert await refused(browser, form(live, COUNTY, **changed))
    assert words.NOT_YOUR_UNION in await refused(browser, form(live, CITY, telephone="0719-8000002"))
    assert words.NOT_ABOVE in await refused(browser, {"act": "retire", "union": COUNTY, "parent": CITY, **PROOF})
    assert words.NO_PARENT in await refused(browser, new("十堰某某工会", CITY))
    assert (await browser.opens(f"{UNIONS}/one?name={CITY}")).status_code == 403
    await browser.opens(UNIONS)
    await confirms(browser, UNIONS, new("郧西某某厂工会", COUNTY, level="单位", places="郧西某某厂"))
    assert "郧西某某厂工会" in live.active


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"called": "郧西县"}, words.BAD_NAME),
        ({"called": "工会13800000000"}, words.BAD_NAME),
        ({"called": "<b>某某工会</b>"}, words.BAD_NAME),
        ({"called": OTHER_CITY}, words.NAME_TAKEN.format(OTHER_CITY)),
        ({"telephone": "打我手机"}, words.BAD_TELEPHONE),
        ({"telephone": "<script>"}, words.BAD_TELEPHONE),
        ({"address": "长" * 121}, words.TOO_LONG.format(120)),
        ({"address": "a\x00b"}, words.TOO_LONG.format(120)),
        ({"level": "省级"}, words.BAD_LEVEL),
        ({"level": "国级"}, words.BAD_LEVEL),
        ({"parent": ""}, words.NO_PARENT),
        ({"parent": "没有这家工会"}, words.NO_PARENT),
        ({"region": "随州"}, words.BAD_UNION_REGION),
        ({"region": ""}, words.BAD_UNION_REGION),
        ({"places": "园区"}, words.BAD_PLACE.format("园区")),
        ({"places": "某.*厂"}, words.BAD_PLACE.format("某.*厂")),
        ({"places": "工业园"}, words.EVERY_CITY.format("工业园")),
        ({"places": "武汉某某园"}, words.PLACE_OUTSIDE.format("武汉某某园", "十堰")),
        ({"places": "张湾"}, words.PLACE_TAKEN.format("张湾", "张湾区总工会")),
        ({"source": ""}, words.NO_SOURCE),
        ({"seen": ""}, words.NOT_CHECKED),
        ({"union": "没有这家工会"}, words.NO_SUCH_UNION),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_what_was_typed(
    office: Office, changed: dict[str, str], said: str
) -> None:
    if "picky" not in office.secrets:
        await office.hire("picky", Role.ADMIN, PROVINCE)
    browser = await office.admitted("picky")
    await browser.opens(UNIONS)
    assert said in await refused(browser, new("十堰某某园工会", **changed))
    assert "<script>" not in browser.page.text  # type: ignore[union-attr]


async def test_who_looked_at_an_older_directory_looks_again(office: Office, live: Organizations) -> None:
    slow, quick = await admin(office, CITY), await admin(office, CITY)
    checked = await slow.sends(f"{UNIONS}/check", **form(live, "张湾区总工会", telephone="0719-8000003"))
    hidden = kept(checked.text)
    await confirms(quick, UNIONS, form(live, "张湾区总工会", telephone="0719-8000004"))
    saved = await slow.sends(f"{UNIONS}/save", **hidden)
    assert (saved.status_code, words.CHANGED_MEANWHILE in slow.text) == (422, True)
    assert live.organizations["张湾区总工会"].contact.telephone == "0719-8000004"


async def test_a_county_says_where_its_workers_find_a_body_and_the_province_what_it_takes(
    office: Office, live: Organizations
) -> None:
    path = "/desk/directory/bodies/arbitration"
    county = await admin(office, COUNTY)
    place = {"act": "office", "union": COUNTY, "telephone": "0719-8000005", "address": "某路2号", "hours": "", **PROOF}
    await confirms(county, path, place)
    assert contacts.body("arbitration", COUNTY, live).endswith("（电话 0719-8000005，地址 某路2号）")
    assert contacts.body("arbitration", CITY, live) == live.bodies["arbitration"].name
    assert words.NOT_YOUR_UNION in await refused(county, {**place, "union": CITY}, path)
    told = {
        "act": "words",
        "name": "仲裁院",
        "takes": "劳动争议",
        "hotline": "12333",
        "bring": "身份证\n证据",
        "limit": "一年",
    }
    assert words.NOT_ALL in await refused(county, {**told, **PROOF}, path)
    province = await admin(office, PROVINCE)
    await confirms(province, path, {**told, **PROOF})
    assert live.bodies["arbitration"].bring == ("身份证", "证据")
    assert contacts.body("arbitration", COUNTY, live) == "仲裁院（电话 0719-8000005，地址 某路2号）"
    await confirms(province, path, {**place, "telephone": "", "address": ""})
    assert contacts.body("arbitration", COUNTY, live) == "仲裁院"
    details = [each.entry.detail for each in await office.storage.audit.search(Search(act=Act.BODY_CHANGED))]
    assert details == [f"changed {COUNTY}", "changed", f"changed {COUNTY}"]
