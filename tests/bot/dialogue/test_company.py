"""In a group all read along: what is said there is for all, and nothing in it is one person's own."""

from dataclasses import replace

import pytest

from bot.cases.model import CaseKind, State
from bot.cases.ports import Queue
from bot.messages import Attachment
from bot.storage.storage import Storage
from bot.texts import LEAVE_MESSAGE
from bot.texts import company as texts
from bot.texts import danger as danger_texts
from bot.texts import intake as intake_texts
from bot.texts import mine as mine_texts
from bot.triage.model import Danger, Intent, Triage
from bot.triage.triager import load_triager
from tests.bot.talk import Talk

ALONE = "https://t.me/niangjia_bot?start"


class Doubtful:
    """Hears danger in everything, and is not sure of it."""

    def triage(self, text: str) -> Triage:
        read = load_triager().triage(text)
        return replace(read, intent=Intent.CRISIS, danger=Danger.ACCIDENT, doubtful=True)


@pytest.fixture
def group() -> Talk:
    return Talk(chat="-100", alone_at=ALONE)


async def test_a_question_is_answered_by_itself_with_its_sources(group: Talk) -> None:
    assert await group.send("加班费怎么算") == "答：加班费怎么算"
    assert any(label.startswith("出处1") for label in group.labels)
    await group.send("那周末呢")
    assert group.answers.asked[-1][2] == ()  # the question before was somebody else's
    await group.tap(f"src:{group.conversation.exchanges[0].id}:1")
    assert "原文" in group.replies[0].text


async def test_a_grievance_is_answered_and_offered_no_form(group: Talk) -> None:
    said = await group.send("老板三个月没发工资，在沙市的华美服装厂")
    assert said.endswith(f"{texts.GRIEVANCE}{texts.alone(ALONE)}")
    assert intake_texts.REPORT not in group.labels
    await group.send("好")  # takes no offer up
    assert group.conversation.draft is None


@pytest.mark.parametrize(
    "said", ["/report", "/apply 体检", "/my", "我的事", "请工会帮忙", "转人工", "/human", "/forget"]
)
async def test_what_is_ones_own_is_for_the_private_chat(group: Talk, said: str) -> None:
    assert await group.send(said) == f"{texts.PERSONAL}{texts.alone(ALONE)}"
    assert group.labels == []
    assert group.conversation.draft is None
    assert group.answers.asked == []


async def test_a_receipt_is_not_looked_up_before_all(group: Talk) -> None:
    alone = Talk(group.cases)
    await alone.send("/report 老板不发工资，在沙市的华美服装厂")
    await alone.send("匿名")
    await alone.send("提交")
    said = await alone.send("提交")
    digits = said.split("回执号：")[1][:19]
    assert await group.send(digits) == f"{texts.RECEIPT}{texts.alone(ALONE)}"


async def test_a_photo_is_not_taken(group: Talk) -> None:
    assert texts.FILE in await group.send("工资条", Attachment("photo", "a.jpg"))
    assert group.turn is not None
    assert group.turn.changes == ()


@pytest.mark.parametrize("action", ["form:grievance", "d:x:send", "case:show:abc", "human", "settled:abc", "what"])
async def test_a_button_of_ones_own_does_nothing_there(group: Talk, action: str) -> None:
    assert await group.tap(action) == texts.NOT_HERE
    assert group.replies[0].notice


async def test_a_refusal_offers_nobody_a_form_or_a_person(group: Talk) -> None:
    for _ in range(3):
        assert "资料里没有" in await group.send("月亮上怎么算加班")
        assert LEAVE_MESSAGE not in group.labels
        assert group.labels == []


async def test_a_union_may_be_chosen_for_the_group_and_another_bots_command_is_left_alone(group: Talk) -> None:
    assert await group.send("/region@niangjia_bot") == texts.REGION_CHOICES
    await group.click("十堰")
    assert group.conversation.region == "十堰"
    assert await group.send("/start") == texts.welcome(ALONE)
    assert await group.send("/weather") == ""


async def test_danger_gets_the_numbers_and_a_call_and_nothing_of_its_case_comes_back(storage: Storage) -> None:
    group = Talk(storage.cases, chat="-100", alone_at=ALONE)
    said = await group.send("车间着火了，还有人在里面")
    assert said.index("119") < 60
    assert texts.called(ALONE) in said
    assert "写在这里" not in said, "where they are is for the private chat"
    assert "回执" not in said
    (row,) = (await group.cases.queue(Queue())).rows
    case = await group.cases.case(row.id)
    assert case is not None
    assert (case.kind, case.state) == (CaseKind.EMERGENCY, State.EMERGENCY)
    assert texts.IN_GROUP in case.facts.answers
    assert await group.cases.of_chat(group.channel, group.chat) == []
    await group.send("火越来越大了，人还没出来")
    assert (await group.cases.queue(Queue())).total == 1
    again = await group.cases.case(row.id)
    assert again is not None
    assert again.events[-1].content.text == "火越来越大了，人还没出来"


async def test_a_doubtful_danger_is_answered_with_the_numbers_beside_it() -> None:
    group = Talk(chat="-100", alone_at=ALONE, triaging=Doubtful())
    said = await group.send("厂里热得很，中暑算不算工伤")
    assert said == f"答：厂里热得很，中暑算不算工伤\n{danger_texts.IN_CASE}"
    assert group.turn is not None
    assert group.turn.changes == ()


# --- danger goes on in private ---


async def overheard(storage: Storage) -> tuple[Talk, str]:
    """Let somebody write of danger in a group; return the group, and what the button starts the bot with."""
    group = Talk(storage.cases, chat="-100", alone_at=ALONE, account="7")
    await group.send("车间着火了，还有人在里面")
    (link,) = [button.url or "" for button in group.buttons]
    address, _, words = link.partition("=")
    assert address == ALONE
    assert len(words) <= 64  # Telegram's limit
    return group, f"/start {words}"


async def test_whoever_told_of_danger_goes_on_in_private_and_is_reached_there(storage: Storage) -> None:
    _, start = await overheard(storage)
    alone = Talk(storage.cases, chat="7", account="7")
    said = await alone.send(start)
    assert "接上了" in said
    assert "110" in said
    await alone.send("在沙市的纸箱厂三楼")
    (mine,) = await storage.cases.of_chat(alone.channel, "7")
    assert mine.case.claimants == frozenset({1})
    assert mine.case.events[-1].content.text == "在沙市的纸箱厂三楼"
    receipt = said.split("接着问：")[1][:19].replace(" ", "")
    assert await storage.cases.by_receipt(receipt, alone.channel, "8") is not None


async def test_nobody_else_who_reads_the_group_can_use_the_button(storage: Storage) -> None:
    _, start = await overheard(storage)
    boss = Talk(storage.cases, chat="8", account="8")
    assert await boss.send(start) == texts.NOT_CARRIED
    assert await storage.cases.of_chat(boss.channel, "8") == []
    forged = Talk(storage.cases, chat="8", account="8")
    for words in (f"{start[:-1]}{'0' if start[-1] != '0' else '1'}", start[:-28], "/start sos-", f"{start}0"):
        assert await forged.send(words) == texts.NOT_CARRIED


async def test_the_button_is_good_once(storage: Storage) -> None:
    _, start = await overheard(storage)
    alone = Talk(storage.cases, chat="7", account="7")
    await alone.send(start)
    assert "接上了" not in await alone.send(start)  # it is told again that help is called
    await alone.send("我的事")
    for label in (alone.labels[0], mine_texts.EXPORT, mine_texts.DELETE, mine_texts.SURE_DELETE):
        await alone.click(label)
    assert await storage.cases.of_chat(alone.channel, "7") == []
    assert await alone.send(start) == texts.NOT_CARRIED


async def test_the_button_is_good_for_as_long_as_the_emergency_is_new(storage: Storage) -> None:
    _, start = await overheard(storage)
    late = Talk(storage.cases, chat="7", account="7")
    late.clock.forward(hours=13)
    assert await late.send(start) == texts.NOT_CARRIED


async def test_another_person_in_danger_in_the_same_group_gets_a_case_of_their_own(storage: Storage) -> None:
    group, first = await overheard(storage)
    alone = Talk(storage.cases, chat="7", account="7")
    await alone.send(first)
    group.account = "8"
    assert "110" in await group.send("他们把我锁在宿舍里不让走")
    (link,) = [button.url or "" for button in group.buttons]
    second = f"/start {link.partition('=')[2]}"
    assert second != first
    assert (await storage.cases.queue(Queue())).total == 2
    (mine,) = await storage.cases.of_chat(alone.channel, "7")
    assert "锁" not in str(mine.case.events)
    assert await alone.send(second) == texts.NOT_CARRIED
    other = Talk(storage.cases, chat="8", account="8")
    assert "接上了" in await other.send(second)
    (theirs,) = await storage.cases.of_chat(other.channel, "8")
    assert theirs.case.facts.story == "他们把我锁在宿舍里不让走"


async def test_whoever_writes_again_in_the_group_adds_to_their_own_case(storage: Storage) -> None:
    group, _ = await overheard(storage)
    first = group.conversation.focus
    group.account = "8"
    await group.send("他们把我锁在宿舍里不让走")
    group.account = "7"
    assert "119" in await group.send("火越来越大了，人还没出来")
    assert group.buttons == []
    assert (await storage.cases.queue(Queue())).total == 2
    case = await storage.cases.case(first or "")
    assert case is not None
    assert case.events[-1].content.text == "火越来越大了，人还没出来"
