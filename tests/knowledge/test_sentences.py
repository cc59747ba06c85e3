from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import sentences


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_a_stop_ends_a_sentence_together_with_the_marks_that_close_it() -> None:
    assert words("发工资了吗？没有。他说：“明天！”") == ["发工资了吗？", "没有。", "他说：“明天！”"]


def test_a_quotation_stays_with_the_words_that_introduce_it() -> None:
    assert words("第十条规定：“一。二。”第三条另说。") == ["第十条规定：“一。二。”", "第三条另说。"]


def test_a_quotation_that_is_never_closed_does_not_swallow_the_paragraph() -> None:
    assert words("他说：“一。二。三。") == ["他说：“一。", "二。", "三。"]


def test_a_new_line_ends_a_sentence() -> None:
    assert words("（一）甲；\n\n（二）乙；") == ["（一）甲；", "（二）乙；"]


def test_the_ellipsis_within_a_quotation_does_not_end_it() -> None:
    assert words("规定：“下列无效：……（二）免除责任的”。另外。") == ["规定：“下列无效：……（二）免除责任的”。", "另外。"]


@given(st.text(alphabet="工资。！？\n“”…； a"))
def test_sentences_leave_out_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(words(text)).split()) == "".join(text.split())
