from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import scope
from bot.answers.answerable import Signals, is_asked, load_weights, probability
from knowledge.model import DocumentKind, ScoredPassage
from knowledge.regions import load_regions
from tests.bot.answers.passages import found, ranked

SCOPE = scope.Scope(scope.load_weights(), load_regions())
GOOD = Signals(3, 1, 1, 1, 0.8, 0.4, 1, 0, 0, 0, 0.5, 0)


def signals(question: str, *passages: ScoredPassage) -> Signals:
    return Signals.of(question, passages, ranked(question, *passages), SCOPE, load_regions())


def test_what_is_sought_and_not_told_is_seen() -> None:
    assert signals("驿站几点开门", found("全市有驿站64座，户外劳动者都能进。")).untold == 1
    assert signals("驿站几点开门", found("驿站早上8点开门，户外劳动者都能进。")).untold == 0


def test_a_number_that_is_asked_for_must_be_told() -> None:
    assert signals("送了多少份物资", found("工会送去很多物资。")).uncounted == 1
    assert signals("送了多少份物资", found("工会送去物资8600份。")).uncounted == 0


@pytest.mark.parametrize(
    ("question", "private"),
    [("你们主席的手机号是多少", 1), ("王师傅家住在哪里", 1), ("欠薪投诉打哪个电话", 0), ("工会热线是多少", 0)],
)
def test_what_is_private_is_seen(question: str, private: float) -> None:
    assert signals(question, found("王师傅和主席都说，工会热线电话是12351。")).private == private


def test_nobodys_private_data_is_ever_answered() -> None:
    assert probability(replace(GOOD, private=1), asked=True) < 0.1 < 0.5 < probability(GOOD, asked=True)


def test_a_place_outside_is_foreign_unless_the_passages_name_it() -> None:
    assert signals("武汉有几座驿站", found("全市有驿站64座。")).foreign == 1
    assert signals("武汉有几座驿站", found("武汉有驿站64座。")).foreign == 0
    assert signals("随州有几座驿站", found("全市有驿站64座。")).foreign == 0


def test_what_the_law_gives_is_foreign_nowhere_though_a_reports_words_come_nearer() -> None:
    law = found("单位应当给予五天搬家假。", kind=DocumentKind.STATUTE, law="搬家假办法", article="第二条")
    report = found("之前在外地搬家的，回来了工会去看望。", 0.9)
    assert signals("之前在深圳搬家，回来了有搬家假吗", law, report).foreign == 0
    assert signals("之前在深圳搬家，回来了有搬家假吗", report, law).foreign == 1


def test_what_another_union_did_there_is_not_that_places_union() -> None:
    there = found("省直机关工会到武汉送清凉8600份。")
    assert signals("武汉市总工会送了多少份清凉", there).foreign == 1
    assert signals("武汉市总工会送了多少份清凉", found("武汉市总工会送清凉8600份。")).foreign == 0
    assert signals("在武汉送了多少份清凉", there).foreign == 0


def test_another_houses_union_must_be_named() -> None:
    assert signals("长江大学工会运动会有多少人参加", found("省直工会运动会有400人参加。")).foreign == 1
    assert signals("长江大学工会运动会有多少人参加", found("长江大学工会运动会有400人参加。")).foreign == 0


def test_where_nothing_was_found_nothing_speaks_for_an_answer() -> None:
    nothing = signals("驿站有几座")
    assert (nothing.asked, nothing.cosine, nothing.agreement, nothing.untold) == (0, 0, 0, 1)
    assert probability(nothing, asked=False) < 0.5


def test_a_passage_with_questions_of_the_bank_is_told_from_one_that_has_its_words_alone() -> None:
    worded = found("驿站里能喝水。")
    asked = replace(worded, passage=replace(worded.passage, questions=("驿站里有水喝没",)))
    assert is_asked([asked], ranked("驿站里能做什么", asked))
    assert not is_asked([worded], ranked("驿站里能做什么", worded))
    assert not is_asked([], [])


@pytest.mark.parametrize("kind", ["asked", "worded"])
def test_every_signal_has_a_weight_and_no_weight_is_without_one(kind: str) -> None:
    assert set(load_weights()[kind]) == {field.name for field in fields(Signals)} | {"bias"}


@given(st.lists(st.floats(-6, 6), min_size=len(fields(Signals)), max_size=len(fields(Signals))), st.booleans())
def test_the_probability_is_one(values: list[float], asked: bool) -> None:
    assert 0 <= probability(Signals(*values), asked) <= 1
