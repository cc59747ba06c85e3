"""The pages of the audit, over HTTP."""

import csv
import io
import re
import sqlite3
from html import unescape
from pathlib import Path

import pytest

from bot.audit import CLI, Act, Entry, Search
from bot.desk import auditing
from bot.desk.staff import Role
from tests.bot.cases import house
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def auditor(office: Office, login: str, *unions: str) -> None:
    if login not in {staff.login for staff in await office.accounts.everybody()}:
        await office.hire(login, Role.AUDITOR, *unions)


async def test_an_auditor_finds_by_who_what_when_on_what_and_by_a_noted_hash(office: Office) -> None:
    await auditor(office, "eye", PROVINCE)
    clerk = await office.hire("watched", Role.CLERK, CITY)
    await office.accounts.disable(CLI, clerk)
    browser = await office.admitted("eye")
    assert (await browser.opens(f"/desk/audit?subject={clerk.subject}")).status_code == 200
    table = browser.text.split("编号与校验值")[1]
    assert "停用账号 watched同志" in table
    assert "登录" not in table
    await browser.opens("/desk/audit?actor=cli&act=staff.disabled")
    assert "命令行" in browser.text
    (newest,) = await office.storage.audit.search(Search(), limit=1)
    await browser.opens(f"/desk/audit?hash={newest.hash[:16].upper()}")
    assert newest.hash[:12] in browser.text
    await browser.opens("/desk/audit?until=2026-11-20")
    assert "没有符合条件的记录" in browser.text
    await browser.opens("/desk/audit?since=2026-11-21&until=2026-11-21")
    assert "没有符合条件的记录" not in browser.text
    assert (await browser.opens("/desk/audit?since=yesterday&act=nothing&hash=%25&before=2")).status_code == 200
    assert (await browser.opens("/desk/audit?before=0")).status_code == 400


async def test_documents_are_named_by_their_titles_and_cases_by_numbers_which_find_them(office: Office) -> None:
    await auditor(office, "reader", PROVINCE)
    change = house.open_case(office.clock.now, house.told_content(), house.claimant(now=office.clock.now))
    await office.storage.cases.apply([change], office.clock.now)
    case = await office.storage.cases.case(change.events[0].case)
    assert case is not None
    clerk = await office.hire("curious", Role.CLERK)
    for subject in (f"case/{case.id}", f"case/{'0' * 32}", "document/0a1b2c3d", "document/ffffffff"):
        await office.storage.audit.record(Entry(clerk.actor, Act.CASE_READ, subject))
    browser = await office.admitted("reader")
    await browser.opens(f"/desk/audit?actor={clerk.id}")
    table = browser.text.split("编号与校验值")[1]
    for named in ("《探亲假怎么休》", case.number, "0" * 32, "ffffffff"):
        assert named in table, named
    assert case.id not in table
    await browser.opens(f"/desk/audit?act=case.read&subject={case.number.lower()}")
    table = browser.text.split("编号与校验值")[1]
    assert (table.count(case.number), "探亲假" in table) == (1, False)
    exported = (await browser.client.get(f"/desk/audit/export?subject={case.number}")).text
    assert exported.count(f"case/{case.id}") == len(exported.splitlines()) - 1


async def test_many_records_come_by_pages_and_in_parts_for_a_script(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "PAGE", 3)
    await auditor(office, "pager", PROVINCE)
    for _ in range(7):
        await office.storage.audit.record(Entry(CLI, Act.RESET, "staff/paged"))
    browser = await office.admitted("pager")
    seen, url = [], "/desk/audit?subject=staff%2Fpaged"
    while url:
        page = await browser.opens(url)
        seen.append(page.text.count("<tr>") - 1)
        more = re.search(r'href="(/desk/audit\?[^"]*before=[^"]*)"', page.text)
        url = unescape(more[1]) if more else ""
    assert seen == [3, 3, 1]
    part = await browser.client.get("/desk/audit?subject=staff%2Fpaged", headers={"HX-Request": "true"})
    assert part.text.count("<tr>") - 1 == 3
    assert "<html" not in part.text


async def test_who_stands_for_some_unions_sees_what_their_staff_did_and_no_more(office: Office) -> None:
    await auditor(office, "local.eye", CITY)
    inside = await office.hire("inside", Role.CLERK, COUNTY)
    outside = await office.hire("outside", Role.CLERK, OTHER_CITY)
    browser = await office.admitted("local.eye")
    for person in (inside, outside):
        await office.browser().logs_in(person.login)
    await browser.opens("/desk/audit")
    assert "inside同志" in browser.text
    assert "outside" not in browser.text
    assert outside.id not in browser.text
    await browser.opens(f"/desk/audit?actor={outside.id}")
    assert "没有符合条件的记录" in browser.text
    exported = (await browser.client.get("/desk/audit/export")).text
    assert inside.id in exported
    assert outside.id not in exported


async def test_the_export_holds_what_was_searched_and_no_formula(office: Office) -> None:
    await auditor(office, "exporter", PROVINCE)
    staff = await office.hire("formula", Role.CLERK, CITY)
    token = await office.accounts.reset(CLI, staff)
    await office.accounts.join(token, "=1+1", "三月 purple 风筝 kettle", "三月 purple 风筝 kettle")
    browser = await office.admitted("exporter")
    answer = await browser.client.get(f"/desk/audit/export?actor={staff.id}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][0] == "编号"
    assert {row[3] for row in rows[1:]} == {staff.id}
    assert {row[2] for row in rows[1:]} == {"'=1+1"}
    whole = await browser.client.get("/desk/audit/export")
    assert whole.text.count("\n") > len(rows)
    await browser.opens("/desk/audit?act=audit.exported")
    assert "exporter同志 审计员 导出审计记录" in browser.text


async def test_the_chain_is_checked_with_and_without_scripts(office: Office) -> None:
    await auditor(office, "checker", PROVINCE)
    browser = await office.admitted("checker")
    await browser.opens("/desk/audit")
    await browser.sends("/desk/audit/verify")
    assert "没有被改过" in browser.text
    assert "导航" in (browser.page.text if browser.page else "")
    part = await browser.client.post("/desk/audit/verify", headers={"HX-Request": "true", "X-CSRF-Token": browser.csrf})
    assert "没有被改过" in part.text
    assert "<html" not in part.text


async def test_tampering_is_told(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.hire("eye", Role.AUDITOR, PROVINCE)
        browser = await office.admitted("eye")
        with sqlite3.connect(tmp_path / "niangjia.db") as connection:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute("UPDATE audit SET role = 'admin' WHERE number = 2")
        await browser.opens("/desk/audit")
        await browser.sends("/desk/audit/verify")
        assert "从第 2 条起对不上" in browser.text
        await browser.opens("/desk/audit")
        assert "对不上，从第几条起：2" in browser.text


async def test_what_was_changed_behind_a_check_is_found_from_the_beginning(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.hire("eye", Role.AUDITOR, PROVINCE)
        browser = await office.admitted("eye")
        await browser.opens("/desk/audit")
        await browser.sends("/desk/audit/verify")
        assert "从第 1 条到第" in browser.text
        with sqlite3.connect(tmp_path / "niangjia.db") as connection:
            connection.execute("DROP TRIGGER audit_no_update")
            connection.execute("UPDATE audit SET role = 'admin' WHERE number = 2")
        await browser.opens("/desk/audit")
        await browser.sends("/desk/audit/verify")
        assert "上次查到第" in browser.text
        await browser.opens("/desk/audit")
        await browser.sends("/desk/audit/verify", whole="yes")
        assert "从第 2 条起对不上" in browser.text
