import pytest

from bot import texts
from bot.dialogue.courtesy import courtesy, resting


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("你好", texts.GREETING),
        ("在吗？", texts.GREETING),
        ("您好啊！", texts.GREETING),
        ("谢谢您了", texts.WELCOME),
        ("拜拜", texts.GOODBYE),
        ("嗯嗯", texts.GO_ON),
        ("你是真人吗？", texts.WHO),
        ("👍", texts.GO_ON),
        ("那个……", texts.LISTENING),
        ("我想问一下", texts.LISTENING),
        ("？", texts.LISTENING),
        ("有个事不知道该不该说", texts.LISTENING),
        ("要得", texts.GO_ON),
        ("不知道能不能说", texts.LISTENING),
        ("😭😭😭", texts.CARE),
        ("你们工会有什么用！！！骗子", texts.SORRY_ANGRY),
        ("都是废话", texts.SORRY_ANGRY),
        ("你们工会都是吃干饭的", texts.SORRY_ANGRY),
        ("操你妈的机器人滚", texts.SORRY_ANGRY),
        ("一群骗子，王八蛋", texts.SORRY_ANGRY),
        ("有个屁用", texts.SORRY_ANGRY),
        ("好了谢谢你哈", texts.WELCOME),
        ("晓得了，多谢多谢", texts.WELCOME),
        ("我不知道怎么说", texts.LISTENING),
        ("不晓得从哪说起", texts.LISTENING),
    ],
)
def test_a_courtesy_gets_a_human_word(said: str, reply: str) -> None:
    answer = courtesy(said)
    assert answer is not None
    assert answer.text == reply


@pytest.mark.parametrize("said", ["我再想想", "没什么", "算了", "那我不投诉了", "我没事", "说完了"])
def test_who_wants_nothing_more_for_now_is_let_go(said: str) -> None:
    assert resting(said)


@pytest.mark.parametrize("said", ["算了一下欠我三万", "没什么合同", "不办离职手续", "想想办法", "没有社保了怎么办"])
def test_who_wants_something_is_not_let_go(said: str) -> None:
    assert not resting(said)


@pytest.mark.parametrize(
    "said",
    [
        "你好，工资拖欠怎么办",
        "谢谢，那加班费呢",
        "好的那我怎么申请",
        "早退扣钱合法吗",
        "行政拘留会被开除吗",
        "发的口罩没用，是垃圾货",
        "我想问一下产假",
        "好的谢谢，那工伤怎么报",
        "老板骂我王八蛋怎么办",
        "混蛋老板不发工资",
    ],
)
def test_a_question_behind_a_courtesy_is_a_question(said: str) -> None:
    assert courtesy(said) is None
