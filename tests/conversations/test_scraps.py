"""Pieces of a story sent alone, and doubts about whom one talks to: neither is a question to look up."""

import pytest

from bot import texts
from bot.texts import intake as intake_texts
from bot.texts import mine as mine_texts
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
