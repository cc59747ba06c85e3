import pytest

from bot.dialogue.spoken import Verb, asks_back, leaves_out, spoken
from bot.forms.draft import Step
from knowledge.forms import GRIEVANCE, load_forms

FORM = load_forms()[GRIEVANCE]


@pytest.mark.parametrize(
    ("step", "said", "verb"),
    [
        (Step.CONSENT, "好的", Verb.NAMED),
        (Step.CONSENT, "我不想留名", Verb.UNNAMED),
        (Step.CONSENT, "算了", Verb.QUIT),
        (Step.ASKING, "不知道", Verb.SKIP),
        (Step.ASKING, "晓不得哦", Verb.SKIP),
        (Step.ASKING, "哪知道咧", Verb.SKIP),
        (Step.ASKING, "我不想写名字了", Verb.SKIP),
        (Step.ASKING, "没有电话", Verb.SKIP),
        (Step.ASKING, "没得电话", Verb.SKIP),
        (Step.ASKING, "刚才说到哪了", Verb.RESUME),
        (Step.ASKING, "接着填", Verb.RESUME),
        (Step.CHECKING, "改一下", Verb.EDIT),
        (Step.ASKING, "继续上班", None),
        (Step.ASKING, "我也说不好从哪天", Verb.SKIP),
        (Step.CHECKING, "要得", Verb.SEND),
        (Step.ASKING, "提交", Verb.SEND),
        (Step.ASKING, "我想匿名", Verb.UNNAMED),
        (Step.CHECKING, "没问题", Verb.SEND),
        (Step.CHECKING, "没有了", Verb.RESUME),
        (Step.ASKING, "不知道老板叫什么，工地在沙市", None),
        (Step.CHECKING, "不对，是4个月", None),
    ],
)
def test_words_stand_for_buttons_where_they_are_nothing_else(step: Step, said: str, verb: Verb | None) -> None:
    assert spoken(step, said) is verb


@pytest.mark.parametrize(
    ("question", "said", "value", "back"),
    [
        ("name", "为什么要写名字", None, True),
        ("employer", "加班费怎么算", "加班费怎么算", True),
        ("phone", "留电话会不会被老板知道？", None, True),
        ("since", "工资能不能要双倍", None, True),
        ("since", "从3月吧？", "3月", False),
        ("wish", "能不能让老板把钱给我？", "能不能让老板把钱给我？", False),
        ("story", "老板不发工资怎么办？", "老板不发工资怎么办？", False),
        ("employer", "华美服装厂", "华美服装厂", False),
    ],
)
def test_a_question_is_told_from_a_reply(question: str, said: str, value: str | None, back: bool) -> None:
    assert asks_back(FORM.question(question), said, value) is back


def test_nothing_is_a_reply_where_something_is_needed() -> None:
    assert leaves_out(FORM.question("phone"), "没有")
    assert not leaves_out(FORM.question("employer"), "没有")


@pytest.mark.parametrize(
    ("step", "said", "verb"),
    [
        (Step.CONSENT, "yes", Verb.NAMED),
        (Step.CONSENT, "anonymous", Verb.UNNAMED),
        (Step.ASKING, "I don't know", Verb.SKIP),
        (Step.ASKING, "back", Verb.BACK),
        (Step.CHECKING, "submit", Verb.SEND),
        (Step.CHECKING, "cancel", Verb.QUIT),
    ],
)
def test_who_fills_in_english_may_steer_in_english(step: Step, said: str, verb: Verb) -> None:
    assert spoken(step, said) is verb
