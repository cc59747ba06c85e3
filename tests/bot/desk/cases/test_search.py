import pytest

from bot.audit import Act, Search
from bot.cases import receipt
from bot.cases.model import Content, Move
from bot.desk.cases import search as module
from bot.desk.staff import Role
from tests.bot.cases import house
from tests.bot.desk.cases.casework import STORY, Casework
from tests.bot.desk.office import CITY, OTHER_CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "紫色的三轮车"


async def seeker(work: Casework, login: str = "seeker", union: str = CITY) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, Role.CLERK, union)
    browser = await work.office.admitted(login)
    await browser.opens("/desk/cases")
    return browser


async def test_words_are_found_in_stories_and_messages_of_ones_own_unions_only(work: Casework) -> None:
    told = await work.opened(story=f"老板把我的{SECRET}也扣了")
    said = await work.in_progress()
    said = await work.moved(said, Move.SAY, house.WORKER, Content(text=f"他们还拿走了{SECRET}，ＡＢＣ牌的"))
    hidden = await work.opened(story=f"我的{SECRET}", organization=OTHER_CITY)
    browser = await seeker(work)
    page = await browser.sends("/desk/cases/search", q=SECRET)
    assert told.number in page.text and said.number in page.text
    assert hidden.number not in page.text
    assert f"<mark>{SECRET}</mark>" in page.text
    assert SECRET not in str(page.url)
    page = await browser.sends("/desk/cases/search", q=f"{SECRET} abc")
    assert said.number in page.text and told.number not in page.text
    await browser.sends("/desk/cases/search", q="没有人说过这句话")
    assert "没有找到" in browser.text


async def test_a_search_is_in_the_audit_without_its_words(work: Casework) -> None:
    browser = await seeker(work)
    await browser.sends("/desk/cases/search", q="欠条")
    me = await work.office.accounts.named("seeker")
    found = await work.storage.audit.search(Search(actor=me.id, act=Act.CASES_SEARCHED))
    assert found
    assert all("欠条" not in f"{each.entry.subject}{each.entry.detail}" for each in found)


async def test_a_number_and_a_receipt_lead_straight_to_the_case_if_it_may_be_seen(work: Casework) -> None:
    digits = receipt.new()
    case = await work.opened(house.claimant("5", digits=digits, now=work.office.clock.now))
    other = await work.opened(organization=OTHER_CITY)
    browser = await seeker(work)
    for asked in (case.number, case.number.lower(), receipt.shown(digits)):
        page = await browser.sends("/desk/cases/search", q=asked)
        assert page.url.path == f"/desk/cases/{case.number}", asked
        await browser.opens("/desk/cases")
    page = await browser.sends("/desk/cases/search", q=other.number)
    assert page.url.path == "/desk/cases/search"
    assert STORY not in page.text
    for _ in range(7):
        page = await browser.sends("/desk/cases/search", q=receipt.shown(receipt.new()))
        assert page.status_code == 200


async def test_a_search_stops_at_its_bound_says_so_and_goes_on(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(module, "BATCH", 1)
    union = "房县总工会"
    oldest = await work.opened(story="一辆会飞的自行车", organization=union)
    for _ in range(2):
        work.office.clock.forward(hours=1)
        await work.opened(organization=union)
    browser = await seeker(work, "fang", union)
    page = await browser.sends("/desk/cases/search", q="会飞的")
    assert oldest.number not in page.text
    assert "先看了最近的 2 件，一共 3 件" in browser.text
    page = await browser.sends("/desk/cases/search", q="会飞的", start="2")
    assert oldest.number in page.text
    assert "看完了" in browser.text
    for odd in ("-1", "x", "9" * 40, "１"):
        assert (await browser.sends("/desk/cases/search", q="会飞的", start=odd)).status_code == 200
