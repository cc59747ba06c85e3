import numpy as np
import pytest

from knowledge.fusion import FLOOR, Voice, fuse


def voice(scores: list[float], weight: float = 1.0, full: float | None = None) -> Voice:
    return Voice(np.array(scores, np.float32), weight, max(scores) if full is None else full)


def test_a_row_that_both_voices_praise_goes_before_one_that_only_one_does() -> None:
    fused = fuse([voice([9.0, 8.0, 1.0, 0.0], 0.5), voice([0.0, 0.8, 0.1, 0.9], 0.5)])
    assert fused.argmax() == 1


def test_how_far_ahead_a_row_is_counts() -> None:
    words, meaning = [10.0, 9.9, 1.0], [0.5, 0.9, 0.1]
    assert fuse([voice(words, 0.6), voice(meaning, 0.4)]).argmax() == 1
    assert fuse([voice([10.0, 3.0, 1.0], 0.6), voice(meaning, 0.4)]).argmax() == 0


def test_scores_do_not_depend_on_a_voice_s_scale() -> None:
    assert fuse([voice([2.0, 1.0])]) == pytest.approx(fuse([voice([200.0, 100.0])]))


def test_how_far_below_the_floor_a_row_lies_is_not_held_against_it() -> None:
    low, lower = fuse([voice([1.0, FLOOR * 0.9, -1.0])])[1:]
    assert low == lower == 0


def test_the_best_earns_only_its_share_of_a_full_score() -> None:
    assert fuse([voice([2.0], full=4.0)]) == pytest.approx([0.5 - FLOOR])
    assert fuse([voice([9.0], full=8.0)]) == pytest.approx([1 - FLOOR])


def test_no_candidates_and_scores_of_nothing_are_borne() -> None:
    assert fuse([voice([], full=0.0)]).tolist() == []
    assert fuse([voice([-0.1, -0.5], full=0.0)]).tolist() == [0, 0]
