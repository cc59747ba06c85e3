import re

import pytest

from bot.cases import receipt
from bot.cases.model import Content, Move
from bot.desk.staff import Role
from bot.messages import Channel
from tests.bot.cases import house
from tests.bot.desk.cases.casework import NAME, TELEPHONE, Casework
from tests.bot.desk.office import CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def clerk(work: Casework) -> Browser:
    if "clerk" not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire("clerk", Role.CLERK, CITY)
    return await work.office.admitted("clerk")


async def test_a_workmate_is_added_with_a_receipt_of_their_own_that_works(work: Casework) -> None:
    case, browser = await work.in_progress(), await clerk(work)
    await browser.opens(f"/desk/cases/{case.number}/join")
    told = {"name": NAME, "phone": TELEPHONE, "agreed": "on", "seen": str(case.seen)}
    await browser.sends(f"/desk/cases/{case.number}/join", **told)
    shown = re.search(r"\d{4} \d{4} \d{4} \d{4}", browser.text)
    assert shown and "第 2 位" in browser.text
    digits = receipt.read(shown[0])
    mine = await work.storage.cases.by_receipt(digits or "", Channel.TELEGRAM, "77")
    assert mine is not None and mine.case.id == case.id
    assert (mine.claimant.number, mine.claimant.name, mine.claimant.telephone) == (2, NAME, TELEPHONE)
    after = await work.again(case.id)
    assert after.claimants == {1, 2}
    assert (after.events[-1].move, after.events[-1].content.claimant) == (Move.JOIN, 2)
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert NAME not in page.text and "第 2 位" in browser.text
    again = await browser.sends(f"/desk/cases/{case.number}/join", **told)
    assert again.status_code == 409, "sent twice it is one person still"
    assert (await work.again(case.id)).claimants == {1, 2}


async def test_nobody_is_added_without_consent_and_nobody_is_named_who_does_not_wish_it(work: Casework) -> None:
    case, browser = await work.in_progress(), await clerk(work)
    await browser.opens(f"/desk/cases/{case.number}/join")
    told = {"name": NAME, "phone": TELEPHONE, "seen": str(case.seen)}
    page = await browser.sends(f"/desk/cases/{case.number}/join", **told)
    assert page.status_code == 422 and "对方同意了再登记" in browser.text and NAME in page.text
    await browser.sends(f"/desk/cases/{case.number}/join", **told, anonymous="on", agreed="on")
    _, person = await work.storage.cases.claimants(case.id)
    assert person.anonymous
    assert (person.name, person.telephone) == ("", "")


async def test_numbers_of_those_who_left_are_not_given_again_and_an_ended_case_takes_nobody(work: Casework) -> None:
    case, browser = await work.in_progress(), await clerk(work)
    now = work.office.clock.now
    await work.storage.cases.apply(
        [house.appended(case, Move.JOIN, house.WORKER, now, Content(claimant=2), house.claimant("8", 2, now=now))], now
    )
    case = await work.moved(await work.again(case.id), Move.LEAVE, house.WORKER, Content(claimant=2))
    await browser.opens(f"/desk/cases/{case.number}/join")
    await browser.sends(f"/desk/cases/{case.number}/join", agreed="on", seen=str(case.seen))
    assert (await work.again(case.id)).claimants == {1, 3}
    ended = await work.moved(await work.opened(), Move.WITHDRAW, house.WORKER)
    await browser.opens(f"/desk/cases/{ended.number}/join")
    page = await browser.sends(f"/desk/cases/{ended.number}/join", agreed="on", seen=str(ended.seen))
    assert page.status_code == 422 and "已撤回" in browser.text
