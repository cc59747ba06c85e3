import pytest

from bot.answers.model import AnswerStatus
from bot.evaluation.figures import (
    AnswerFigures,
    area,
    calibration,
    calibration_error,
    changes,
    faults,
    refusal_curve,
)
from tests.bot.evaluation.rows import answered, refused, run, unanswerable


def test_what_the_index_lacks_is_no_false_refusal_but_is_not_cited_either() -> None:
    figures = AnswerFigures.of([answered(), answered(), refused(), refused(absent=True)])
    assert figures.cited == 0.5
    assert figures.false_refusal == pytest.approx(1 / 3)
    assert figures.refused is None


def test_calling_a_person_is_a_refusal_and_danger_is_none() -> None:
    rows = [unanswerable(status=status) for status in AnswerStatus]
    assert AnswerFigures.of(rows).refused == 0.5
    assert [row.right for row in rows] == [False, True, True, False]


def test_only_answers_count_their_citations_and_only_rows_with_facts_their_facts() -> None:
    rows = [answered(citations=("a", "b", "c"), facts=True), answered(facts=False), refused(citations=())]
    figures = AnswerFigures.of(rows)
    assert (figures.citations, figures.facts) == (2, 0.5)


def test_confidence_falls_into_tenths_and_is_held_against_what_the_index_holds() -> None:
    rows = [
        answered(confidence=1.0),
        answered(confidence=0.93),
        refused(confidence=0.91, absent=True),
        unanswerable(confidence=0.0),
        unanswerable(confidence=0.5, status=AnswerStatus.CRISIS),
    ]
    bins = calibration(rows)
    assert [one.count for one in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[0].answerable == 0
    assert bins[5].answerable is None
    assert bins[9].answerable == pytest.approx(2 / 3)
    assert bins[9].confidence == pytest.approx((1 + 0.93 + 0.91) / 3)
    assert calibration_error(bins) == pytest.approx(0.75 * abs((1 + 0.93 + 0.91) / 3 - 2 / 3))
    assert calibration_error(calibration([])) is None


def test_a_refusal_curve_runs_from_nothing_to_everything() -> None:
    curve = refusal_curve([answered(confidence=0.8), answered(confidence=0.4), unanswerable(confidence=0.6)])
    assert [(one.false_refusal, one.refused) for one in curve] == [(0, 0), (0, 0), (0.5, 0), (0.5, 1), (1, 1)]
    assert area(curve) == 0.5


def test_the_area_is_one_where_confidence_parts_both_kinds() -> None:
    assert area(refusal_curve([answered(confidence=0.8), unanswerable(confidence=0.6)])) == 1


def test_a_curve_needs_questions_of_both_kinds() -> None:
    assert refusal_curve([answered()]) == []
    assert refusal_curve([unanswerable()]) == []


def test_changes_name_what_was_won_and_lost_of_what_both_were_asked() -> None:
    before = run(a=[answered("1"), answered("2", rank=7), answered("3"), answered("4")], b=[answered("1")])
    after = run(
        a=[answered("1", rank=5), answered("2", rank=4), answered("3", question="别的", rank=None), answered("5")],
        c=[answered("1", rank=None)],
    )
    found, said = changes(before, after)
    assert [(one.set, one.after.search.id) for one in found.lost] == [("a", "1")]
    assert [(one.set, one.after.search.id) for one in found.won] == [("a", "2")]
    assert (said.won, said.lost) == ((), ())
    assert found.chance == 1
    assert said.chance == 1


def test_a_refusal_lost_is_an_answer_lost() -> None:
    before = run(a=[unanswerable("1"), refused("2")])
    after = run(a=[unanswerable("1", status=AnswerStatus.ANSWERED), answered("2")])
    _, said = changes(before, after)
    assert [one.after.search.id for one in said.lost] == ["1"]
    assert [one.after.search.id for one in said.won] == ["2"]


def test_faults_say_what_is_wrong() -> None:
    assert faults(answered(rank=4)) == []
    assert faults(answered(rank=5, cited=False)) == ["found at 6", "not cited"]
    assert faults(refused(rank=None)) == ["not found", "refused"]
    assert faults(refused(rank=None, absent=True)) == ["not in the index"]
    assert faults(answered(facts=False)) == ["facts missing from the beginning of the answer"]
    assert faults(answered(status=AnswerStatus.CRISIS)) == ["taken for danger"]
    assert faults(unanswerable()) == []
    assert faults(unanswerable(status=AnswerStatus.ANSWERED)) == ["answered, though nothing answers it"]
