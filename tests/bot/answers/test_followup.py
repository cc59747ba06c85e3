import pytest

from bot.answers.followup import leans, subjects


@pytest.mark.parametrize(
    "question",
    [
        "那要是他不给呢？",
        "这个要去哪里办？",
        "怎么申请？",
        "为什么只有一半",
        "要带什么材料",
        "那产假呢？",
        "他家也没交社保，算不算",
    ],
)
def test_what_points_back_or_names_no_subject_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "产假有多少天？",
        "怎么认定工伤",
        "年假有几天呢",
        "我在工地上干了两年，包工头一直不肯跟我们结清工钱",
        "为什么要交会费",
    ],
)
def test_what_names_its_subject_stands_alone(question: str) -> None:
    assert not leans(question)


def test_subjects_are_named_as_they_are_written_each_once() -> None:
    assert subjects("试用期没签合同，试用期工伤怎么算") == ("试用期", "签合同", "工伤")
    assert subjects("要多久") == ()
