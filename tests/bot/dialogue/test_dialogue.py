"""Conversations: what is sent, what is tapped, and what comes out."""

from datetime import timedelta

import pytest

from bot import texts
from bot.answers.model import AnswerStatus
from bot.dialogue.dialogue import LONGEST
from bot.dialogue.ports import Conversation, Turn, Verdict
from bot.dialogue.questions import HISTORY, REMEMBERED
from bot.messages import Attachment, Button, Channel, Reply
from bot.texts import danger as danger_texts
from bot.texts import intake as intake_texts
from knowledge.regions import load_regions
from tests.bot.fakes import WAGES, Ignorant, message
from tests.bot.talk import Nightwatch, Talk, dialogue


class Chat:
    """A worker's chat whose replies are looked at one by one."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.answers, self.shelf, self.feedback = self.talk.answers, self.talk.shelf, self.talk.feedback

    async def send(self, text: str, *attachments: Attachment) -> list[str]:
        await self.talk.send(text, *attachments)
        return self._replies()

    async def tap(self, action: str) -> list[str]:
        await self.talk.tap(action)
        return self._replies()

    async def click(self, label: str) -> list[str]:
        await self.talk.click(label)
        return self._replies()

    @property
    def reply(self) -> Reply:
        return self.talk.replies[-1]

    @property
    def buttons(self) -> list[Button]:
        return self.talk.buttons

    @property
    def conversation(self) -> Conversation:
        return self.talk.conversation

    @property
    def turn(self) -> Turn | None:
        return self.talk.turn

    def _replies(self) -> list[str]:
        return [reply.text for reply in self.talk.replies]


@pytest.fixture
def chat() -> Chat:
    return Chat()


# --- first words ---


async def test_start_greets_and_lets_choose_a_union(chat: Chat) -> None:
    assert await chat.send("/start") == [texts.welcome(None)]
    assert [button.label for button in chat.buttons][-1] == texts.ANY_UNION
    assert await chat.click("十堰市总工会") == [texts.region_chosen("十堰市总工会")]
    assert await chat.send("/start") == [texts.welcome("十堰市总工会")]
    assert chat.buttons == []


async def test_help_says_what_is_kept_and_how_long(chat: Chat) -> None:
    (reply,) = await chat.send("/help")
    assert "30 天" in reply
    assert "清除记录" in reply


@pytest.mark.parametrize("command", ["/START", "/start@niangjia_bot", "/start from_poster"])
async def test_commands_are_known_in_the_forms_that_messengers_give_them(chat: Chat, command: str) -> None:
    assert await chat.send(command) == [texts.welcome(None)]


async def test_an_unknown_command_is_named_and_not_looked_up(chat: Chat) -> None:
    assert await chat.send("/weather 荆州") == [texts.unknown_command("/weather")]
    assert chat.answers.asked == []


# --- the union ---


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("/region 十堰", "十堰"),
        ("/region 随州市总工会", "随州"),
        ("十堰", "十堰"),
        ("我在监利", "荆州市"),
        ("我是荆州城发的", "荆州城发"),
        ("湖北省直机关工会", "省直"),
        ("选随州。", "随州"),
    ],
)
async def test_a_union_is_chosen_by_words(chat: Chat, said: str, region: str) -> None:
    union = load_regions().regions[region].union
    assert await chat.send(said) == [texts.region_chosen(union)]
    await chat.send("工资")
    assert chat.answers.asked[-1][1] == region


async def test_a_question_that_names_a_place_is_a_question_and_chooses_nothing(chat: Chat) -> None:
    assert await chat.send("荆州的送清凉怎么领") == ["答：荆州的送清凉怎么领"]
    assert chat.conversation.region is None


async def test_a_place_without_a_union_is_said_to_be_unknown(chat: Chat) -> None:
    await chat.send("/region 十堰")
    assert await chat.send("/region 哈尔滨") == [texts.region_unknown("哈尔滨")]
    assert chat.conversation.region == "十堰"
    assert len(chat.buttons) > 1


async def test_the_union_can_be_changed_and_left_open(chat: Chat) -> None:
    await chat.send("/region 十堰")
    assert await chat.send("/region") == [texts.REGION_CHOICES]
    await chat.click("随州")
    assert chat.conversation.region == "随州"
    await chat.tap("choose")
    assert await chat.click(texts.ANY_UNION) == [texts.REGION_CLEARED]
    assert chat.conversation.region is None


# --- questions ---


async def test_an_answer_shows_its_sources_and_asks_whether_it_helped(chat: Chat) -> None:
    assert await chat.send("工资几号发") == ["答：工资几号发"]
    assert chat.reply.citations == (WAGES,)
    assert [button.label for button in chat.buttons] == ["出处1 《劳动法》第五十条", texts.HELPFUL, texts.UNHELPFUL]


async def test_every_action_fits_the_narrowest_messenger(chat: Chat) -> None:
    for text in ("工资", "/start", "月亮"):
        await chat.send(text)
        assert chat.buttons
        assert all(len(button.action.encode()) <= 64 for button in chat.buttons)


async def test_a_source_opens_with_title_article_date_and_the_words_themselves(chat: Chat) -> None:
    await chat.send("工资")
    (detail,) = await chat.click("出处1")
    assert "《劳动法》第五十条" in detail
    assert "第五章 工资" in detail
    assert "2018年12月29日" in detail
    assert detail.endswith(WAGES.quote)
    assert chat.reply.citations == (WAGES,)


async def test_sources_of_earlier_answers_still_open_and_long_gone_ones_say_so(chat: Chat) -> None:
    await chat.send("第一问")
    first = chat.buttons[0].action
    for number in range(REMEMBERED - 1):
        await chat.send(f"又一问{number}")
    assert WAGES.quote in (await chat.tap(first))[0]
    await chat.send("再一问")
    assert await chat.tap(first) == [texts.SOURCE_GONE]


async def test_follow_ups_bring_the_last_questions_along(chat: Chat) -> None:
    for text in ("一", "二", "三", "四", "五"):
        await chat.send(text)
    assert chat.answers.asked[-1] == ("五", None, ("二", "三", "四"))
    assert HISTORY == 3


async def test_a_refusal_offers_a_person_and_is_kept_for_those_who_mend_the_knowledge(chat: Chat) -> None:
    assert await chat.send("月亮上的工会在哪里，我叫李小明，手机13800138000") == ["资料里没有这个。"]
    assert [button.label for button in chat.buttons] == [texts.HUMAN]
    (entry,) = chat.feedback
    assert (entry.verdict, entry.question) == (
        Verdict.REFUSED,
        "月亮上的工会在哪里，我叫〔姓名〕，手机〔电话〕",
    )
    (told,) = await chat.click(texts.HUMAN)
    assert told.startswith(texts.HUMAN_HELP)


async def test_who_registers_at_night_is_promised_the_morning_and_no_minutes() -> None:
    talk = Talk(watch=Nightwatch())
    talk.watch.opens_at = talk.clock() + timedelta(hours=12)
    await talk.send("/report 我们18个人三个月没发工资，在沙市的华美服装厂")
    await talk.send("同意")
    await talk.send("提交")
    said = await talk.send("提交")
    assert "11月22日04:00 上班以后有人看" in said
    assert "分钟内" not in said


async def test_of_a_long_story_the_check_shows_the_beginning() -> None:
    talk = Talk()
    story = f"老板欠我工资，{'一拖再拖，' * 80}在沙市的华美服装厂"
    await talk.send(f"/report {story}")
    await talk.send("同意")
    said = await talk.send("提交")
    assert f"一共 {len(story)} 个字，都记下了" in said
    assert story not in said
    assert talk.conversation.draft is not None
    assert talk.conversation.draft.value("story") == story


async def test_who_asks_for_a_person_is_told_when_one_reads() -> None:
    talk = Talk(watch=Nightwatch())
    assert intake_texts.NO_READER in await talk.send("人工")
    talk.watch.opens_at = talk.clock() + timedelta(hours=12)
    assert "11月22日04:00 上班以后有人看" in await talk.send("人工")
    assert await Talk().send("人工") == texts.HUMAN_HELP


@pytest.mark.parametrize("text", ["asdkfj;alskdjf 8923 ###", "aaaaaaaa", "where is it"])
async def test_letters_that_find_nothing_are_answered_in_both_languages(text: str) -> None:
    assert (await Talk(answers=Ignorant()).send(text)).startswith(texts.FOREIGN)


async def test_a_question_asked_again_in_other_words_says_that_the_answer_missed(chat: Chat) -> None:
    await chat.send("带薪年假有几天")
    await chat.send("工作十年年假有几天")
    await chat.send("生孩子能报多少钱")
    await chat.send("生孩子能报多少钱")
    assert [(entry.verdict, entry.question) for entry in chat.feedback] == [(Verdict.REPHRASED, "带薪年假有几天")]


async def test_asking_for_a_person_says_whom_to_call_and_takes_a_message(chat: Chat) -> None:
    (reply,) = await chat.send("转人工")
    assert "12351" in reply
    assert [button.label for button in chat.buttons] == [texts.LEAVE_MESSAGE]
    assert chat.answers.asked == []


# --- helpful or not ---


async def test_a_helpful_answer_is_thanked_for_once(chat: Chat) -> None:
    await chat.send("工资")
    helpful, unhelpful = (button.action for button in chat.buttons[-2:])
    assert await chat.tap(helpful) == [texts.THANKS]
    assert chat.reply.notice
    assert await chat.tap(unhelpful) == [texts.JUDGED_ALREADY]
    assert [(entry.verdict, entry.question) for entry in chat.feedback] == [(Verdict.HELPFUL, "工资")]


async def test_an_unhelpful_answer_gets_a_next_step(chat: Chat) -> None:
    await chat.send("工资")
    assert await chat.click(texts.UNHELPFUL) == [texts.SORRY]
    assert not chat.reply.notice
    assert [entry.verdict for entry in chat.feedback] == [Verdict.UNHELPFUL]


async def test_judging_an_answer_long_gone_is_not_claimed_to_be_kept(chat: Chat) -> None:
    assert await chat.tap("ok:0123456789ab") == [texts.JUDGED_LATE]
    assert chat.feedback == []


@pytest.mark.parametrize(
    "action",
    ["", "src", "src:x:1", "ok", "region:亚特兰蒂斯", "region", "dance", "src:a:b:c", "human:now", "src:x:²", ":"],
)
async def test_a_tap_that_nobody_offered_harms_nothing(chat: Chat, action: str) -> None:
    await chat.send("/region 十堰")
    (reply,) = await chat.tap(action)
    assert reply in (texts.UNKNOWN_BUTTON, texts.SOURCE_GONE)
    assert chat.conversation.region == "十堰"


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.5", "一", "99999999999999999999"])
async def test_a_source_that_the_answer_does_not_have_is_gone(chat: Chat, number: str) -> None:
    await chat.send("工资")
    exchange = chat.conversation.exchanges[-1].id
    assert await chat.tap(f"src:{exchange}:{number}") == [texts.SOURCE_GONE]


# --- what cannot be answered as it is ---


@pytest.mark.parametrize("text", ["", "  \n\u3000"])
async def test_an_empty_message_is_asked_about(chat: Chat, text: str) -> None:
    assert await chat.send(text) == [texts.NO_TEXT]


async def test_a_photo_alone_is_received_kindly(chat: Chat) -> None:
    assert await chat.send("", Attachment("photo", "file")) == [intake_texts.FILE_WHERE]
    assert [button.label for button in chat.buttons] == [intake_texts.REPORT]
    assert chat.shelf.kept == []


async def test_a_photo_with_words_is_answered_by_its_words(chat: Chat) -> None:
    assert await chat.send("合同合法吗", Attachment("photo", "file")) == [
        intake_texts.FILE_WHERE,
        "答：合同合法吗",
    ]


async def test_a_very_long_message_is_asked_to_be_shorter(chat: Chat) -> None:
    long = ("产假" * LONGEST)[: LONGEST - 1] + "？"
    assert await chat.send(long) == ["答：" + long]
    assert await chat.send(long + "？") == [texts.too_long(LONGEST + 1, LONGEST)]


# --- danger ---


@pytest.mark.parametrize("text", ["我不想活了", "/start 我不想活了", "工" * 3000 + "，我不想活了"])
async def test_danger_comes_before_everything(chat: Chat, text: str) -> None:
    assert (await chat.send(text))[0] == danger_texts.SELF_HARM
    assert chat.answers.asked == []
    assert chat.conversation.exchanges == ()


async def test_after_danger_the_next_question_is_answered_as_ever(chat: Chat) -> None:
    await chat.send("车间着火了")
    await chat.click("说完了")
    assert await chat.send("工资") == ["答：工资"]
    assert chat.answers.asked == [("工资", None, ())]


# --- forgetting ---


async def test_forgetting_starts_anew(chat: Chat) -> None:
    await chat.send("/region 十堰")
    await chat.send("工资")
    assert await chat.send("/forget") == [texts.FORGOTTEN]
    assert chat.turn is not None
    assert chat.turn.forget
    assert chat.conversation == Conversation(Channel.TELEGRAM, "7")


# --- the same again ---


async def test_working_on_a_message_again_gives_the_same_turn() -> None:
    speaking = dialogue()
    conversation = Conversation(Channel.TELEGRAM, "7")
    first = await speaking.respond(message("工资"), conversation)
    assert await speaking.respond(message("工资"), conversation) == first
    other = await speaking.respond(message("工资", key="another"), conversation)
    assert other.conversation.exchanges[0].id != first.conversation.exchanges[0].id
    assert first.conversation.exchanges[0].status == AnswerStatus.ANSWERED
