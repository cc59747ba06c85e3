import re
from dataclasses import replace

import pytest

from bot.cases.changes import EraseCase
from bot.cases.model import CaseKind, Content, Move, State
from bot.desk.cases import words
from bot.desk.cases.ports import MOST_VIEWS
from bot.desk.staff import Role
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house
from tests.bot.desk.cases.casework import NAME, STORY, TELEPHONE, Casework
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


def counts(browser: Browser) -> dict[str, int]:
    assert browser.page is not None
    return {
        tab: int(count)
        for tab, count in re.findall(r'id="tab-(\w+)".*?<span class="count[^"]*">(\d+)', browser.page.text)
    }


async def clerk(work: Casework, login: str, *unions: str, role: Role = Role.CLERK) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, role, *unions)
    return await work.office.admitted(login)


async def test_a_clerk_sees_the_cases_of_their_union_and_those_below_and_no_others(work: Casework) -> None:
    own = await work.opened(organization=CITY)
    below = await work.opened(organization=COUNTY)
    above = await work.opened(organization=PROVINCE)
    beside = await work.opened(organization=OTHER_CITY)
    browser = await clerk(work, "city", CITY)
    page = await browser.opens("/desk/cases")
    assert own.number in page.text
    assert below.number in page.text
    assert above.number not in page.text
    assert beside.number not in page.text
    narrowed = await browser.opens(f"/desk/cases?union={COUNTY}")
    assert below.number in narrowed.text and own.number not in narrowed.text
    beyond = await browser.opens(f"/desk/cases?union={PROVINCE}")
    assert above.number not in beyond.text and beside.number not in beyond.text
    county = await clerk(work, "county", COUNTY)
    page = await county.opens("/desk/cases")
    assert below.number in page.text and own.number not in page.text
    everything = await (await clerk(work, "province", PROVINCE)).opens("/desk/cases")
    assert all(case.number in everything.text for case in (own, below, above, beside))


async def test_an_emergency_stands_on_top_and_is_told_of_at_once(work: Casework) -> None:
    await work.opened(organization=OTHER_CITY, urgency=Urgency.URGENT)
    danger = await work.opened(organization=OTHER_CITY, urgency=Urgency.EMERGENCY, kind=CaseKind.EMERGENCY)
    browser = await clerk(work, "other", OTHER_CITY)
    page = await browser.opens("/desk/cases?tab=unclaimed")
    assert "有 1 件紧急处置" in browser.text
    assert re.findall(r'id="c-([A-Z0-9-]+)"', page.text)[0] == danger.number


async def test_tabs_count_what_they_show(work: Casework) -> None:
    union = "竹山县总工会"
    browser = await clerk(work, "tabs", union)
    me = await work.office.accounts.named("tabs")
    mine = await work.in_progress(union)
    mine = await work.moved(mine, Move.ASSIGN, house.HANDLER, Content(staff=me.id))
    waiting = await work.moved(await work.in_progress(union), Move.ASK_WORKER, house.HANDLER, Content(text="几个人？"))
    fresh = await work.opened(organization=union)
    await browser.opens("/desk/cases")
    found = counts(browser)
    assert found["all"] == 3
    assert found["mine"] == 1
    assert found["unclaimed"] == 2
    assert found["waiting"] == 1
    assert found["overdue"] == 0
    assert "ended" not in found
    for tab, case in (("mine", mine), ("waiting", waiting)):
        page = await browser.opens(f"/desk/cases?tab={tab}")
        assert re.findall(r'id="c-([A-Z0-9-]+)"', page.text) == [case.number]
    work.office.clock.forward(days=30)
    browser = await work.office.admitted("tabs")
    late = await browser.opens("/desk/cases?tab=overdue")
    assert fresh.number in late.text
    assert "超时" in browser.text
    assert counts(browser)["overdue"] == len(re.findall(r"data-row", late.text))


async def test_a_row_says_what_there_is_how_much_time_for(work: Casework) -> None:
    union = "房县总工会"
    browser = await clerk(work, "timed", union)
    fresh, working = await work.opened(organization=union), await work.in_progress(union)
    page = await browser.opens("/desk/cases")
    for case, awaited in ((fresh, "分办"), (working, "办理")):
        assert f"<small>{awaited}</small> 还有" in page.text.partition(f'id="c-{case.number}"')[2].partition("</li>")[0]
    assert set(words.AWAITED) == set(State) - {State.WITHDRAWN}


async def test_the_first_page_says_how_much_waits(work: Casework) -> None:
    union = "郧阳区总工会"
    browser = await clerk(work, "first", union)
    await work.opened(organization=union)
    page = await browser.opens("/desk/")
    assert "/desk/cases/counts" in page.text
    await browser.opens("/desk/cases/counts")
    assert browser.text == "要办的 1 没人接 1"


async def test_filters_narrow_every_tab(work: Casework) -> None:
    union = "竹溪县总工会"
    hurt = await work.opened(organization=union, category=Category.WORK_INJURY, urgency=Urgency.URGENT)
    owed = await work.opened(organization=union)
    browser = await clerk(work, "filters", union)
    for query in (f"category={Category.WORK_INJURY}", f"urgency={Urgency.URGENT}"):
        page = await browser.opens(f"/desk/cases?{query}")
        assert hurt.number in page.text and owed.number not in page.text
        assert counts(browser)["all"] == 1
    page = await browser.opens("/desk/cases?state=closed")
    assert hurt.number not in page.text
    odd = await browser.opens("/desk/cases?tab=x&state=y&category=z&urgency=0&union=nowhere&page=9")
    assert odd.status_code == 200


async def test_nothing_is_sent_while_nothing_changes(work: Casework) -> None:
    union = "丹江口市总工会"
    await work.opened(organization=union)
    browser = await clerk(work, "poll", union)
    page = await browser.opens("/desk/cases")
    address = re.search(r'hx-get="([^"]*seen=[0-9a-f]+)" hx-trigger="look', page.text)
    assert address
    asked = address[1].replace("&amp;", "&")
    script = {"hx-request": "true"}
    assert (await browser.client.get(asked, headers=script)).status_code == 204
    new = await work.opened(organization=union)
    changed = await browser.client.get(asked, headers=script)
    assert changed.status_code == 200
    assert new.number in changed.text
    assert "<html" not in changed.text


async def test_no_story_name_or_telephone_stands_in_a_queue(work: Casework) -> None:
    union = "茅箭区总工会"
    person = house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=work.office.clock.now)
    case = await work.opened(person, organization=union)
    page = await (await clerk(work, "bare", union)).opens("/desk/cases")
    assert case.number in page.text
    for secret in (STORY, NAME, TELEPHONE):
        assert secret not in page.text


async def test_a_view_is_saved_under_a_name_found_again_and_removed_by_its_owner_alone(work: Casework) -> None:
    union = "张湾区总工会"
    owed = await work.opened(organization=union)
    hurt = await work.opened(organization=union, category=Category.WORK_INJURY)
    browser, other = await clerk(work, "views", union), await clerk(work, "no.views", union)
    page = await browser.opens(f"/desk/cases?tab=unclaimed&category={Category.WORK_INJURY}")
    query = re.search(r'id="view-query" name="query" value="([^"]*)"', page.text)
    assert query
    page = await browser.sends("/desk/cases/views", name="工伤<b>没人接", query=query[1].replace("&amp;", "&"))
    assert "视图存好了" in browser.text and "工伤&lt;b&gt;没人接" in page.text
    assert hurt.number in page.text and owed.number not in page.text
    await browser.opens("/desk/cases")
    address = re.search(r'class="view"><a href="([^"]*)"', browser.page.text)  # type: ignore[union-attr]
    assert address
    page = await browser.opens(address[1].replace("&amp;", "&"))
    assert hurt.number in page.text and owed.number not in page.text
    removal = re.search(r'action="(/desk/cases/views/[0-9a-f]{32}/remove)"', page.text)
    assert removal
    page = await other.opens("/desk/cases")
    assert 'class="view"' not in page.text
    await other.sends(removal[1])
    assert 'class="view"' in (await browser.opens("/desk/cases")).text
    page = await browser.sends(removal[1])
    assert 'class="view"' not in page.text


async def test_a_view_holds_only_what_filters_know_and_nobody_has_more_than_fit(work: Casework) -> None:
    browser = await clerk(work, "hoarder", COUNTY)
    await browser.opens("/desk/cases")
    odd = "tab=x&state=nowhere&category=%3Cb%3E&union=火星总工会&next=//evil&urgency=" + Urgency.URGENT
    await browser.sends("/desk/cases/views", name=" ", query=odd)
    me = await work.office.accounts.named("hoarder")
    (view,) = await work.storage.case_views.of(me.id)
    assert (view.name, view.query) == ("紧急", "urgency=%E7%B4%A7%E6%80%A5")
    for _ in range(MOST_VIEWS):
        await browser.sends("/desk/cases/views", name="又一个", query="tab=mine")
    assert "视图已经存满" in browser.text
    assert len(await work.storage.case_views.of(me.id)) == MOST_VIEWS


async def test_a_row_says_in_a_line_what_it_is_about_to_who_works_on_cases_and_to_nobody_else(work: Casework) -> None:
    case = await work.opened(house.claimant(anonymous=False, name=NAME, telephone=TELEPHONE), organization=COUNTY)
    browser = await clerk(work, "row.reader", COUNTY)
    await browser.opens("/desk/cases?tab=unclaimed")
    assert "十堰某某建筑有限公司 · 涉及 6 人 · 今年8月 · 把工钱要回来" in browser.text
    assert not any(secret in browser.text for secret in (STORY, NAME, TELEPHONE))
    auditor = await clerk(work, "row.auditor", COUNTY, role=Role.AUDITOR)
    await auditor.opens("/desk/cases")
    assert case.number in auditor.text and "某某建筑" not in auditor.text


async def test_a_row_says_what_was_put_right_and_nothing_of_what_is_erased(work: Casework) -> None:
    kept, gone = await work.opened(), await work.opened()
    right = Content(facts=replace(kept.facts, employer="十堰某某劳务公司"))
    await work.moved(kept, Move.CORRECT, house.WORKER, right)
    await work.storage.cases.apply([EraseCase(gone.id, house.WORKER)], work.office.clock.now)
    facts = await work.storage.cases.facts([kept.id, gone.id])
    assert {id: told.employer for id, told in facts.items()} == {kept.id: "十堰某某劳务公司"}
