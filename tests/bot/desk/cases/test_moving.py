from dataclasses import replace

import pytest

from bot.cases.model import SYSTEM, Audience, Content, Move, Party, State
from bot.desk.staff import Role
from bot.messages import Channel
from tests.bot.cases import house
from tests.bot.desk.cases.casework import Casework, acts, makes, offered, seen, somebody
from tests.bot.desk.office import COUNTY, OTHER_CITY

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_took_a_case_up_may_still_refer_it_merge_it_and_take_it_apart_again(work: Casework) -> None:
    browser, other = await somebody(work), await work.opened()
    taken = [await work.opened(employer=f"某厂{number}") for number in range(2)]
    for case in taken:
        await browser.opens(f"/desk/cases/{case.number}")
        await browser.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
        assert {"resolve", "refer", "merge", "transfer", "not_support"} <= offered(browser)
        assert "answer" not in offered(browser), "who works on a case answers by its result"
    referred, merged = taken
    await browser.opens(f"/desk/cases/{referred.number}")
    await makes(browser, referred, "refer", body="inspection", reason="要他们来查。", contact="12333")
    assert (await work.again(referred.id)).state is State.REFERRED
    assert "转介了，已经告诉职工。" in browser.text
    await browser.opens(f"/desk/cases/{merged.number}")
    await makes(browser, merged, "merge", parent=other.number)
    assert (await work.again(merged.id)).parent == other.id
    await makes(browser, merged, "unmerge")
    assert (await work.again(merged.id)).state is State.TRIAGED


async def test_who_called_says_by_telephone_that_it_is_settled_and_whom_the_bot_asks_says_it_there(
    work: Casework,
) -> None:
    caller = replace(house.claimant(now=work.office.clock.now), channel=Channel.WEB, chat="")
    browser = await somebody(work)
    called, wrote = await work.opened(caller), await work.opened()
    for case in (called, wrote):
        await browser.opens(f"/desk/cases/{case.number}")
        await browser.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
        await makes(browser, await work.again(case.id), "resolve", text="工钱付清了。")
    assert "confirm" not in offered(browser)
    seen = str((await work.again(wrote.id)).seen)
    refused = await browser.sends(f"/desk/cases/{wrote.number}/moves/confirm", seen=seen, claimant="1")
    assert refused.status_code == 422 and "由系统去问" in browser.text
    await browser.opens(f"/desk/cases/{called.number}")
    assert "来电来访，聊天里问不到" in browser.text and "confirm" in offered(browser)
    await makes(browser, called, "confirm", claimant="1")
    closed = await work.again(called.id)
    assert (closed.state, closed.settled_by) == (State.CLOSED, frozenset({1}))
    assert closed.events[-1].actor.party is Party.STAFF
    assert "记下了：他说解决了。" in browser.text


async def test_a_time_limit_of_another_body_is_shown_by_its_last_day_and_bodies_by_their_telephone(
    work: Casework,
) -> None:
    browser, case = await somebody(work), await work.in_progress()
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert "劳动保障监察机构（人社部门） 12333" in browser.text and "None" not in page.text
    await makes(browser, case, "go_legal", body="arbitration", until="2027-01-15")
    assert "最晚 2027-01-15" in browser.text


async def test_a_case_goes_its_way_from_registration_to_a_result(work: Casework) -> None:
    browser = await somebody(work)
    me = await work.office.accounts.named("clerk")
    case = await work.opened()
    await browser.opens(f"/desk/cases/{case.number}")
    assert offered(browser) == {"triage", "say", "note", "assign", "regrade", "alarm"}
    await makes(browser, case, "triage")
    assert {"dispatch", "answer", "refer", "merge"} <= offered(browser)
    await makes(browser, case, "dispatch", organization=COUNTY, department="rights", reason="离得近。")
    assert (await work.again(case.id)).organization == COUNTY
    assert {"accept", "return"} <= offered(browser)
    await makes(browser, case, "accept")
    accepted = await work.again(case.id)
    assert (accepted.state, accepted.handler) == (State.ACCEPTED, me.id)
    await makes(browser, case, "start")
    await makes(browser, case, "ask_worker", text="有没有欠条？")
    assert (await work.again(case.id)).state is State.WAITING_WORKER
    await makes(browser, case, "resume")
    await makes(browser, case, "interim", text="单位还在核实。")
    await makes(browser, case, "note", text="刘经理态度还好。")
    await makes(browser, case, "resolve", text="工钱付清了。")
    ended = await work.again(case.id)
    assert ended.state is State.RESOLVED
    assert [event.audience for event in ended.events if event.move is Move.NOTE] == [Audience.STAFF]
    assert all(event.actor.id == me.id for event in ended.events[1:])
    assert "工钱付清了。" in browser.text
    assert {"case.triage", "case.dispatch", "case.accept", "case.resolve"} <= set(await acts(work, case))


async def test_only_what_the_role_and_the_state_allow_is_offered_and_taken(work: Casework) -> None:
    clerk, chief = await somebody(work), await somebody(work, "chief", Role.SUPERVISOR)
    case = await work.moved(await work.in_progress(), Move.RESOLVE, house.HANDLER, Content(text="付清了。"))
    case = await work.moved(case, Move.FOLLOW_UP, SYSTEM)
    await clerk.opens(f"/desk/cases/{case.number}")
    assert "close_unreached" not in offered(clerk)
    refused = await clerk.sends(
        f"/desk/cases/{case.number}/moves/close_unreached", seen=str(case.seen), reason="没人接"
    )
    assert refused.status_code == 422
    assert "不归您这个角色做" in clerk.text
    await chief.opens(f"/desk/cases/{case.number}")
    assert "close_unreached" in offered(chief)
    again = await clerk.sends(f"/desk/cases/{case.number}/moves/resolve", seen=str(case.seen), text="又付了。")
    assert again.status_code == 422
    assert "做不了这一步" in clerk.text
    for move in ("open", "tick", "withdraw", "rate"):
        answer = await clerk.sends(f"/desk/cases/{case.number}/moves/{move}", seen=str(case.seen))
        assert answer.status_code == 404, move
    await makes(chief, case, "close_unreached", reason="三次没有回音")
    assert (await work.again(case.id)).state is State.CLOSED


async def test_who_was_slower_sees_the_new_state_and_loses_no_word(work: Casework) -> None:
    quick, slow = await somebody(work), await somebody(work, "slow")
    case = await work.in_progress()
    for browser in (quick, slow):
        await browser.opens(f"/desk/cases/{case.number}")
    await makes(quick, case, "wait_employer", reason="等刘经理回话。")
    before = await work.again(case.id)
    page = await slow.sends(
        f"/desk/cases/{case.number}/moves/resolve", seen=str(case.seen), text="我已经谈妥，<b>周五</b>付。"
    )
    assert page.status_code == 409
    assert "刚才有了新的进展" in slow.text
    assert "等单位回复" in slow.text
    assert await work.again(case.id) == before
    interim = await slow.sends(
        f"/desk/cases/{case.number}/moves/interim", seen=str(case.seen), text="我谈了<b>一半</b>"
    )
    assert interim.status_code == 409
    assert "我谈了&lt;b&gt;一半&lt;/b&gt;</textarea>" in interim.text, "what was typed stands in the form again"
    await makes(slow, case, "interim", text="我谈了一半")
    assert (await work.again(case.id)).events[-1].content.text == "我谈了一半"


async def test_a_note_is_taken_whatever_happened_meanwhile(work: Casework) -> None:
    browser, case = await somebody(work), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    old = seen(browser)
    await work.moved(case, Move.SAY, house.WORKER, Content(text="在吗？"))
    page = await browser.sends(f"/desk/cases/{case.number}/moves/note", seen=old, text="记一笔")
    assert page.status_code == 200
    assert (await work.again(case.id)).events[-1].content.text == "记一笔"


async def test_one_click_claims_a_case_and_a_second_person_is_told(work: Casework) -> None:
    one, other = await somebody(work), await somebody(work, "other")
    case = await work.in_progress()
    for browser in (one, other):
        await browser.opens(f"/desk/cases/{case.number}")
    await one.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    assert "经办人 clerk同志" in one.text
    assert (await other.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))).status_code == 409
    assert "经办人 clerk同志" in other.text
    assert (await work.again(case.id)).handler == (await work.office.accounts.named("clerk")).id


async def test_a_case_that_is_given_away_is_gone_from_here(work: Casework) -> None:
    browser, case = await somebody(work), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    where = await makes(browser, case, "transfer", organization=OTHER_CITY, department="rights", reason="人在随州。")
    assert where == "/desk/cases"
    assert "已经交给别的单位" in browser.text
    assert (await browser.client.get(f"/desk/cases/{case.number}")).status_code == 404


async def test_choices_are_held_to_what_there_is(work: Casework) -> None:
    browser = await somebody(work)
    outsider = await work.office.hire("outsider", Role.CLERK, OTHER_CITY)
    case = await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    wrong = {
        "transfer": {"organization": "没有的工会", "department": "rights", "reason": "x"},
        "assign": {"staff": outsider.id},
        "go_legal": {"body": "arbitration", "until": "2020-01-01"},
        "wait_employer": {"reason": "   "},
        "regrade": {"category": "没有的", "urgency": "没有的"},
    }
    for move, fields in wrong.items():
        answer = await browser.sends(f"/desk/cases/{case.number}/moves/{move}", seen=str(case.seen), **fields)
        assert answer.status_code == 422, move
    assert (await work.again(case.id)).seen == case.seen


async def test_cases_are_merged_by_number_and_separated_again(work: Casework) -> None:
    browser = await somebody(work)
    parent = await work.in_progress()
    case = await work.moved(await work.opened(), Move.TRIAGE, house.TRIAGE)
    elsewhere = await work.opened(organization=OTHER_CITY)
    await browser.opens(f"/desk/cases/{case.number}")
    for number in (case.number, elsewhere.number, "SY-2026-999999"):
        page = await browser.sends(f"/desk/cases/{case.number}/moves/merge", seen=str(case.seen), parent=number)
        assert page.status_code == 422
        assert "并案要填一件还在办的" in browser.text
    await makes(browser, case, "merge", parent=parent.number.lower())
    assert (await work.again(case.id)).parent == parent.id
    assert parent.number in browser.text
    await browser.opens(f"/desk/cases/{parent.number}")
    assert case.number in browser.text
    await browser.opens(f"/desk/cases/{case.number}")
    await makes(browser, case, "unmerge")
    assert (await work.again(case.id)).state is State.TRIAGED


async def test_what_was_just_done_is_undone_by_the_same_person_and_stays_in_the_history(work: Casework) -> None:
    browser, other, case = await somebody(work), await somebody(work, "other"), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    assert "/undo" not in browser.page.text, "a worker was told of all that was done so far"  # type: ignore[union-attr]
    await browser.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    claimed = await work.again(case.id)
    assert "您刚才：我来办。职工看不到这一步。" in browser.text and "这件事归您办了。" in browser.text
    page = await other.opens(f"/desk/cases/{case.number}")
    assert "/undo" not in page.text
    refused = await other.sends(f"/desk/cases/{case.number}/undo", event=str(claimed.seen))
    assert refused.status_code == 422 and "只能撤销自己刚做的" in other.text
    await browser.sends(f"/desk/cases/{case.number}/undo", event=str(claimed.seen))
    undone = await work.again(case.id)
    assert (undone.handler, undone.seen) == ("", claimed.seen + 1)
    assert "撤销“我来办”" in browser.text and "已撤销" in browser.text
    assert "case.undo" in await acts(work, case)
    for odd in ("", "x", "99999999", str(claimed.seen)):
        again = await browser.sends(f"/desk/cases/{case.number}/undo", event=odd)
        assert again.status_code == 422


async def test_what_a_worker_was_told_of_is_not_undone_and_neither_is_what_is_long_past(work: Casework) -> None:
    browser, case = await somebody(work), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    await makes(browser, case, "wait_employer", reason="等刘经理回话。")
    told = await work.again(case.id)
    assert (await browser.sends(f"/desk/cases/{case.number}/undo", event=str(told.seen))).status_code == 422
    assert "职工已经看得到这一步" in browser.text
    await makes(browser, case, "note", text="记一笔")
    noted = await work.again(case.id)
    work.office.clock.forward(minutes=11)
    assert (await browser.sends(f"/desk/cases/{case.number}/undo", event=str(noted.seen))).status_code == 422
    assert "过了 10 分钟" in browser.text
