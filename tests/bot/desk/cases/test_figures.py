import csv
import io
import random
import re
from collections import Counter

import pytest
from openpyxl import load_workbook

from bot.audit import Act, Search
from bot.cases.model import ENDED, Move, State
from bot.cases.ports import Order, Queue
from bot.desk.page import CHINA
from bot.desk.staff import Role
from knowledge.vocabulary import Category
from tests.bot.desk.cases.casework import Casework
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def reader(work: Casework, login: str, role: Role = Role.AUDITOR, union: str = CITY) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, role, union)
    return await work.office.admitted(login)


async def live_through_some_months(work: Casework) -> None:
    """Open, settle and reopen cases of several unions and categories over three months."""
    chance = random.Random(20261121)
    for number in range(24):
        work.office.clock.forward(days=chance.choice((1, 3, 6)))
        union = chance.choice((CITY, COUNTY, OTHER_CITY))
        case = await work.opened(organization=union, category=chance.choice(list(Category)[:4]))
        if number % 3 == 0:
            continue
        await work.settled(case, reopened=number % 5 == 0)


async def test_the_numbers_add_up_to_the_events(work: Casework) -> None:
    await live_through_some_months(work)
    browser = await reader(work, "auditor")
    answer = await browser.client.get("/desk/figures/export.csv?months=6")
    found = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    everything = Queue((CITY, COUNTY), frozenset(State), order=Order.NEWEST, limit=1000)
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for listed in (await work.storage.cases.queue(everything)).rows:
        case = await work.storage.cases.case(listed.id)
        assert case is not None
        place = (case.organization, case.categories[0].value)
        for event in case.events:
            key = (event.at.astimezone(CHINA).strftime("%Y-%m"), *place)
            closing = event.after in ENDED and event.before not in ENDED and event.before is not None
            expected[*key, "收到"] += event.move is Move.OPEN
            expected[*key, "结案"] += closing
            expected[*key, "职工确认解决"] += closing and event.move is Move.CONFIRM
            expected[*key, "重开"] += event.move is Move.REOPEN
    late = await work.storage.cases.queue(Queue((CITY, COUNTY), overdue=True, limit=1000))
    for row in late.rows:
        month = row.opened_at.astimezone(CHINA).strftime("%Y-%m")
        expected[month, row.organization, row.category.value, "现在超时"] += 1
    told = Counter(
        {
            (row["月份"], row["工会"], row["类别"], measure): int(row[measure])
            for row in found
            for measure in ("收到", "结案", "职工确认解决", "重开", "现在超时")
        }
    )
    assert +told == +expected
    assert min(sum(count for key, count in told.items() if key[3] == measure) for measure in ("收到", "结案", "重开"))
    assert OTHER_CITY not in answer.text
    await browser.opens("/desk/figures?months=6")
    total = sum(int(row["收到"]) for row in found)
    assert f"收到 {total}" in browser.text
    now = work.office.clock.now.astimezone(CHINA)
    assert f"{CITY}及下级工会 · {found[0]['月份'][:4]}-" in browser.text
    assert f"至 {now:%Y-%m} · 出表 {now:%Y-%m-%d %H:%M}" in browser.text


async def test_months_before_the_first_case_are_left_out_and_later_ones_are_not(work: Casework) -> None:
    browser = await reader(work, "auditor")
    await browser.opens("/desk/figures?months=36")
    assert browser.page is not None
    told = re.findall(r'data-label="月份">(\d{4})-(\d\d)<', browser.page.text)
    months = [int(year) * 12 + int(month) for year, month in told]
    assert months == list(range(months[0], months[0] + len(months)))
    now = work.office.clock.now.astimezone(CHINA)
    assert months[-1] == now.year * 12 + now.month
    assert len(months) < 36


async def test_every_table_adds_up_to_the_total(work: Casework) -> None:
    browser = await reader(work, "auditor")
    page = await browser.opens("/desk/figures?months=36")
    total = [int(count) for count in re.findall(r"<dd>(\d+)</dd>", page.text)]
    tables = re.findall(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL)
    assert len(tables) == 3
    for table in tables:
        rows = [
            [int(count) for count in re.findall(r'data-label="(?:收到|结案|职工确认解决|重开|现在超时)">(\d+)', row)]
            for row in table.split("<tr>")[1:]
        ]
        assert [sum(column) for column in zip(*rows, strict=True)] == total


async def test_figures_are_taken_along_as_a_spreadsheet_and_that_is_in_the_audit(work: Casework) -> None:
    browser = await reader(work, "auditor")
    answer = await browser.client.get("/desk/figures/export.xlsx?months=6")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    text = (await browser.client.get("/desk/figures/export.csv?months=6")).content.decode("utf-8-sig")
    assert [[str(cell) for cell in row] for row in rows] == list(csv.reader(io.StringIO(text)))
    me = await work.office.accounts.named("auditor")
    acts = [record.entry.act for record in await work.storage.audit.search(Search(actor=me.id))]
    assert acts.count(Act.FIGURES_EXPORTED) >= 2


async def test_nobody_counts_what_lies_outside_their_unions(work: Casework) -> None:
    browser = await reader(work, "county", Role.CLERK, COUNTY)
    for union in (CITY, OTHER_CITY, "没有的工会"):
        page = await browser.opens(f"/desk/figures?union={union}")
        assert page.status_code == 200
        assert f">{OTHER_CITY}<" not in page.text and f">{CITY}<" not in page.text
    assert (await browser.client.get("/desk/figures?months=99")).status_code == 400
    assert (await browser.client.get("/desk/figures/export.exe")).status_code in {400, 404}
