"""Danger: the numbers at once, and somebody is called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.changes import CallStaff, OpenCase
from bot.cases.model import CaseKind, Move, State
from bot.dialogue.emergency import ADVICE
from bot.texts import danger as texts
from bot.texts import mine as mine_texts
from bot.triage.model import Danger, Triage
from bot.triage.triager import load_triager
from knowledge.vocabulary import Urgency
from tests.bot.casebook import Cases
from tests.bot.fakes import Ignorant
from tests.bot.talk import Nightwatch, Talk


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("我不想活了", Danger.SELF_HARM),
        ("活不下去了", Danger.SELF_HARM),
        ("他写了遗书", Danger.SELF_HARM),
        ("我被工头打了", Danger.VIOLENCE),
        ("保安正在打我们", Danger.VIOLENCE),
        ("车间着火了，还有人在里面", Danger.ACCIDENT),
        ("工友从脚手架上摔下来", Danger.ACCIDENT),
        ("有人被埋在下面，救命", Danger.ACCIDENT),
        ("我被锁在宿舍里出不去", Danger.CONFINEMENT),
    ],
)
async def test_danger_gets_its_own_advice_and_a_case(text: str, danger: Danger) -> None:
    talk = Talk(cases=(book := Cases()))
    assert (await talk.send(text)).startswith(ADVICE[danger])
    assert book.only.kind is CaseKind.EMERGENCY
    assert book.only.urgency is Urgency.EMERGENCY
    assert book.only.facts.story == text
    assert talk.answers.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "自杀算不算工伤",
        "被人打伤算工伤吗",
        "高处坠落死亡赔偿标准是多少",
        "上个月从架子上摔下来，老板不管",
        "防止触电有什么规定",
        "手指被机器压断怎么赔",
        "老板不打我工资",
        "公司老打我电话让我加班",
        "辞职公司不让走",
        "强迫加班违法吗",
        "我被打卡机坑了",
        "因工死亡的丧葬补助怎么申请",
        "想死亡赔偿的事情",
        "扣押身份证违法吗",
        "高温补贴什么时候发",
        "工会有心理咨询吗",
        "累死了，天天加班",
    ],
)
async def test_what_is_asked_about_the_law_or_the_past_is_a_question(text: str) -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send(text)
    assert book.cases == {}
    assert load_triager().triage(text).danger is None


@pytest.mark.parametrize("advice", ADVICE.values())
def test_every_advice_names_the_police_and_promises_no_call_back(advice: str) -> None:
    assert "110" in advice
    assert "不能替您打电话" in advice


async def test_danger_comes_before_a_command_and_an_open_form() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("/report")
    assert (await talk.send("/help 我要跳楼了")).startswith(texts.SELF_HARM)
    assert book.only.kind is CaseKind.EMERGENCY


async def test_whoever_is_on_duty_is_named_and_nobody_is_promised() -> None:
    on_duty = Talk()
    assert texts.called("湖北省总工会") in await on_duty.send("车间着火了")
    nobody = Talk(watch=Nightwatch())
    assert texts.nobody(None) in await nobody.send("车间着火了")


async def test_who_opens_later_is_told_as_the_hour_it_is() -> None:
    talk = Talk(watch=Nightwatch())
    talk.watch.opens_at = talk.clock() + timedelta(hours=12)
    assert "11月22日04:00才有人上班" in await talk.send("车间着火了")


async def test_what_is_written_next_belongs_to_the_same_emergency() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("车间着火了")
    await talk.send("有人在里面出不来，快救命")
    assert [event.move for event in book.only.events] == [Move.OPEN, Move.ALARM, Move.SAY]


async def test_danger_told_again_is_met_in_brief_and_another_danger_in_full() -> None:
    talk = Talk()
    await talk.send("我不想活了")
    said = await talk.send("我想从楼上跳下去")
    assert said.startswith(texts.AGAIN_NUMBERS[Danger.SELF_HARM])
    assert texts.SELF_HARM not in said
    assert (await talk.send("车间着火了，有人在里面")).startswith(texts.ACCIDENT)


async def test_what_to_do_is_told_once_to_who_writes_on_in_danger() -> None:
    talk = Talk()
    await talk.send("车间着火了")
    assert await talk.send("我在三楼") == mine_texts.SAID_ALARM
    assert await talk.send("门打不开") == mine_texts.SAID_ALARM_ON


@pytest.mark.parametrize("danger", Danger)
def test_what_is_said_in_brief_still_holds_a_number_to_call(danger: Danger) -> None:
    assert "110" in texts.AGAIN_NUMBERS[danger]


async def test_the_place_said_next_brings_it_to_that_union_and_calls_there() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("手被机器绞进去了，快来救人")
    assert texts.again("曾都区总工会") in await talk.send("在随州曾都的一个厂里")
    assert book.only.organization == "曾都区总工会"
    assert talk.turn is not None
    assert [change.organization for change in talk.turn.changes if isinstance(change, CallStaff)] == ["曾都区总工会"]
    assert book.only.events[-1].content.text == "在随州曾都的一个厂里"


async def test_a_place_told_together_with_more_danger_brings_it_there_too() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("手被机器绞了")
    said = await talk.send("在沙市机械厂车间，流了好多血")
    assert said.startswith(texts.AGAIN_NUMBERS[Danger.ACCIDENT])
    assert texts.again("沙市区总工会") in said
    assert book.only.organization == "沙市区总工会"


@pytest.mark.parametrize(
    "text", ["已经打120了", "我打了120", "120来了", "工友叫了救护车", "已经报警了", "救护车在路上了"]
)
async def test_who_has_called_for_help_is_not_alarmed_anew(text: str) -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("手被机器绞了")
    assert await talk.send(text) == texts.HELP_COMES
    assert book.only.events[-1].content.text == text


@pytest.mark.parametrize("text", ["打120没人接", "快打120", "打了120还没来，人不动了"])
async def test_help_that_is_not_on_its_way_is_none(text: str) -> None:
    talk = Talk()
    await talk.send("手被机器绞了")
    assert texts.HELP_COMES not in await talk.send(text)


@pytest.mark.parametrize("text", ["我没事", "没有危险，", "误会了", "我没有想不开", "不是那个意思"])
async def test_who_says_that_all_is_well_is_believed_as_far_as_a_way_out(text: str) -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("我不想活了")
    said = await talk.send(text)
    assert said == texts.ALL_WELL
    assert "12356" in said
    before = book.only.state
    assert before is State.EMERGENCY, "whoever is called still sees to it"
    await talk.click(mine_texts.WITHDRAW)
    await talk.click(mine_texts.SURE_WITHDRAW)
    assert book.only.state is State.WITHDRAWN


@pytest.mark.parametrize("text", ["他们说没事，可是人不动了", "没事的话我就去死", "安全帽掉了砸到人了"])
async def test_words_of_danger_beside_all_is_well_are_danger(text: str) -> None:
    talk = Talk()
    await talk.send("我不想活了")
    assert texts.ALL_WELL not in await talk.send(text)


def test_calling_for_help_is_no_blow() -> None:
    read = load_triager().triage("已经打120了")
    assert read.danger is not Danger.VIOLENCE


async def test_a_new_danger_after_half_a_day_is_a_new_emergency() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("车间着火了")
    talk.clock.forward(hours=13)
    await talk.send("又着火了，快来人")
    assert len(book.cases) == 2


async def test_somebody_far_away_is_not_sent_on() -> None:
    talk = Talk(cases=(book := Cases()))
    await talk.send("我们在武汉的工地，架子塌了，有人被压住了")
    assert talk.turn is not None
    assert isinstance(talk.turn.changes[0], OpenCase)
    assert book.only.organization == "湖北省总工会"
    assert book.only.state is State.EMERGENCY


class Doubting:
    """Hears danger where a lake is spoken of, and is not sure of it."""

    def triage(self, text: str) -> Triage:
        read = load_triager().triage(text)
        return replace(read, danger=Danger.ACCIDENT, doubtful=True) if "湖" in text else read


async def test_a_doubtful_alarm_answers_what_has_an_answer_and_adds_the_numbers() -> None:
    talk = Talk(cases=(book := Cases()), triaging=Doubting())
    said = await talk.send("湖边疗养要自己出钱吗")
    assert said.startswith("答：")
    assert texts.IN_CASE in said
    assert book.cases == {}
    await talk.send("救命")
    assert book.only.kind is CaseKind.EMERGENCY


async def test_doubt_about_self_harm_is_an_alarm_though_no_word_speaks_of_it_and_the_index_has_an_answer() -> None:
    talk = Talk(cases=(book := Cases()))
    read = load_triager().triage(text := "不想看到明天了")
    assert read.wordless
    assert not read.doubtful
    assert texts.SELF_HARM in await talk.send(text)
    assert book.only.kind is CaseKind.EMERGENCY


async def test_a_doubtful_alarm_that_has_no_answer_is_one() -> None:
    talk = Talk(cases=(book := Cases()), answers=Ignorant(), triaging=Doubting())
    await talk.send("湖边疗养要自己出钱吗")
    assert book.only.kind is CaseKind.EMERGENCY


async def test_my_cases_are_shown_although_an_emergency_is_written_about() -> None:
    talk = Talk()
    await talk.send("车间着火了，还有人在里面")
    assert mine_texts.LIST in await talk.send("我的事")
    assert talk.turn is not None
    assert talk.turn.changes == ()
