"""What becomes of a case whose worker is not satisfied, also where the worker says so on the telephone."""

import pytest

from bot.cases.model import Case, Content, Move, State
from bot.desk.staff import Role
from tests.bot.cases import house
from tests.bot.desk.cases.casework import Casework

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def answered(work: Casework, case: Case) -> Case:
    """Return the case after an answer."""
    case = await work.moved(case, Move.TRIAGE, house.TRIAGE)
    return await work.moved(case, Move.ANSWER, house.TRIAGE, Content(text="可以。"))


async def closed_twice(work: Casework) -> Case:
    """Return a case that its worker has opened again once, and closed since."""
    case = await work.moved(await answered(work, await work.opened()), Move.REOPEN, house.WORKER)
    return await work.moved(await answered(work, case), Move.CONFIRM, house.WORKER)


async def test_a_clerk_who_hears_that_it_is_not_settled_opens_the_case_again_once(work: Casework) -> None:
    case = await answered(work, await work.opened())
    await work.office.hire("hearer")
    browser = await work.office.admitted("hearer")
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert 'data-move="reopen"' in page.text
    assert 'data-move="ask_reopen"' not in page.text
    await browser.sends(f"/desk/cases/{case.number}/moves/reopen", seen=str(case.seen))
    assert "重新打开了" in browser.text
    case = await work.moved(await answered(work, await work.again(case.id)), Move.CONFIRM, house.WORKER)
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert 'data-move="reopen"' not in page.text
    await browser.sends(f"/desk/cases/{case.number}/moves/ask_reopen", seen=str(case.seen), text="来电说又不给了")
    assert "请负责人决定" in browser.text
    assert "来电说又不给了" in browser.text
    assert (await work.again(case.id)).asked


@pytest.mark.parametrize(
    ("move", "fields", "after"),
    [("decline", {"reason": "单位已经注销，请走仲裁。"}, State.CLOSED), ("reopen", {}, State.REOPENED)],
)
async def test_what_a_worker_asks_for_after_the_end_stands_in_the_queue_until_a_supervisor_has_decided(
    work: Casework, move: str, fields: dict[str, str], after: State
) -> None:
    case = await closed_twice(work)
    await work.office.hire(f"lead-{move}", Role.SUPERVISOR)
    browser = await work.office.admitted(f"lead-{move}")
    assert case.number not in (await browser.opens("/desk/cases")).text
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert 'data-move="decline"' not in page.text, "nobody has asked for anything"
    case = await work.moved(case, Move.ASK_REOPEN, house.WORKER)
    assert case.number in (await browser.opens("/desk/cases")).text
    await browser.opens(f"/desk/cases/{case.number}")
    assert "请负责人决定：" in browser.text
    assert "决定要不要重新办理 还有" in browser.text
    await browser.sends(f"/desk/cases/{case.number}/moves/{move}", seen=str(case.seen), **fields)
    decided = await work.again(case.id)
    assert (decided.state, decided.asked) == (after, frozenset())
    assert (case.number in (await browser.opens("/desk/cases")).text) == decided.is_open


async def test_a_clerk_decides_nothing_that_a_supervisor_is_asked(work: Casework) -> None:
    case = await work.moved(await closed_twice(work), Move.ASK_REOPEN, house.WORKER)
    await work.office.hire("no-lead")
    browser = await work.office.admitted("no-lead")
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert all(f'data-move="{move}"' not in page.text for move in ("decline", "reopen", "ask_reopen"))
    await browser.sends(f"/desk/cases/{case.number}/moves/decline", seen=str(case.seen), reason="到头了")
    assert "不归您这个角色做" in browser.text
