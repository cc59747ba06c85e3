"""A union that was renamed is everywhere called as today, and its cases, known by the name before, stay whole."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.cases.ports import Queue
from knowledge.organizations import Contact, Level, Organization, OwnEntries, own_file, write_own
from tests.bot.desk.cases.casework import Casework, open_casework
from tests.bot.desk.office import CITY

CALLED = "十堰新市总工会"


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Casework]:
    """A desk at which a case came in before the union was renamed."""
    async with open_casework(tmp_path) as opened:
        await opened.dispatched()
        renamed = Organization(CITY, Level.CITY, "十堰", "湖北省总工会", called=CALLED)
        office = Contact("0719-8000001", source="官网", confirmed=date(2026, 11, 1))
        write_own(own_file(tmp_path), OwnEntries((renamed,), offices={"inspection": {CITY: office}}))
        yield opened


async def test_every_page_paper_and_table_has_the_name_of_today(work: Casework) -> None:
    await work.office.hire("clerk")
    browser = await work.office.admitted("clerk")
    (row,) = (await work.storage.cases.queue(Queue())).rows
    for path in (
        "account",
        "cases",
        f"cases/{row.number}",
        f"cases/{row.number}/letters/opinion",
        "figures",
        "figures/export.csv?months=12&union=",
    ):
        page = await browser.opens(f"/desk/{path}")
        assert page.status_code == 200, path
        assert CALLED in page.text, path
        assert ("电话 0719-8000001" in page.text) == path.endswith(row.number), "where its body is found"
        assert CITY not in page.text.replace(f'value="{CITY}"', ""), path
