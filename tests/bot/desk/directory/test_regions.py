"""Regions as they are kept at the desk, over real HTTP and real files."""

from pathlib import Path

import pytest

from bot.audit import Act, Search
from bot.cases.routing import Directory, route
from bot.desk.directory import words
from bot.desk.directory.region_form import COLUMNS, REGIONS
from bot.desk.staff import Role
from knowledge.categories import load_categories
from knowledge.organizations import Organizations, load_organizations, regions_with
from knowledge.vocabulary import Category
from tests.bot.desk.directory.test_union_import import sends, table
from tests.bot.desk.directory.test_unions import PROOF, UNIONS, admin, confirms, kept, new, refused
from tests.bot.desk.office import CITY, COUNTY, PROVINCE, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/desk/directory/regions"


@pytest.fixture
def live(home: Path) -> Organizations:
    return load_organizations(home=home)


def form(id: str, **changed: str) -> dict[str, str]:
    return {"act": "change", "was": "", "region": id, "names": "", "parent": "", "letters": "", **PROOF, **changed}


async def adds(browser: Browser, fields: dict[str, str]) -> str:
    """Send the form of a new region, look it over and let it hold; return what was shown in between."""
    checked = await browser.sends(f"{PATH}/check", **fields)
    assert checked.status_code == 200, browser.text
    shown = browser.text
    saved = await browser.sends(f"{PATH}/save", **kept(checked.text))
    assert (saved.status_code, "请接着新增它的工会" in browser.text) == (200, True), browser.text
    return shown


async def test_a_new_city_is_routed_to_at_once_by_the_province_until_it_has_a_union(
    office: Office, live: Organizations
) -> None:
    browser = await admin(office, PROVINCE)
    shown = await adds(browser, form("黄石", names="黄石市、大冶", letters="hs"))
    assert f"黄石：没有 → {PROVINCE}" in shown
    regions, directory = regions_with(live), Directory(live, load_categories())
    assert regions.mentioned("大冶的厂") == ("黄石",)
    assert route([Category.OTHER], "黄石", (), directory).organization == PROVINCE
    assert words.REGION_ADDED.format("黄石", PROVINCE) in browser.text
    assert "<option selected>黄石</option>" in browser.page.text  # type: ignore[union-attr]
    assert regions.regions["黄石"].letters == "HS"
    for page in ("/desk/directory/parameters/minimum-wage-month", f"{UNIONS}/one"):
        assert "黄石" in (await browser.opens(page)).text
    await browser.opens(UNIONS)
    city = new("黄石市总工会", PROVINCE, level="市级", region="黄石")
    await confirms(browser, UNIONS, city)
    assert route([Category.OTHER], "黄石", (), directory).organization == "黄石市总工会"
    assert "黄石市总工会" in [region.union for region in regions.offered]
    record = (await office.storage.audit.search(Search(act=Act.REGION_CHANGED)))[0]
    assert (record.entry.subject, record.entry.detail) == ("region/黄石", "added 黄石")


async def test_a_region_is_retired_only_when_no_union_stands_in_it(office: Office, live: Organizations) -> None:
    browser, name = await admin(office, CITY), "十堰经开区工会"
    await adds(browser, form("十堰经开区", names="白浪", parent="十堰", letters="SYK") | {"names": "白浪经开区"})
    await browser.opens(UNIONS)
    await confirms(browser, UNIONS, new(name, region="十堰经开区"))
    regions = regions_with(live)
    assert regions.mentioned("白浪经开区的厂") == ("十堰经开区",)
    retire = {"act": "retire", "was": "十堰经开区", **PROOF}
    assert words.REGION_HAS_UNIONS.format(name) in await refused(browser, retire, PATH)
    await confirms(browser, UNIONS, {"act": "retire", "union": name, "parent": CITY, **PROOF})
    shown = await confirms(browser, PATH, retire)
    assert "停用" in shown
    assert regions.mentioned("白浪经开区的厂") == ("十堰",)
    assert "十堰经开区" not in [region.id for region in regions.offered]
    said = await refused(browser, {"act": "restore", "union": name, **PROOF})
    assert words.REGION_RETIRED.format("十堰经开区") in said
    assert (await browser.opens(f"{PATH}/one?name=十堰经开区")).status_code == 200
    await confirms(browser, PATH, {"act": "restore", "was": "十堰经开区", **PROOF})
    assert regions.mentioned("白浪经开区的厂") == ("十堰经开区",)


async def test_what_ships_keeps_its_place_and_takes_more_names(office: Office, live: Organizations) -> None:
    browser = await admin(office, PROVINCE)
    shipped = live.known.regions["随州"]
    fields = form("随州", was="随州", names="、".join((*shipped.names, "淅河镇")), letters=shipped.letters)
    await confirms(browser, PATH, fields)
    assert regions_with(live).mentioned("在淅河镇") == ("随州",)
    assert live.known.regions["随州"].union == "随州市总工会"
    kept_up = (await browser.sends(f"{PATH}/check", act="retire", was="随州", **PROOF)).text
    assert words.REGION_SHIPPED in browser.text
    assert f'value="{"、".join(live.known.regions["随州"].names)}"' in kept_up, (
        "the form goes on from the region as it stands"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"region": "港"}, words.BAD_REGION_NAME.format("港")),
        ({"region": "某.*区"}, words.BAD_REGION_NAME.format("某.*区")),
        ({"region": "<b>开发区</b>"}, words.BAD_REGION_NAME.format("<b>开发区</b>")),
        ({"region": "十堰"}, words.REGION_THERE.format("十堰")),
        ({"names": "洪湖"}, words.NAME_ELSEWHERE.format("洪湖", "洪湖市总工会")),
        ({"names": "琅菱"}, words.NAME_ELSEWHERE.format("琅菱", "随州")),
        ({"names": "某某园、经开区"}, words.EVERY_CITY.format("经开区")),
        ({"region": "高新技术产业开发区"}, words.EVERY_CITY.format("高新技术产业开发区")),
        ({"parent": "没有"}, words.BAD_PARENT),
        ({"letters": "H"}, words.BAD_LETTERS),
        ({"letters": "SY"}, words.LETTERS_TAKEN.format("SY", "十堰")),
        ({"source": ""}, words.NO_SOURCE),
        ({"seen": ""}, words.NOT_CHECKED),
    ],
)
async def test_what_cannot_be_meant_is_refused(office: Office, changed: dict[str, str], said: str) -> None:
    if "mapmaker" not in office.secrets:
        await office.hire("mapmaker", Role.ADMIN, PROVINCE)
    browser = await office.admitted("mapmaker")
    await browser.opens(UNIONS)
    assert said in await refused(browser, form("某某经开区", **changed), PATH)


async def test_a_city_adds_what_lies_in_it_and_nothing_beside_it(office: Office) -> None:
    city, county = await admin(office, CITY), await admin(office, COUNTY)
    assert words.NEEDS_PARENT in await refused(city, form("黄冈"), PATH)
    assert words.BAD_PARENT in await refused(city, form("随州某某园", parent="随州"), PATH)
    assert words.NOT_YOUR_REGION in await refused(city, form("随州", was="随州", names="随州市"), PATH)
    assert words.BAD_PARENT in await refused(county, form("郧西某某园", parent="十堰"), PATH)
    assert (await city.opens(f"{PATH}/one?name=随州")).status_code == 403
    assert (await city.opens(f"{PATH}/one?name=没有")).status_code == 404


async def test_many_regions_come_from_a_table_with_every_wrong_row_named(office: Office, live: Organizations) -> None:
    browser = await admin(office, PROVINCE)
    header = tuple(COLUMNS)
    rows = (
        ("孝感", "孝感市、安陆市", "", "XG", "通知"),
        ("孝感临空区", "", "孝感", "XGL", "通知"),
        ("咸宁", "", "", "xx1", ""),
    )
    wrong = await sends(browser, table(*rows, header=header), kind=REGIONS.path)
    assert (wrong.status_code, "第 4 行 咸宁" in browser.text, words.BAD_LETTERS in browser.text) == (422, True, True)
    assert "孝感" not in live.known.regions
    shown = await sends(browser, table(*rows[:2], header=header), kind=REGIONS.path)
    assert (shown.status_code, "新增 2 个，修改 0 个" in browser.text) == (200, True)
    await browser.sends(f"{PATH}/take", seen=kept(shown.text)["seen"])
    assert live.known.lineage("孝感临空区") == ("孝感临空区", "孝感")
    again = await sends(browser, table(*map(tuple, REGIONS.rows(live)), header=header), kind=REGIONS.path)
    assert (again.status_code, words.NOTHING_CHANGED in browser.text) == (422, True)
