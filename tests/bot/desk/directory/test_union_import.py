"""Many unions at once, from a spreadsheet: looked over first, and refused row by row."""

import csv
import io
from pathlib import Path

import httpx2
import openpyxl
import pytest

from bot.audit import Act, Search
from bot.desk.directory import words
from bot.desk.directory.tables import MOST
from bot.desk.directory.union_table import COLUMNS
from bot.desk.staff import Role
from knowledge.organizations import Organizations, load_organizations
from tests.bot.desk.directory.test_unions import admin, kept
from tests.bot.desk.office import CITY, COUNTY, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNIONS = "/desk/directory/unions"
NEW = (
    "十堰西城工业园工会",
    "县级",
    CITY,
    "十堰",
    "西城工业园",
    "0719-8000011",
    "某路3号",
    "工作日",
    "文体活动与阵地",
    "批复",
)


@pytest.fixture
def live(home: Path) -> Organizations:
    return load_organizations(home=home)


def table(*rows: tuple[str, ...], header: tuple[str, ...] = tuple(COLUMNS)) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


async def sends(browser: Browser, content: bytes, name: str = "unions.csv", *, kind: str = "unions") -> httpx2.Response:
    await browser.opens(f"/desk/directory/{kind}/import")
    files = {"file": (name, content)}
    browser.page = await browser.client.post(
        f"/desk/directory/{kind}/preview", data={"csrf": browser.csrf}, files=files
    )
    return browser.page


async def exported(browser: Browser) -> list[list[str]]:
    content = (await browser.client.get(f"{UNIONS}/export")).content
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [[str(cell or "") for cell in row] for row in rows]


async def test_a_table_as_it_was_given_out_changes_nothing(office: Office, live: Organizations) -> None:
    browser = await admin(office, CITY)
    rows = await exported(browser)
    assert len(rows) == len(live.active) + 1
    assert (await sends(browser, table(*map(tuple, rows[1:])))).status_code == 422
    assert words.NOTHING_CHANGED in browser.text


async def test_rows_are_added_and_changed_after_a_look_and_all_others_stay(office: Office, live: Organizations) -> None:
    browser, before = await admin(office, CITY), dict(live.organizations)
    row = next(row for row in await exported(browser) if row[0] == COUNTY)
    row[5], row[9] = "0719-8000012", "官网"
    below = ("西城某厂工会", "单位", NEW[0], "十堰", "西城某厂", "", "", "", "", "批复")
    assert (await sends(browser, table(NEW, tuple(row), below))).status_code == 200, browser.text
    assert "新增 2 个，修改 1 个" in browser.text
    assert f"西城工业园：没有 → {NEW[0]}" in browser.text
    assert dict(live.organizations) == before, "nothing holds yet"
    seen = kept(browser.page.text)["seen"]  # type: ignore[union-attr]
    await browser.sends(f"{UNIONS}/take", seen=seen)
    assert words.DONE["union"] in browser.text
    record = (await office.storage.audit.search(Search(act=Act.UNION_CHANGED)))[0]
    assert set(record.entry.detail.split()) == {"changed", NEW[0], below[0], COUNTY}
    assert live.organizations[COUNTY].contact.telephone == "0719-8000012"
    assert live.organizations[below[0]].parent == NEW[0]
    assert [each.value for each in live.organizations[NEW[0]].leaves] == ["文体活动与阵地"]
    same = {name: each for name, each in live.organizations.items() if name in before and name != COUNTY}
    assert same == {name: each for name, each in before.items() if name != COUNTY}
    await browser.opens(f"{UNIONS}/import")
    assert (await browser.sends(f"{UNIONS}/take", seen=seen)).status_code == 422


async def test_every_row_that_is_wrong_is_named_and_nothing_is_taken_in(office: Office, live: Organizations) -> None:
    browser, before = await admin(office, COUNTY), dict(live.organizations)
    odd = ("郧西某某工会", "单位", COUNTY, "十堰", "武汉某某厂", "", "", "", "", "批复")
    city = next(row for row in await exported(browser) if row[0] == CITY)
    city[5], city[9] = "<script>", "官网"
    rows = (("", *NEW[1:]), odd, odd, tuple(city), ("郧西无据工会", "单位", COUNTY, "十堰", *[""] * 6))
    assert (await sends(browser, table(*rows))).status_code == 422
    assert "表格里有 5 处要改" in browser.text
    for number, said in (
        (2, words.BAD_NAME),
        (3, words.PLACE_OUTSIDE.format("武汉某某厂", "十堰")),
        (4, words.ROW_TWICE),
        (5, words.BAD_TELEPHONE),
        (6, words.NO_SOURCE),
    ):
        assert f"第 {number} 行" in browser.text
        assert said in browser.text
    assert dict(live.organizations) == before


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 broken", "unions.xlsx", words.UNREADABLE),
        (b"\xff\xfe\x00", "unions.csv", words.UNREADABLE),
        (b"", "unions.csv", "少了这几列"),
        (table(header=("名称", "级别")), "../../unions.csv", "少了这几列：上级"),
        (table(*[(f"第{number}工会", *NEW[1:]) for number in range(MOST + 1)]), "unions.csv", "一次最多"),
    ],
)
async def test_what_is_no_such_table_is_refused_in_plain_words(
    office: Office, content: bytes, name: str, said: str
) -> None:
    if "tables" not in office.secrets:
        await office.hire("tables", Role.ADMIN, CITY)
    browser = await office.admitted("tables")
    assert (await sends(browser, content, name)).status_code == 422
    assert said in browser.text
