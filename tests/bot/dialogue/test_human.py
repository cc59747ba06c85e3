import pytest

from bot.dialogue.human import handoff


@pytest.mark.parametrize(
    "text",
    [
        "人工",
        "转人工",
        "我要找人工客服",
        "有没有人工？",
        "能不能帮我转人工",
        "找真人聊聊",
        "找个人来",
        "我要找人",
        "我找工会",
    ],
)
def test_asking_for_a_person_is_understood(text: str) -> None:
    assert handoff(text) is not None


@pytest.mark.parametrize(
    "text", ["人工费怎么算", "人工流产休几天", "人工智能会取代我吗", "工作人员态度差怎么投诉", "找人代签合同有效吗", ""]
)
def test_a_question_with_the_same_words_is_a_question(text: str) -> None:
    assert handoff(text) is None
