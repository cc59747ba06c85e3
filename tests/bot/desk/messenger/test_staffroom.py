"""Staff at work in the messenger: each test is what colleagues see and do in their group and in private."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import texts
from bot.cases.changes import Append
from bot.cases.model import Actor, Content, Move, Party, State
from bot.cases.model import Role as CaseRole
from bot.desk.cases.acting import ALREADY, claimed
from bot.desk.cases.moving import LONGEST
from bot.desk.messenger import words
from bot.desk.messenger.linking import start
from bot.desk.staff import Role
from bot.notices import words as notices
from bot.notices.buttons import Press
from knowledge.vocabulary import Urgency
from tests.bot.cases import house as people
from tests.bot.desk.messenger.house import (
    EMPLOYER,
    NAME,
    OTHER,
    STORY,
    TELEPHONE,
    UNION,
    WORDS,
    House,
    button,
    handed,
    housing,
    last_said,
    worker,
)
from tests.bot.fakes import eventually
from tests.bot.notices.notes import buttons, links
from tests.telegram_api import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One bot for all tests of the module; each has its own people and cases."""
    async with housing(tmp_path_factory.mktemp("staffroom")) as house:
        yield house


# --- claiming ---


async def test_a_new_case_is_claimed_by_its_button_and_everybody_sees_who_has_it(house: House) -> None:
    staff, person = await house.colleague("claimer")
    _, slower = await house.colleague("slower")
    case = await house.opened(worker(house))
    call = await house.told(case, "请分办")
    claim = button(call, notices.CLAIM)
    assert call.labels == [notices.CLAIM, notices.ANSWER, notices.OPEN]
    assert await (await person.within(house.group).taps(notices.CLAIM, on=call)).toast() == words.CLAIMED
    taken = await house.again(case)
    assert (taken.handler, taken.state) == (staff.id, State.IN_PROGRESS)
    assert ("case.assign", staff.id) in await house.acts(case)
    await house.api.sight.until(lambda: call.edits)
    assert f"已经接手：{staff.name}" in call.text
    assert call.labels == [notices.ANSWER, notices.OPEN]
    before = await house.again(case)
    late = await slower.within(house.group).forges(claim, on=call)
    assert await late.toast() == words.quicker(staff.name)
    replayed = await person.within(house.group).forges(claim, on=call)
    assert await replayed.toast() == ALREADY
    assert await house.again(case) == before


async def test_a_tap_that_telegram_brings_twice_is_one(house: House) -> None:
    staff, person = await house.colleague("twice")
    case = await house.opened(worker(house))
    tap = await person.within(house.group).taps(notices.CLAIM, on=await house.told(case))
    assert await tap.toast() == words.CLAIMED
    await house.api.redeliver(tap.update)
    await person.asks("/queue")
    assert [each for each in await house.acts(case) if each[0] == "case.assign"] == [("case.assign", staff.id)]


async def test_of_two_who_claim_at_once_in_different_chats_one_has_it_and_the_other_is_told(house: House) -> None:
    found = [await house.colleague(login) for login in ("here", "there")]
    case = await house.opened(worker(house))

    async def claims(person: Person) -> str:
        """Press, and return what came: over the chat, or as a message where that took too long."""
        action, linked = buttons().action(Press.CLAIM, case.number, str(person.chat.id)), len(person.heard)

        async def heard() -> bool:
            house.clock.forward(seconds=1)  # after which whoever was slower is looked at again
            return len(person.heard) > linked

        toast = await (await person.forges(action, on=person.heard[-1])).toast()
        if not toast:
            await eventually(heard)
        return toast or person.heard[-1].text

    told = await asyncio.gather(*(claims(person) for _, person in found))
    (winner,) = [staff for staff, _ in found if staff.id == (await house.again(case)).handler]
    assert sorted(told) == sorted((words.CLAIMED, words.quicker(winner.name)))
    assert [each for each in await house.acts(case) if each[0] == "case.assign"] == [("case.assign", winner.id)]


async def test_a_claim_at_the_desk_is_seen_in_the_group_too(house: House) -> None:
    staff = await house.hire("at.the.desk")
    case = await house.opened(worker(house))
    call = await house.told(case)
    actor = Actor(Party.STAFF, staff.id, CaseRole.HANDLER, staff.name)
    await house.moved(case, Move.ASSIGN, actor, Content(staff=staff.id))
    await house.api.sight.until(lambda: call.edits)
    assert f"已经接手：{staff.name}" in call.text
    last = (await house.again(case)).events[-1].number
    await house.moved(case, Move.UNDO, actor, Content(undone=last))
    await house.api.sight.until(lambda: call.edits == 2)
    assert "已经接手" not in call.text and notices.CLAIM in call.labels, "it was a slip"


async def test_a_case_that_was_taken_up_and_put_back_can_be_claimed_in_the_group_again(house: House) -> None:
    staff = await house.hire("puts.back")
    case = await house.opened(worker(house))
    call = await house.told(case)
    change = claimed(case, staff, house.clock.now)
    assert isinstance(change, Append)
    await house.storage.cases.apply([change], house.clock.now)
    await house.api.sight.until(lambda: call.edits)
    actor = Actor(Party.STAFF, staff.id, CaseRole.HANDLER, staff.name)
    left = await house.moved(await house.again(case), Move.UNDO, actor, Content(undone=case.seen + 1))
    assert (left.handler, left.state) == ("", case.state)
    await house.api.sight.until(lambda: call.edits == 2)
    assert "已经接手" not in call.text and notices.CLAIM in call.labels


# --- who may ---


async def test_whoever_has_no_linked_account_is_refused_and_told_nothing(house: House) -> None:
    stranger = house.api.person("路人")
    case = await house.opened(worker(house))
    call = await house.told(case)
    there = stranger.within(house.group)
    for label in (notices.CLAIM, notices.ANSWER):
        assert await (await there.taps(label, on=call)).toast() == words.NOT_LINKED
    await there.says("职工您好", reply_to=call)
    await last_said(house, words.NOT_LINKED)
    assert (await house.again(case)).seen == case.seen
    assert texts.unknown_command("/queue") in (await stranger.asks("/queue")).text


async def test_an_account_that_is_closed_can_do_nothing_from_then_on(house: House) -> None:
    staff, person = await house.colleague("closed")
    chief = await house.hire("chief", Role.ADMIN, "湖北省总工会")
    case = await house.opened(worker(house))
    await house.accounts.disable(chief, staff)
    tap = await person.within(house.group).taps(notices.CLAIM, on=await house.told(case))
    assert await tap.toast() == words.NOT_LINKED
    assert (await house.again(case)).handler == ""


async def test_colleagues_of_another_union_learn_no_more_than_if_there_were_no_such_case(house: House) -> None:
    _, person = await house.colleague("elsewhere", union=OTHER)
    case = await house.opened(worker(house))
    call = await house.told(case)
    there = person.within(house.group)
    assert await (await there.taps(notices.CLAIM, on=call)).toast() == words.NOT_FOUND
    nothing = buttons().action(Press.CLAIM, "SY-2026-999999", str(house.group.id))
    assert await (await there.forges(nothing, on=call)).toast() == words.NOT_FOUND
    assert (await house.again(case)).handler == ""


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_roles_that_work_on_no_cases_do_not_here_either(house: House, role: Role) -> None:
    _, person = await house.colleague(f"no.{role}", role)
    case = await house.opened(worker(house))
    tap = await person.within(house.group).taps(notices.CLAIM, on=await house.told(case))
    assert await tap.toast() == words.NOT_YOUR_ROLE
    assert (await person.asks("/queue")).text == words.NOT_YOUR_ROLE


async def test_data_that_is_forged_or_taken_from_another_chat_does_nothing(house: House) -> None:
    _, person = await house.colleague("forger")
    case = await house.opened(worker(house))
    call = await house.told(case)
    right = button(call, notices.CLAIM)
    there = person.within(house.group)
    changed = right[:-1] + ("0" if right[-1] != "0" else "1")
    for forged in (changed, "staff:claim", f"staff:claim:{case.number}:", "staff:"):
        assert await (await there.forges(forged, on=call)).toast() == words.OLD_BUTTON
    in_private = person.heard[-1]
    assert await (await person.forges(right, on=in_private)).toast() == words.OLD_BUTTON
    assert (await house.again(case)).handler == ""


async def test_a_code_that_is_sent_into_the_group_is_void(house: House) -> None:
    staff, thief, person = await house.hire("careless"), house.api.person("路人"), house.api.person("粗心")
    sent = f"/start {start(await house.linking.code(staff))}"
    await person.within(house.group).says(sent)
    await last_said(house, words.CODE_IN_GROUP)
    assert (await thief.asks(sent)).text == words.CODE_GONE
    assert await house.linking.since(staff) is None


# --- an emergency ---


async def test_an_emergency_is_taken_once_and_the_group_is_told_by_whom(house: House) -> None:
    staff, person = await house.colleague("taker")
    _, slower = await house.colleague("late.taker")
    case = await house.opened(worker(house), Urgency.EMERGENCY)
    call = await house.told(case, "危险")
    assert call.labels == [notices.TAKE, notices.ANSWER, notices.OPEN]
    take = button(call, notices.TAKE)
    assert await (await person.within(house.group).taps(notices.TAKE, on=call)).toast() == notices.TAKEN
    assert (await house.again(case)).acknowledged
    assert ("case.acknowledge", staff.id) in await house.acts(case)
    await house.api.sight.until(lambda: call.edits)
    assert f"已经接手：{staff.name}" in call.text and notices.TAKE not in call.labels
    late = await slower.within(house.group).forges(take, on=call)
    assert await late.toast() == words.quicker(staff.name)


async def test_an_emergency_taken_on_the_page_behind_a_link_is_seen_in_the_group(house: House) -> None:
    case = await house.opened(worker(house), Urgency.EMERGENCY)
    call = await house.told(case, "危险")
    notice = (await house.storage.notices.shown([UNION], limit=1))[0].notice
    link = links().take(notice, "值班群", house.clock.now)
    ticket = house.taking.ticket((link or "").rpartition("/")[2])
    assert ticket is not None
    assert await house.taking.take(ticket) == notices.TAKEN
    await house.api.sight.until(lambda: call.edits)
    assert "已经接手：值班群" in call.text


async def test_what_is_no_emergency_any_more_cannot_be_taken(house: House) -> None:
    _, person = await house.colleague("too.late")
    case = await house.opened(worker(house), Urgency.EMERGENCY)
    call = await house.told(case, "危险")
    take = button(call, notices.TAKE)
    await house.moved(case, Move.RESOLVE, people.HANDLER, Content(text="人救出来了。"))
    assert await (await person.within(house.group).forges(take, on=call)).toast() == notices.GONE


# --- writing to the worker ---


async def test_a_reply_to_a_notice_reaches_the_worker_as_it_would_from_the_desk(house: House) -> None:
    staff, person = await house.colleague("writer")
    reporter = worker(house)
    case = await house.opened(reporter)
    call = await house.told(case)
    there = person.within(house.group)
    await there.says(WORDS, reply_to=call)
    heard = await reporter.receives()
    assert WORDS in heard.text and staff.name in heard.text
    told = await house.told(case, "已转给职工")
    assert "撤回" not in told.text
    last = (await house.again(case)).events[-1]
    assert (last.move, last.content.text, last.actor.id, last.actor.name) == (Move.SAY, WORDS, staff.id, staff.name)
    assert ("case.say", staff.id) in await house.acts(case)
    await there.says("再补一句：请把工资条带上。", reply_to=told)
    assert "工资条" in (await reporter.receives()).text


async def test_whoever_presses_to_answer_is_asked_for_the_words_and_a_reply_to_that_goes_to_the_worker(
    house: House,
) -> None:
    staff, person = await house.colleague("pressing")
    reporter = worker(house)
    case = await house.opened(reporter)
    call = await house.told(case)
    there = person.within(house.group)
    assert await (await there.taps(notices.ANSWER, on=call)).toast() == ""
    prompt = await house.told(case, "请回复这条消息")
    assert prompt.asks and prompt.labels == []
    assert prompt.text == words.prompt(staff.name, case.number)
    assert prompt.entity_texts("text_link") == [staff.name], "the field opens for nobody else in the group"
    await there.says(WORDS, reply_to=prompt)
    assert WORDS in (await reporter.receives()).text
    assert (await house.again(case)).events[-1].actor.id == staff.id


async def test_a_prompt_serves_only_who_may_write_to_the_worker(house: House) -> None:
    _, person = await house.colleague("asked")
    _, elsewhere = await house.colleague("elsewhere.too", union=OTHER)
    closed, gone = await house.colleague("gone")
    chief = await house.hire("chief.too", Role.ADMIN, "湖北省总工会")
    reporter = worker(house)
    case = await house.opened(reporter)
    await person.within(house.group).taps(notices.ANSWER, on=await house.told(case))
    prompt = await house.told(case, "请回复这条消息")
    await house.accounts.disable(chief, closed)
    seen = (await house.again(case)).seen
    for other, told in (
        (house.api.person("路人"), words.NOT_LINKED),
        (elsewhere, words.NOT_FOUND),
        (gone, words.NOT_LINKED),
    ):
        await other.within(house.group).says(WORDS, reply_to=prompt)
        await last_said(house, told)
    assert (await house.again(case)).seen == seen
    assert reporter.heard == []


async def test_what_looks_like_somebodys_number_is_passed_on_with_a_warning_in_the_group_only(house: House) -> None:
    staff, person = await house.colleague("indiscreet")
    reporter = worker(house)
    case = await handed(house, staff.id)
    call = await house.told(case)
    await person.within(house.group).says("请打 13800138000 找李师傅", reply_to=call)
    told = await house.told(case, "已转给职工")
    assert words.PERSONAL in told.text and "13800138000" not in told.text
    await person.says("/queue")
    listed = await house.told(case, chat=person.chat)
    await person.says("请打 13800138000 找李师傅", reply_to=listed)
    assert words.PERSONAL not in (await house.told(case, "已转给职工", person.chat)).text
    assert reporter.heard == []


async def test_what_cannot_be_passed_on_is_said_and_not_half_sent(house: House) -> None:
    _, person = await house.colleague("clumsy")
    reporter = worker(house)
    case = await house.opened(reporter)
    call = await house.told(case)
    there = person.within(house.group)
    update = await there.says(WORDS, reply_to=call)
    await reporter.receives()
    seen = (await house.again(case)).seen
    await there.edits(update, "改一改")
    await last_said(house, words.PUT_RIGHT)
    await there.says("长" * (LONGEST + 1), reply_to=call)
    await last_said(house, words.too_long(LONGEST))
    await there.sends_photo(b"\xff\xd8\xff a pay slip", "看这个", reply_to=call)
    await last_said(house, words.ONLY_WORDS)
    assert (await house.again(case)).seen == seen
    assert len(reporter.heard) == 1


async def test_a_case_that_has_ended_takes_no_more_words(house: House) -> None:
    _, person = await house.colleague("afterwards")
    case = await house.opened(worker(house))
    call = await house.told(case)
    ended = await house.moved(case, Move.WITHDRAW, people.WORKER)
    assert ended.state is State.WITHDRAWN
    there = person.within(house.group)
    assert await (await there.taps(notices.ANSWER, on=call)).toast() == words.not_now(ended)
    await there.says(WORDS, reply_to=call)
    await last_said(house, words.not_now(ended))
    assert (await house.again(case)).seen == ended.seen


async def test_what_the_worker_writes_back_is_announced_without_a_word_of_it(house: House) -> None:
    staff, person = await house.colleague("listener")
    case = await handed(house, staff.id)
    said = f"我叫{NAME}，电话{TELEPHONE}，{STORY}"
    await house.moved(case, Move.SAY, people.WORKER, Content(text=said))
    for chat in (house.group, person.chat):
        told = await house.told(case, "职工有新的回复", chat)
        assert told.labels == [notices.ANSWER, notices.OPEN], "it is claimed already"
    heard = house.api.world.said_by_bot(house.group) + person.heard
    for secret in (NAME, TELEPHONE, STORY, EMPLOYER):
        assert not [each.text for each in heard if secret in each.text]


# --- whoever means harm ---


async def test_somebody_who_presses_all_the_time_does_not_fill_the_group(house: House) -> None:
    stranger = house.api.person("路人").within(house.group)
    case = await house.opened(worker(house))
    call = await house.told(case)
    before = len(house.api.world.said_by_bot(house.group))
    taps = [await stranger.taps(notices.CLAIM, on=call) for _ in range(60)]
    for tap in taps:
        await tap.toast()
    assert len(house.api.world.said_by_bot(house.group)) <= before + 1
    assert (await house.again(case)).seen == case.seen


async def test_nothing_personal_ever_stood_in_the_group(house: House) -> None:
    heard = house.api.world.said_by_bot(house.group)
    assert len(heard) > 20, "all the tests before this one spoke there"
    for message in heard:
        for secret in (NAME, TELEPHONE, STORY, EMPLOYER, "13800138000"):
            assert secret not in str(message.as_json(reply=False))
