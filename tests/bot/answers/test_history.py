import pytest

from bot.answers.history import completed, heard_with

HISTORY = ("公司把我辞退了", "产假多少天")


@pytest.mark.parametrize(
    ("question", "asked"), [("那年休假呢", "多少天"), ("那入会呢？", "多少天"), ("工伤呢", "多少天")]
)
def test_a_subject_in_the_place_of_another_takes_only_what_was_asked(question: str, asked: str) -> None:
    assert heard_with(HISTORY, question) == (asked,)


def test_a_story_asks_nothing_that_another_subject_could_take() -> None:
    assert heard_with(("公司把我辞退了",), "那入会呢") == ()


@pytest.mark.parametrize(
    "question", ["那我想开除一个老迟到的，怎么做才不违法", "还有加班费怎么算", "不过试用期要不要交社保"]
)
def test_a_whole_question_that_is_only_joined_on_stands_alone(question: str) -> None:
    assert heard_with(HISTORY, question) == ()


@pytest.mark.parametrize("question", ["那要多久", "要是怀孕了呢", "那这种情况算工伤吗", "可以要多少钱", "那他们不给呢"])
def test_what_cannot_be_understood_alone_is_heard_with_all_that_was_said(question: str) -> None:
    assert heard_with(HISTORY, question) == HISTORY


@pytest.mark.parametrize("question", ["我该怎么办啊", "那咋搞", "算不算工伤", "这种情况算工伤吗？"])
def test_what_says_nothing_of_its_own_is_asked_of_what_was_told(question: str) -> None:
    assert completed(("加班费怎么算", "我扫地摔断了腿\n沙市"), question) == f"我扫地摔断了腿，{question}"
    assert completed((), question) == question


@pytest.mark.parametrize("question", ["欠薪怎么办", "上班路上被撞算工伤吗", "那要多久"])
def test_what_names_its_matter_is_asked_as_it_is(question: str) -> None:
    assert completed(("加班费怎么算",), question) == question
