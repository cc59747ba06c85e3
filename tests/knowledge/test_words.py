from hypothesis import given
from hypothesis import strategies as st

from knowledge.words import normalize, occurrences, question_terms


def test_chinese_gives_characters_and_pairs() -> None:
    codes, rows = occurrences(["加班费"])
    assert len(codes) == 5
    assert set(rows.tolist()) == {0}


def test_pairs_do_not_reach_over_punctuation_or_into_the_next_text() -> None:
    apart = occurrences(["加，班", "费"])
    assert len(apart[0]) == 3
    assert sorted(apart[1].tolist()) == [0, 0, 1]


def test_full_width_and_capital_forms_are_the_same_terms() -> None:
    assert question_terms("ＡＰＰ１２３５１").tolist() == question_terms("app12351").tolist()


def test_a_number_is_one_term_and_keeps_its_decimals() -> None:
    assert len(question_terms("21.75")) == 1
    assert question_terms("21.75").tolist() != question_terms("21").tolist()


def test_a_question_counts_each_term_once() -> None:
    assert len(question_terms("工资，工资")) == len(question_terms("工资")) == 3


def test_a_line_break_inside_a_text_does_not_begin_another_text() -> None:
    assert set(occurrences(["第一行\n第二行", "别的"])[1].tolist()) == {0, 1}


@given(st.text(st.characters() | st.sampled_from("工资欠薪㐀鿿ａb1.5，\n")))
def test_a_question_has_the_terms_that_an_indexed_text_has(text: str) -> None:
    assert question_terms(text).tolist() == sorted(set(occurrences([text])[0].tolist()))


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_can_be_taken_apart(texts: list[str]) -> None:
    codes, rows = occurrences(texts)
    assert len(codes) == len(rows)
    assert all(0 <= row < len(texts) for row in rows.tolist())
    assert all("\n" not in normalize(text) for text in texts)
