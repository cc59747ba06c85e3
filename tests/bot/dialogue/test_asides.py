import pytest

from bot import texts
from bot.dialogue.asides import acknowledged, explained
from bot.texts import intake as intake_texts


def test_a_courtesy_in_a_form_is_answered_in_a_few_words() -> None:
    assert acknowledged("在吗") == intake_texts.HERE
    assert acknowledged("谢谢你") == intake_texts.WELCOME
    assert acknowledged("你是真人吗") == texts.WHO


@pytest.mark.parametrize("said", ["18", "李师傅", "老板欠我工资"])
def test_what_may_be_a_reply_is_no_courtesy(said: str) -> None:
    assert acknowledged(said) is None


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("老板会不会知道我举报他", intake_texts.WHO_SEES),
        ("为什么要留电话？", intake_texts.WHY_ASKED),
        ("登记要钱吗", intake_texts.FREE),
        ("这个要多久能办好？", intake_texts.HOW_LONG),
        ("加班费怎么算", None),
    ],
)
def test_what_people_ask_about_the_form_itself_is_answered_without_a_search(asked: str, answer: str | None) -> None:
    assert explained(asked) == answer


@pytest.mark.parametrize("said", ["等下再说", "我先忙", "晚点再填", "先去上班了", "明天再弄吧"])
def test_who_goes_away_for_a_while_hears_that_the_form_waits(said: str) -> None:
    assert acknowledged(said) == intake_texts.WAITS


@pytest.mark.parametrize("said", ["等工资发了再说要开除我", "上班", "从先前在厂里上班开始"])
def test_what_belongs_to_a_story_is_no_leaving(said: str) -> None:
    assert acknowledged(said) is None


def test_who_asks_for_english_is_told_how_to_go_on_and_a_story_in_english_is_taken() -> None:
    assert acknowledged("I don't want write Chinese, can you speak english") == intake_texts.FOREIGN
    assert acknowledged("my boss not pay me 3 months") is None
