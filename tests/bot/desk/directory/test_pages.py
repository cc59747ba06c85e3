"""The directory at the desk, over real HTTP and real files."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot.audit import Act, Search
from bot.cases.deadlines import Times, clocks
from bot.desk.staff import Role
from knowledge.calendar import load_calendar
from knowledge.categories import Limit, Unit, load_categories
from knowledge.parameters import PARAMETERS_FILE, load_parameters, read_values
from knowledge.stations import COLUMNS, load_stations, stations_file
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house
from tests.bot.desk.office import CITY, COUNTY, PROVINCE, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

WAGE = "/desk/directory/parameters/minimum-wage-month"
VALUE = {
    "region": "十堰",
    "value": "2210.50",
    "since": "2026-01-01",
    "until": "",
    "source": "某某文件〔2026〕1号",
    "seen": "yes",
}
ROW = ("东门驿站", "工会驿站", "十堰", "某路1号", "110.8", "32.6", "8:00-20:00", "饮水", "登记表")
YEAR = {
    "year": "2028",
    "source": "某个通知",
    "holidays": "2028-01-01..2028-01-03\n2028-01-26..2028-02-01，2028-04-04 2028-05-01..2028-05-03\n"
    "2028-10-01..2028-10-07",
    "worked": "2028-01-22 2028-10-08",
}


async def admitted(office: Office, role: Role, *unions: str) -> Browser:
    login = f"{role}.{len(await office.accounts.everybody())}"
    await office.hire(login, role, *unions)
    return await office.admitted(login)


async def acts(office: Office, act: Act) -> list[tuple[str, str]]:
    return [(each.entry.subject, each.entry.detail) for each in await office.storage.audit.search(Search(act=act))]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def uploads(browser: Browser, name: str, content: bytes) -> str:
    page = await browser.opens("/desk/directory/stations")
    browser.page = await browser.client.post(
        "/desk/directory/stations/preview", data={"csrf": browser.csrf}, files={"file": (name, content)}
    )
    assert page.status_code == 200
    return browser.text


async def test_a_value_counts_once_an_admin_has_confirmed_it_and_no_more_once_it_is_withdrawn(
    office: Office, home: Path
) -> None:
    shipped = PARAMETERS_FILE.read_bytes()
    admin = await admitted(office, Role.ADMIN, CITY)
    await admin.opens("/desk/directory")
    assert "0 项有已确认的值" in admin.text
    await admin.opens(WAGE)
    await admin.sends(f"{WAGE}/confirm", **VALUE)
    assert "已经确认。" in admin.text
    assert "十堰 2210.50 元/月" in admin.text
    held = load_parameters(home=home).value("minimum-wage-month", "十堰", date(2026, 11, 21))
    assert held is not None
    assert (held.value, held.source, held.confirmed) == (Decimal("2210.50"), VALUE["source"], date(2026, 11, 21))
    clerk = await admitted(office, Role.CLERK, COUNTY)
    await clerk.opens("/desk/directory")
    assert "1 项有已确认的值" in clerk.text
    assert "某某文件〔2026〕1号 · 2026-11-21 确认" in clerk.text
    assert "/directory/parameters/" not in (clerk.page.text if clerk.page else "")
    await admin.sends(f"{WAGE}/withdraw", region="十堰", since="2026-01-01")
    assert read_values(home) == {}
    assert PARAMETERS_FILE.read_bytes() == shipped
    assert await acts(office, Act.PARAMETER_CONFIRMED) == [("parameter/minimum-wage-month", "confirmed 十堰")]
    assert await acts(office, Act.PARAMETER_WITHDRAWN) == [("parameter/minimum-wage-month", "withdrawn 十堰")]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"region": ""}, "归您管的地区"),
        ({"region": "随州"}, "归您管的地区"),
        ({"value": "很多"}, "只写数字"),
        ({"value": "NaN"}, "只写数字"),
        ({"value": "-1"}, "只写数字"),
        ({"value": "1e400"}, "只写数字"),
        ({"since": ""}, "日期要像"),
        ({"until": "2025-01-01"}, "日期要像"),
        ({"until": "明年"}, "日期要像"),
        ({"source": " "}, "名称和文号"),
        ({"source": "a\x00b"}, "名称和文号"),
        ({"seen": ""}, "先对照原文"),
    ],
)
async def test_what_is_not_sure_is_not_confirmed_and_what_was_typed_stays(
    office: Office, home: Path, wrong: dict[str, str], told: str
) -> None:
    admin = await admitted(office, Role.ADMIN, CITY)
    await admin.opens(WAGE)
    page = await admin.sends(f"{WAGE}/confirm", **{**VALUE, "source": "文件甲", **wrong})
    assert page.status_code == 422
    assert told in admin.text
    assert "source" in wrong or "文件甲" in page.text
    assert read_values(home) == {}


async def test_a_county_sets_nothing_for_its_city_and_only_the_province_sets_it_for_all(
    office: Office, home: Path
) -> None:
    county = await admitted(office, Role.ADMIN, COUNTY)
    page = await county.opens(WAGE)
    assert "您可以看，不能改" in county.text
    assert "<form" not in page.text.partition("<main")[2]
    county.page = await county.opens("/desk/account")
    assert (await county.sends(f"{WAGE}/confirm", **VALUE)).status_code == 422
    province = await admitted(office, Role.ADMIN, PROVINCE)
    await province.opens(WAGE)
    await province.sends(f"{WAGE}/confirm", **{**VALUE, "region": ""})
    held = load_parameters(home=home).value("minimum-wage-month", "随州", date(2026, 11, 21))
    assert held is not None
    assert held.region is None
    await province.sends(f"{WAGE}/withdraw", region="", since="2026-01-01")
    assert (await province.opens("/desk/directory/parameters/no-such")).status_code == 404


async def test_stations_are_taken_in_after_a_look_at_what_changes_and_others_stay(office: Office, home: Path) -> None:
    admin = await admitted(office, Role.ADMIN, CITY)
    told = await uploads(
        admin, "表.xlsx", workbook(COLUMNS, ROW, ("西门驿站", "工会驿站", "十堰", *[None] * 5, "登记表"))
    )
    assert "新增 2 处 ：东门驿站、西门驿站" in told
    assert "去掉 0 处" in told, "the shipped ones of other regions stay"
    assert load_stations(home=home) == load_stations(), "nothing holds yet"
    seen = admin.page.text.partition('name="seen" value="')[2][:32] if admin.page else ""
    await admin.sends("/desk/directory/stations/take", seen=seen)
    assert "新的驿站名单已经启用" in admin.text
    assert {each.name for each in load_stations(home=home)} == {each.name for each in load_stations()} | {
        "东门驿站",
        "西门驿站",
    }
    told = await uploads(
        admin, "表.csv", "\r\n".join(",".join(row) for row in (COLUMNS, (*ROW[:3], "新路", *ROW[4:]))).encode()
    )
    assert "修改 1 处 ：东门驿站" in told
    assert "去掉 1 处 ：西门驿站" in told
    assert (await admin.sends("/desk/directory/stations/take", seen="0" * 32)).status_code == 422
    assert len(load_stations(home=home)) == len(load_stations()) + 2
    assert await acts(office, Act.STATIONS_TAKEN_IN) == [("", "changed 十堰")]
    export = await admin.client.get("/desk/directory/stations/export")
    rows = list(openpyxl.load_workbook(io.BytesIO(export.content)).active.iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert {row[2] for row in rows[1:]} == {"十堰"}, "only what they keep"
    assert "东门驿站" in {row[0] for row in rows}
    assert "新增 0 处" in await uploads(admin, "again.xlsx", export.content), "what was downloaded can be sent back"


async def test_a_wrong_row_is_told_by_its_number_and_nothing_is_kept(office: Office, home: Path) -> None:
    admin = await admitted(office, Role.ADMIN, CITY)
    before = stations_file(home).read_bytes() if stations_file(home).exists() else None
    told = await uploads(
        admin,
        "a.xlsx",
        workbook(
            COLUMNS,
            ROW,
            ("", *ROW[1:]),
            ("乙", "站", "火星", *ROW[3:]),
            ("丙", *ROW[1:4], "32.6", "110.8", *ROW[6:]),
            ROW,
        ),
    )
    assert "表格里有 4 处要改" in told
    for words in (
        "第 3 行：名称没有填",
        "第 4 行：地区“火星”",
        "第 5 行：经度 32.6、纬度 110.8不在国内",
        "第 6 行：“东门驿站”",
    ):
        assert words in told
    assert "少了这几列：来源" in await uploads(admin, "a.xlsx", workbook(COLUMNS[:-1], ROW[:-1]))
    assert "这个文件打不开" in await uploads(admin, "a.xlsx", b"no zip")
    assert "表里没有驿站" in await uploads(admin, "a.xlsx", workbook(COLUMNS))
    assert "请选一个文件" in await uploads(admin, "", b"")
    assert "请从表里去掉：随州" in await uploads(admin, "a.xlsx", workbook(COLUMNS, (*ROW[:2], "随州", *ROW[3:])))
    assert (stations_file(home).read_bytes() if stations_file(home).exists() else None) == before


async def test_a_year_is_entered_after_a_check_and_holds_at_once(office: Office, home: Path) -> None:
    calendar = load_calendar(home=home)
    admin = await admitted(office, Role.ADMIN, PROVINCE)
    await admin.opens("/desk/directory/holidays")
    await admin.sends("/desk/directory/holidays/check", **YEAR)
    assert "1月26日 星期三" in admin.text
    assert "1月22日 星期六" in admin.text
    assert "没有写这几天放假" not in admin.text
    assert calendar.year(2028) is None
    await admin.sends("/desk/directory/holidays/save", **YEAR)
    assert "这一年的安排已经启用" in admin.text
    assert not calendar.is_working(date(2028, 1, 26))
    assert calendar.is_working(date(2028, 1, 22))
    assert not calendar.is_working(date(2028, 2, 5)), "a Saturday"
    await admin.sends("/desk/directory/holidays/2028/withdraw")
    assert calendar.is_working(date(2028, 1, 26))
    assert await acts(office, Act.HOLIDAYS_ENTERED) == await acts(office, Act.HOLIDAYS_WITHDRAWN)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"year": "1999"}, "请选一个年份"),
        ({"year": "²"}, "请选一个年份"),
        ({"source": ""}, "出自哪个通知"),
        ({"holidays": "正月初一"}, "“正月初一”看不懂"),
        ({"holidays": "2028-02-10..2028-02-01"}, "看不懂"),
        ({"holidays": "2027-12-31"}, "2027-12-31 不是这一年的"),
        ({"worked": "2028-01-24"}, "2028-01-24 不是周六、周日"),
        ({"worked": "2028-01-29"}, "又写放假，又写上班"),
    ],
)
async def test_a_year_that_cannot_be_meant_is_told(office: Office, wrong: dict[str, str], told: str) -> None:
    admin = await admitted(office, Role.ADMIN, PROVINCE)
    await admin.opens("/desk/directory/holidays")
    for path in ("check", "save"):
        page = await admin.sends(f"/desk/directory/holidays/{path}", **{**YEAR, **wrong})
        assert page.status_code == 422
        assert told in admin.text


async def test_a_year_that_is_odd_is_doubted(office: Office) -> None:
    admin = await admitted(office, Role.ADMIN, PROVINCE)
    await admin.opens("/desk/directory/holidays")
    await admin.sends("/desk/directory/holidays/check", **{**YEAR, "holidays": "2028-10-02"})
    assert "法律规定它们放假：5月1日 星期一、5月2日 星期二、10月3日 星期二" in admin.text
    assert "漏了春节" in admin.text
    assert "只放了 1 天假" in admin.text


async def test_holidays_hold_everywhere_so_a_citys_admin_only_reads_them(office: Office) -> None:
    admin = await admitted(office, Role.ADMIN, CITY)
    page = await admin.opens("/desk/directory/holidays")
    assert "2026 年 随日历组件发布" in admin.text
    assert "2027 年 随软件发布" in admin.text
    assert "2029 年 还没有" in admin.text
    assert "holidays/check" not in page.text
    await admin.opens("/desk/account")
    assert (await admin.sends("/desk/directory/holidays/save", **YEAR)).status_code == 403


async def test_what_ships_is_shown_with_where_it_comes_from(office: Office) -> None:
    auditor = await admitted(office, Role.AUDITOR, CITY)
    await auditor.opens("/desk/directory/unions")
    assert COUNTY in auditor.text
    assert "修改" not in auditor.text
    assert "仲裁裁决书和送达回证" in auditor.text
    await auditor.opens("/desk/directory/routes")
    assert "欠薪 → 维权和法律服务" in auditor.text
    assert "个工作日" in auditor.text


async def test_other_limits_hold_at_once_and_what_ships_comes_back(office: Office, home: Path) -> None:
    await office.hire("clock.keeper", Role.ADMIN, PROVINCE)
    browser = await office.admitted("clock.keeper")
    live = load_categories(home=home)
    await browser.opens("/desk/directory/clocks/urgent")
    assert browser.page is not None
    typed = dict(re.findall(r'name="([a-z_-]+)" type="text" value="(\d+)"', browser.page.text))
    units = dict(re.findall(r'(?s)name="([a-z_-]+-unit)">.*?value="([a-z ]+)" selected', browser.page.text))
    assert (typed["triage"], units["triage-unit"]) == ("30", "minute")
    sent = {**typed, **units, "triage": "2", "triage-unit": "hour"}
    await browser.sends("/desk/directory/clocks/urgent", **sent)
    assert "已经保存" in browser.text
    assert "2 小时" in browser.text
    shipped = load_categories().clocks[Urgency.URGENT]
    assert live.clocks[Urgency.URGENT] == replace(shipped, triage=Limit(2, Unit.HOUR)), "and nothing else"
    assert live.clocks[Urgency.NORMAL] == load_categories().clocks[Urgency.NORMAL]
    case = house.new_case(content=house.told_content(urgency=Urgency.URGENT))
    assert clocks(case, Times(load_calendar(), live.clocks))[0].due_at == house.NOW + timedelta(hours=2)
    entry = (await office.storage.audit.search(Search(act=Act.CLOCK_CHANGED)))[0].entry
    assert (entry.subject, entry.detail) == ("clock/urgent", "changed")
    await browser.opens("/desk/directory/clocks/urgent")
    for wrong in (
        {"result": "-1"},
        {"result": "9999"},
        {"result": "1.5"},
        {"accept-unit": "year"},
        {"overdue-lead": "x"},
    ):
        refused = await browser.sends("/desk/directory/clocks/urgent", **{**sent, **wrong})
        assert refused.status_code == 422, wrong
        assert live.clocks[Urgency.URGENT].triage == Limit(2, Unit.HOUR)
    await browser.sends("/desk/directory/clocks/urgent/restore")
    assert live.clocks[Urgency.URGENT] == shipped


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("clocks/urgent/restore", {}),
        ("holidays/save", YEAR),
        ("holidays/2028/withdraw", {}),
    ],
)
async def test_cases_that_are_under_way_are_looked_at_again(office: Office, path: str, form: dict[str, str]) -> None:
    case = house.open_case(office.clock())
    await office.storage.cases.apply([case], office.clock())
    assert case.events[0].case not in await office.storage.cases.ringing(office.clock(), 100)
    admin = await admitted(office, Role.ADMIN, PROVINCE)
    await admin.opens("/desk/directory/holidays")
    assert (await admin.sends(f"/desk/directory/{path}", **form)).status_code == 200
    assert case.events[0].case in await office.storage.cases.ringing(office.clock(), 100)


async def test_another_department_takes_a_category_and_other_bodies_decide(office: Office, home: Path) -> None:
    await office.hire("way.keeper", Role.ADMIN, PROVINCE)
    browser = await office.admitted("way.keeper")
    live, shipped = load_categories(home=home), load_categories()[Category.WORK_INJURY]
    await browser.opens("/desk/directory/routes/work-injury")
    await browser.sends("/desk/directory/routes/work-injury", department="safety", body=["court", "", "injury"])
    assert "已经保存" in browser.text
    assert live[Category.WORK_INJURY] == replace(shipped, department="safety", bodies=("court", "injury"))
    assert live[Category.SAFETY] == load_categories()[Category.SAFETY]
    await browser.opens("/desk/directory/routes/work-injury")
    for department, body in (("fun", []), ("safety", ["moon"]), ("safety", ["court", "court"])):
        refused = await browser.sends("/desk/directory/routes/work-injury", department=department, body=body)
        assert refused.status_code == 422, department
    await browser.sends("/desk/directory/routes/work-injury/restore")
    assert live[Category.WORK_INJURY] == shipped
    assert (await browser.opens("/desk/directory/routes/nothing")).status_code == 404


async def test_ways_and_clocks_hold_everywhere_so_a_citys_admin_only_reads_them(office: Office) -> None:
    await office.hire("city.ways", Role.ADMIN, CITY)
    browser = await office.admitted("city.ways")
    await browser.opens("/desk/directory/routes")
    assert "由省总工会的管理员修改" in browser.text
    assert "修改" not in browser.text.replace("由省总工会的管理员修改", "")
    for path in ("routes/work-injury", "clocks/urgent"):
        assert (await browser.opens(f"/desk/directory/{path}")).status_code == 403
        await browser.opens("/desk/account")
        assert (await browser.sends(f"/desk/directory/{path}")).status_code == 403
        await browser.opens("/desk/account")
        assert (await browser.sends(f"/desk/directory/{path}/restore")).status_code == 403
