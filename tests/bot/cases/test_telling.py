from datetime import date
from pathlib import Path

import pytest

from bot.cases.changes import NoticeKind
from bot.cases.lifecycle import RULES
from bot.cases.model import SYSTEM, Alarm, Audience, Case, ClockKind, Content, Event, Move
from bot.cases.telling import called, letter, told
from knowledge.organizations import Contact, OwnEntries, load_organizations, own_file, write_own
from tests.bot.cases.house import (
    HANDLER,
    NOW,
    SHASHI,
    SUPERVISOR,
    TRIAGE,
    WORKER,
    dispatched,
    done,
    in_progress,
    later,
    new_case,
    resolved,
)

UNIONS = load_organizations()


def news(before: Case, after: Case) -> list[str]:
    return [each.text for each in told(after, after.events[before.seen :], UNIONS)]


def after(before: Case, move: Move, content: Content | None = None) -> str:
    actor = TRIAGE if move in (Move.TRIAGE, Move.DISPATCH, Move.REFER, Move.ANSWER) else HANDLER
    (text,) = news(before, done(before, move, actor, content=content or Content()))
    return text


def test_staffs_words_are_passed_on_with_who_says_them() -> None:
    assert after(in_progress(), Move.SAY, Content(text="请把考勤表发来")) == "工会的人说：请把考勤表发来\n——王主任"


def test_a_result_is_told_as_it_was_written() -> None:
    assert "单位答应周五前付清" in after(in_progress(), Move.RESOLVE, Content(text="单位答应周五前付清"))
    no = after(in_progress(), Move.NOT_SUPPORT, Content(reason="超过时效", basis="《劳动争议调解仲裁法》第二十七条"))
    assert "超过时效" in no
    assert "《劳动争议调解仲裁法》第二十七条" in no


def test_who_is_referred_is_told_where_to_and_that_the_case_stays_open() -> None:
    triaged = done(new_case(), Move.TRIAGE, TRIAGE)
    said = after(triaged, Move.REFER, Content(body="inspection", reason="要他们来查", contact="12333"))
    for part in ("劳动保障监察机构", "要他们来查", "12333", "一直开着"):
        assert part in said


def test_on_the_legal_track_the_body_and_its_day_are_named() -> None:
    said = after(in_progress(), Move.GO_LEGAL, Content(body="arbitration", until=later(days=45)))
    assert "劳动人事争议仲裁委员会" in said
    assert "2026年12月31日" in said


def test_of_several_changes_at_once_only_the_last_is_told() -> None:
    before = resolved()
    made = done(before, Move.REOPEN, WORKER)
    assert len(made.events) == before.seen + 2
    assert news(before, made) == ["这件事重新打开了，工会会再看一遍。"]


def test_what_is_among_staff_is_told_to_nobody_else() -> None:
    before = dispatched()
    for move, content in ((Move.NOTE, Content(text="难办")), (Move.ASSIGN, Content(staff="x"))):
        assert news(before, done(before, move, HANDLER, content=content)) == []
    assert news(before, done(before, Move.SAY, WORKER, content=Content(text="我的事"))) == []


def test_whether_it_is_settled_is_asked_with_buttons() -> None:
    before = resolved()
    asked = done(before, Move.FOLLOW_UP, SYSTEM)
    (question,) = told(asked, asked.events[before.seen :], UNIONS)
    reply = letter(question, asked.id, asked.categories[0], asked.opened_at)
    assert [button.action for button in reply.buttons[0]] == [f"settled:{asked.id}", f"unsettled:{asked.id}"]
    assert all(len(button.action) <= 64 for button in reply.buttons[0])
    assert reply.text.startswith("【您的事有消息了】11月16日登记的“欠薪”")
    again = Content(clock=ClockKind.FOLLOW_UP, since=asked.seen, step=0, alarm=Alarm.ASK)
    assert (
        told(asked, done(asked, Move.TICK, SYSTEM, content=again).events[asked.seen :], UNIONS)[0].answers
        == question.answers
    )


def test_an_answer_and_a_result_may_be_judged_at_once() -> None:
    triaged = done(new_case(), Move.TRIAGE, TRIAGE)
    for made in (resolved(), done(triaged, Move.ANSWER, TRIAGE, content=Content(text="下周三前结清"))):
        (said,) = told(made, made.events[-1:], UNIONS)
        reply = letter(said, made.id, made.categories[0], made.opened_at)
        assert [button.label for button in reply.buttons[0]] == ["解决了", "还没有"]


def test_who_is_told_no_can_ask_at_once_to_look_again() -> None:
    said = done(
        in_progress(), Move.NOT_SUPPORT, HANDLER, content=Content(reason="已经退休返聘", basis="《社会保险法》")
    )
    (no,) = told(said, said.events[-1:], UNIONS)
    ((button,),) = letter(no, said.id, said.categories[0], said.opened_at).buttons
    assert (button.label, button.action) == ("不同意，请再看一次", f"unsettled:{said.id}")


def test_a_supervisors_no_comes_with_its_reason_and_the_ways_that_are_left() -> None:
    closed = done(done(resolved(), Move.CONFIRM, WORKER), Move.ASK_REOPEN, WORKER)
    said = done(closed, Move.DECLINE, SUPERVISOR, content=Content(reason="工资已经付清。"))
    (no,) = told(said, said.events[-1:], UNIONS)
    assert all(words in no.text for words in ("工资已经付清。", "12351", "期限"))


def test_who_was_referred_is_asked_whether_it_was_taken_there() -> None:
    before = done(
        done(new_case(), Move.TRIAGE, TRIAGE),
        Move.REFER,
        TRIAGE,
        content=Content(body="inspection", reason="r", contact="12333"),
    )
    assert "那边接下您的事了吗" in news(before, done(before, Move.FOLLOW_UP, SYSTEM))[0]


@pytest.mark.parametrize(
    "move", [move for move, rule in RULES.items() if rule.after and rule.audience is Audience.WORKER]
)
def test_no_change_of_state_is_silent(move: Move) -> None:
    rule = RULES[move]
    content = Content("说明", "理由", "依据", "电话", organization="沙市区总工会", body="court", until=NOW)
    before = min(rule.before)
    assert rule.after is not None
    event = Event("c" * 32, 2, move, NOW, HANDLER, rule.audience, before, rule.after, content)
    assert told(new_case().then(event), [event], UNIONS)


@pytest.mark.parametrize(
    ("move", "kind"),
    [
        (Move.DISPATCH, NoticeKind.DISPATCHED),
        (Move.TRANSFER, NoticeKind.TRANSFERRED),
        (Move.RETURN, NoticeKind.RETURNED),
        (Move.ASK_REOPEN, NoticeKind.REOPENED),
    ],
)
def test_staff_are_called_to_what_comes_to_them(move: Move, kind: NoticeKind) -> None:
    state = RULES[move].after or new_case().state
    event = Event("c" * 32, 2, move, NOW, HANDLER, Audience.STAFF, None, state, SHASHI)
    call = called(new_case().then(event), event)
    assert call is not None
    assert (call.kind, call.organization) == (kind, "沙市区总工会")


def test_staff_are_called_by_what_workers_write_and_not_by_their_own_words() -> None:
    before = in_progress()
    mine = done(before, Move.SAY, WORKER, content=Content(text="在吗"))
    theirs = done(before, Move.SAY, HANDLER, content=Content(text="在"))
    assert [called(mine, mine.events[-1]) is None, called(theirs, theirs.events[-1]) is None] == [False, True]


def test_who_has_it_now_is_told_with_the_telephone_of_today(tmp_path: Path) -> None:
    unions = load_organizations(home=tmp_path)
    case, to = in_progress(), Content(organization="随州市总工会", department="rights", reason="您在随州上班。")
    moved = done(case, Move.TRANSFER, HANDLER, content=to)
    referred = done(case, Move.GO_LEGAL, HANDLER, content=Content(body="arbitration", until=later(days=45)))
    contact = Contact("0722-8000001", source="官网", confirmed=date(2026, 11, 1))
    for telephone in ("", "（电话 0722-8000001）"):
        assert f"已经交给随州市总工会{telephone}办理" in told(moved, moved.events[len(case.events) :], unions)[0].text
        (said,) = told(referred, referred.events[len(case.events) :], unions)
        assert (f"仲裁委员会{telephone}" in said.text) and ("8000001" in said.text) == bool(telephone)
        offices = {"arbitration": {referred.organization: contact}}
        write_own(own_file(tmp_path), OwnEntries(contacts={"随州市总工会": contact}, offices=offices))
