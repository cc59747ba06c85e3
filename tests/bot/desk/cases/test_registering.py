import asyncio
import re
from typing import Any

import pytest

from bot.audit import Search
from bot.cases import receipt
from bot.cases.model import Case, CaseKind, State
from bot.desk.staff import Role
from bot.messages import Channel
from knowledge.vocabulary import Category, Urgency
from tests.bot.desk.cases.casework import EMPLOYER, NAME, TELEPHONE, Casework
from tests.bot.desk.office import CITY, OTHER_CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOLD = {
    "form": "grievance",
    "way": "来电",
    "story": "老板欠了我们三个月工资没有发",
    "employer": EMPLOYER,
    "place": "十堰郧西",
    "people": "18",
    "name": NAME,
    "phone": TELEPHONE,
    "agreed": "on",
}


async def clerk(work: Casework, login: str = "clerk", union: str = CITY) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, Role.CLERK, union)
    return await work.office.admitted(login)


def field(browser: Browser, name: str) -> str:
    assert browser.page is not None
    found = re.search(rf'name="{name}" value="([^"]*)"', browser.page.text)
    assert found
    return found[1]


def chosen(browser: Browser, name: str) -> str:
    assert browser.page is not None
    found = re.search(rf'<select id="{name}".*?<option selected>([^<]*)', browser.page.text, re.DOTALL)
    return found[1] if found else ""


async def registers(work: Casework, browser: Browser, **told: str) -> tuple[Case, str]:
    """Fill in the form, look where it goes, register, and return the case and its receipt."""
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await browser.sends("/desk/cases/new", id=id, step="check", **{**TOLD, **told})
    picked = {name: chosen(browser, name) for name in ("category", "urgency", "organization")}
    await browser.sends("/desk/cases/new", id=id, step="register", **{**TOLD, **picked, **told})
    digits = re.search(r"\d{4} \d{4} \d{4} \d{4}", browser.text)
    assert digits, browser.text
    return await work.again(id), digits[0]


async def test_a_caller_is_triaged_as_a_worker_is_and_gets_a_receipt_that_works(work: Casework) -> None:
    browser = await clerk(work)
    case, shown = await registers(work, browser)
    assert case.state is State.REGISTERED
    assert case.organization == "郧西县总工会"
    assert case.categories[0] is Category.WAGE_ARREARS
    assert case.urgency is Urgency.URGENT, "eighteen people wait for their wages"
    assert case.facts.people == 18
    assert ("怎么来的", "来电") in case.facts.answers
    assert case.number.startswith("SY-")
    digits = receipt.read(shown)
    assert digits and receipt.valid(digits)
    mine = await work.storage.cases.by_receipt(digits, Channel.TELEGRAM, "77")
    assert mine is not None and mine.case.id == case.id
    assert (mine.claimant.name, mine.claimant.telephone) == (NAME, TELEPHONE)
    me = await work.office.accounts.named("clerk")
    records = await work.storage.audit.search(Search(actor=me.id, subject=f"case/{case.id}"))
    assert [record.entry.act for record in records] == ["case.open"]


async def test_who_stays_unnamed_leaves_neither_name_nor_telephone(work: Casework) -> None:
    case, _ = await registers(work, await clerk(work), anonymous="on")
    (person,) = await work.storage.cases.claimants(case.id)
    assert person.anonymous
    digits = (await registers(work, await clerk(work), anonymous="on"))[1]
    mine = await work.storage.cases.by_receipt(receipt.read(digits) or "", Channel.TELEGRAM, "77")
    assert mine is not None and (mine.claimant.name, mine.claimant.telephone) == ("", "")


async def test_nothing_is_registered_without_what_is_needed_and_without_consent(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    for change, said in (({"agreed": ""}, "对方同意了再登记"), ({"story": " "}, "还缺：事情经过")):
        page = await browser.sends("/desk/cases/new", id=id, step="register", **{**TOLD, **change})
        assert page.status_code == 422
        assert said in browser.text
        assert EMPLOYER in page.text, "what was written stands there still"
    assert await work.storage.cases.case(id) is None
    assert (await browser.sends("/desk/cases/new", id="../x", step="register", **TOLD)).status_code == 422


async def test_sending_the_form_twice_registers_once(work: Casework) -> None:
    browser = await clerk(work)
    case, _ = await registers(work, browser)
    page = await browser.client.get("/desk/cases/new")
    browser.page = page
    page = await browser.sends("/desk/cases/new", id=case.id, step="register", **TOLD)
    assert page.url.path == f"/desk/cases/{case.number}"
    assert "没有再记一次" in browser.text


async def test_two_presses_at_once_register_once_and_neither_breaks(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id, form = field(browser, "id"), TOLD | {"csrf": browser.csrf}
    await browser.sends("/desk/cases/new", id=id, step="check", **TOLD)
    form |= {name: chosen(browser, name) for name in ("category", "urgency", "organization")}
    presses = [browser.posts("/desk/cases/new", id=id, step="register", **form) for _ in range(4)]
    statuses = sorted(page.status_code for page in await asyncio.gather(*presses))
    assert statuses == [200, 303, 303, 303], "one prints the receipt, the others lead to the case"
    assert (await work.again(id)).state is State.REGISTERED


async def test_the_clerk_may_put_it_elsewhere_and_an_emergency_rings(work: Casework) -> None:
    browser = await clerk(work)
    case, _ = await registers(
        work, browser, organization=OTHER_CITY, category=Category.SAFETY.value, urgency=Urgency.EMERGENCY.value
    )
    assert case.organization == OTHER_CITY
    assert case.categories[0] is Category.SAFETY
    assert (case.kind, case.state) == (CaseKind.EMERGENCY, State.EMERGENCY)
    assert case.route == "登记的时候由clerk同志选定。"
    assert f"打开 {case.number}" not in browser.text, "it lies with a union that this clerk does not see"


async def test_what_lies_outside_all_our_unions_is_said_so(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await browser.sends("/desk/cases/new", id=id, step="register", **{**TOLD, "place": "武汉汉阳"})
    assert "当地的 12351" in browser.text
    assert await work.storage.cases.case(id) is None


async def test_a_service_is_applied_for_with_its_own_form(work: Casework) -> None:
    browser = await clerk(work)
    page = await browser.opens("/desk/cases/new?form=hardship")
    assert "家里几口人" in page.text
    case, _ = await registers(work, browser, form="hardship", story="我得了重病，没钱看", household="四口人")
    assert case.kind is CaseKind.APPLICATION
    assert case.categories[0] is Category.HARDSHIP
    assert ("家里几口人", "四口人") in case.facts.answers


async def test_what_was_told_goes_along_to_another_form_and_back_and_registers_nothing(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await browser.sends("/desk/cases/new", id=id, step="register", **{**TOLD, "was": "grievance", "form": "hardship"})
    assert "家里几口人" in browser.text
    assert TOLD["story"] in browser.text
    assert field(browser, "people") == TOLD["people"], "nobody is asked for it here, and it is not lost"
    assert await work.storage.cases.case(id) is None
    await browser.sends("/desk/cases/new", id=id, **{**TOLD, "was": "hardship", "form": "grievance"})
    assert f'value="{TOLD["people"]}"' in browser.page.text  # type: ignore[union-attr]
    assert "家里几口人" not in browser.text


async def sends(browser: Browser, id: str, step: str, *files: tuple[str, bytes], **told: str) -> None:
    """Send the form as a browser does, with files."""
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in {**TOLD, **told}.items()]
    parts += [("csrf", (None, browser.csrf)), ("id", (None, id)), ("step", (None, step))]
    parts += [("paper", file) for file in files]
    browser.page = await browser.client.post("/desk/cases/new", files=parts, follow_redirects=True)


async def test_papers_of_a_visitor_are_sealed_and_belong_to_the_case(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await sends(browser, id, "check", ("欠条.txt", "欠三个月".encode()), ("旧的.txt", b"old"))
    assert "不要这份：欠条.txt" in browser.text
    assert "欠三个月" not in browser.page.text  # type: ignore[union-attr]
    unwanted = re.search(r'name="without" value="([0-9a-f]+)"><span>不要这份：旧的', browser.page.text)  # type: ignore[union-attr]
    assert unwanted
    await sends(browser, id, "register", ("身份证.txt", b"card"), without=unwanted[1])
    assert "带来的材料 2 份" in browser.text
    case = await work.again(id)
    kept = await work.storage.cases.evidence(case.id)
    assert {each.name for each in kept} == {"欠条.txt", "身份证.txt"}
    assert {await work.storage.evidence.read(each.kept) for each in kept} == {"欠三个月".encode(), b"card"}


async def test_a_paper_that_is_not_taken_is_named_and_what_was_told_stays(work: Casework) -> None:
    browser = await clerk(work)
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await sends(browser, id, "check", ("坏.html", b"<html>"))
    assert "“坏.html”收不了这种文件" in browser.text
    assert EMPLOYER in browser.page.text  # type: ignore[union-attr]


async def test_a_call_that_breaks_off_waits_for_the_clerk_who_took_it_and_for_nobody_else(work: Casework) -> None:
    browser, other = await clerk(work), await clerk(work, "other")
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    await sends(browser, id, "later", ("欠条.txt", b"words"), employer="半截公司", place="")
    assert "先存着了" in browser.text
    await browser.opens("/desk/cases/counts")
    assert "没登记完的 1" in browser.text or "没登记完的" in browser.text
    await browser.opens("/desk/cases/new")
    assert "老板欠了我们三个月工资没有发"[:10] in browser.text
    page = await browser.opens(f"/desk/cases/new?draft={id}")
    assert "半截公司" in page.text and "不要这份：欠条.txt" in browser.text and NAME in page.text
    for path in ("/desk/cases/new", f"/desk/cases/new?draft={id}"):
        page = await other.opens(path)
        assert "半截公司" not in page.text and NAME not in page.text and "没登记完的" not in other.text
    await sends(other, id, "drop")
    await browser.opens(f"/desk/cases/new?draft={id}")
    await sends(browser, id, "register", employer="半截公司", organization=CITY)
    case = await work.again(id)
    assert len(await work.storage.cases.evidence(case.id)) == 1
    me = await work.office.accounts.named("clerk")
    assert id not in {each.id for each in await work.storage.case_drafts.of(me.id)}


async def test_nothing_is_kept_without_consent_and_what_is_dropped_or_old_is_gone(work: Casework) -> None:
    browser = await clerk(work)
    me = await work.office.accounts.named("clerk")
    await browser.opens("/desk/cases/new")
    id = field(browser, "id")
    before = await work.storage.case_drafts.count(me.id)
    await sends(browser, id, "later", agreed="")
    assert "对方同意了再登记" in browser.text
    assert await work.storage.case_drafts.count(me.id) == before
    await sends(browser, id, "later")
    await browser.opens(f"/desk/cases/new?draft={id}")
    await sends(browser, id, "drop")
    assert await work.storage.case_drafts.find(me.id, id) is None
    await browser.opens("/desk/cases/new")
    await sends(browser, "ab" * 16, "later")
    work.office.clock.forward(days=8)
    assert await work.storage.case_drafts.sweep() >= 1
    assert await work.storage.case_drafts.count(me.id) == 0
