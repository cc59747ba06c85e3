"""Pieces of a story sent alone, and doubts about whom one talks to: neither is a question to look up."""

import pytest

from bot import texts
from bot.messages import Attachment
from bot.texts import danger as danger_texts
from bot.texts import intake as intake_texts
from bot.texts import mine as mine_texts
from tests.bot.fakes import Ignorant
from tests.bot.talk import Talk
from tests.conversations.conftest import House

STORY = "老板三个月没发工资，我们气得很"


@pytest.mark.parametrize("scrap", ["李国庆", "老周", "18个人", "去年3月", "我在城发上班", "13800001111", "干了4年"])
async def test_a_scrap_without_a_story_is_asked_about_and_not_looked_up(house: House, scrap: str) -> None:
    worker = house.worker()
    assert await worker.send(scrap) == texts.what_about(scrap)
    assert worker.answers.asked == []
    assert worker.feedback == [], "nobody lacks a document about it"


async def test_scraps_go_on_with_the_wrong_told_before_even_after_a_question(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    assert await worker.send("沙市") == intake_texts.GOES_ON
    await worker.send("加班费是1.5倍吧")
    assert await worker.send("18个人") == intake_texts.GOES_ON
    assert await worker.send("就是干了三年了嘛一个月四千五") == intake_texts.GOES_ON
    assert "登记“请工会帮忙”" in await worker.send("好")
    draft = worker.conversation.draft
    assert draft is not None
    assert (draft.value("place"), draft.value("people")) == ("沙市", "18")
    assert "四千五" in (draft.value("story") or "")


async def test_a_scrap_after_a_question_is_what_the_question_lacked(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.send("被辞退了可以要多少钱")
    await worker.send("月薪6000，干了4年")
    assert worker.answers.asked[-1][0] == "月薪6000，干了4年"
    assert "被辞退了可以要多少钱" in worker.answers.asked[-1][2]


async def test_a_declined_offer_takes_no_scraps(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.send("不用")
    assert await worker.send("18个人") != intake_texts.GOES_ON


async def test_a_word_that_nothing_answers_is_asked_about(house: House) -> None:
    worker = house.worker()
    assert await worker.send("月亮") == texts.what_about("月亮")


async def test_a_place_alone_still_chooses_the_union(house: House) -> None:
    worker = house.worker()
    assert "十堰市总工会" in await worker.send("十堰的")
    assert worker.conversation.region == "十堰"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("不会是骗子吧", texts.TRUST),
        ("你们跟老板是一伙的吧", texts.TRUST),
        ("我说了老板会不会知道", texts.PRIVATE),
        ("那算了，我怕被开除", texts.FEAR),
        ("我可以替我爸登记吗", texts.FOR_OTHERS),
        ("谢谢你们，上次的钱要回来了", texts.GLAD),
        ("你们工会就是个摆设", texts.SORRY_ANGRY),
        ("给我讲个笑话", texts.PLAY),
        ("你是chatgpt吗", texts.WHO),
        ("我不会用手机，打字慢", texts.LISTENING),
        ("中", texts.GO_ON),
        ("把张三的回执号给我", mine_texts.OTHERS),
        ("我老公登记过一个事，我想看看他的进度", mine_texts.OTHERS),
        ("我不知道回执号", mine_texts.LOST),
    ],
)
async def test_doubts_fears_and_games_are_met_by_words_of_their_own(house: House, said: str, answer: str) -> None:
    worker = house.worker()
    assert await worker.send(said) == answer
    assert worker.answers.asked == []


@pytest.mark.parametrize(
    "asked", ["老板说加班费不发，这样有用吗", "安全生产谁负责", "怕被开除可以匿名举报吗", "小产假几天"]
)
async def test_a_real_question_is_looked_up_whatever_words_it_shares(house: House, asked: str) -> None:
    worker = house.worker()
    await worker.send(asked)
    assert worker.answers.asked


async def test_what_now_is_asked_of_the_story_told_before(house: House) -> None:
    worker = house.worker()
    await worker.send("我爸爸在工地摔了，老板只给了5000块就不管了")
    await worker.send("我该怎么办啊")
    assert worker.answers.asked[-1][0] == "我爸爸在工地摔了，老板只给了5000块就不管了，我该怎么办啊"


async def test_who_writes_no_chinese_may_have_the_union_act_all_the_same(house: House) -> None:
    foreigner = Talk(house.storage.cases, chat="8", watch=house.watch, clock=house.clock, answers=Ignorant())
    assert await foreigner.send("my boss did not pay me for 3 months") == texts.FOREIGN_REPORT
    await foreigner.send("yes")
    draft = foreigner.conversation.draft
    assert draft is not None
    assert draft.value("story") == "my boss did not pay me for 3 months"
    assert await house.worker("9").send("hello") == texts.GREETING


async def test_a_service_named_again_takes_up_the_offer_to_apply(house: House) -> None:
    worker = house.worker()
    await worker.send("我想加入工会")
    assert "登记“申请入会”" in await worker.send("申请入会")


async def test_who_takes_a_dark_word_back_is_told_how_to_end_it(house: House) -> None:
    worker = house.worker()
    await worker.send("我不想活了")
    assert await worker.send("没事了，刚才乱说的") == danger_texts.ALL_WELL


async def test_a_place_on_the_map_is_asked_for_in_words(house: House) -> None:
    worker = house.worker()
    assert await worker.send("", Attachment("location", "30.3,112.2")) == intake_texts.NO_PLACES


async def test_a_story_told_after_other_questions_is_looked_up_by_itself(house: House) -> None:
    worker = house.worker()
    await worker.send("产假多少天？生育津贴单位没交社保能领吗？")
    await worker.send("老板三个月没发工资，在沙市的华美服装厂")
    await worker.send("我该怎么办啊")
    story, whole = worker.answers.asked[-2:]
    assert story == ("老板三个月没发工资，在某地的华美服装厂", "荆州市", ())
    assert whole[0] == "老板三个月没发工资，在某地的华美服装厂，我该怎么办啊"


async def test_a_plea_for_help_and_who_asks_are_not_searched_for(house: House) -> None:
    worker = house.worker()
    await worker.send("我叫陈刚，电话13877776666，老板两个月没发工资了，想请工会帮忙")
    searched = worker.answers.asked[-1][0]
    assert "工资" in searched
    assert not any(word in searched for word in ("陈刚", "13877776666", "帮忙"))
