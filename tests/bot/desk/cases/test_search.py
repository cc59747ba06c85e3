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


async def test_a_claimant_is_found_by_name_and_telephone_and_stays_masked(work: Casework) -> None:
    now = work.office.clock.now
    named = house.claimant("9", anonymous=False, name="皇甫清风", telephone="13612340987", now=now)
    hidden = house.claimant("10", 2, anonymous=True, name="尉迟明月", telephone="13512345678", now=now)
    case = await work.opened(named, hidden)
    other = await work.opened(house.claimant("11", anonymous=False, name="皇甫清风", now=now), organization=OTHER_CITY)
    browser = await seeker(work)
    for asked, where in (("皇甫清风", "当事人姓名"), ("136 1234 0987", "当事人电话"), ("１３６１２３４", "当事人电话")):
        page = await browser.sends("/desk/cases/search", q=asked)
        assert case.number in page.text and other.number not in page.text, asked
        assert where in browser.text
        found = page.text.partition("<ol")[2]
        assert "皇甫清风" not in found and "13612340987" not in found
        assert ("皇**" if where == "当事人姓名" else "136****87") in found
    for asked in ("尉迟明月", "13512345678"):
        await browser.sends("/desk/cases/search", q=asked)
        assert "没有找到" in browser.text, "an anonymous claimant is found by nobody"


async def test_what_matched_is_named_and_shown_as_it_was_written(work: Casework) -> None:
    case = await work.opened(story='他说“明天给”，写了"ＯＫ"两个字，路径 C:\\tmp')
    browser = await seeker(work)
    for asked in ("ok", '"ok"', "c:\\TMP", "“明天给”"):
        page = await browser.sends("/desk/cases/search", q=asked)
        assert case.number in page.text, asked
        assert "经过" in browser.text
    said = await work.moved(await work.in_progress(), Move.NOTE, house.HANDLER, Content(text="欠条在保险柜里"))
    page = await browser.sends("/desk/cases/search", q="保险柜")
    assert said.number in page.text
    assert "内部备注 欠条在 保险柜 里" in browser.text


async def test_the_names_of_sealed_fields_are_found_nowhere(work: Casework) -> None:
    await work.opened()
    browser = await seeker(work)
    for asked in ("content", "facts", "telephone", "true"):
        await browser.sends("/desk/cases/search", q=asked)
        assert "没有找到" in browser.text, asked


async def test_of_a_word_that_stands_everywhere_few_cases_are_opened_and_the_rest_by_going_on(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHOWN", 2)
    union = "竹山县总工会"
    cases = []
    for number in range(6):
        work.office.clock.forward(hours=1)
        cases.append(await work.opened(story=f"第{number}次，到处都有的自行车", organization=union))
    browser = await seeker(work, "zhushan", union)
    seen: list[str] = []
    for start in ("0", "2", "4"):
        page = await browser.sends("/desk/cases/search", q="到处都有的", start=start)
        seen += [case.number for case in reversed(cases) if case.number in page.text]
    assert seen == [case.number for case in reversed(cases)]
