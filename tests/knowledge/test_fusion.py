import pytest

from knowledge.fusion import Ranked, fuse


def test_a_row_that_both_lists_hold_goes_before_one_that_only_one_holds() -> None:
    fused = fuse([Ranked([1, 2, 3], [9.0, 8.0, 1.0], 0.5), Ranked([4, 2, 5], [0.9, 0.8, 0.1], 0.5)])
    assert next(iter(fused)) == 2


def test_how_far_ahead_a_row_is_counts() -> None:
    near = fuse([Ranked([1, 2, 3], [10.0, 9.9, 1.0], 0.6), Ranked([2, 1, 3], [0.9, 0.5, 0.1], 0.4)])
    far = fuse([Ranked([1, 2, 3], [10.0, 3.0, 1.0], 0.6), Ranked([2, 1, 3], [0.9, 0.5, 0.1], 0.4)])
    assert next(iter(near)) == 2
    assert next(iter(far)) == 1


def test_scores_do_not_depend_on_a_list_s_scale() -> None:
    small = fuse([Ranked([1, 2], [2.0, 1.0], 1.0)])
    large = fuse([Ranked([1, 2], [200.0, 100.0], 1.0)])
    assert small == pytest.approx(large)


def test_a_row_beyond_the_end_of_a_cut_list_is_not_held_against_it() -> None:
    assert fuse([Ranked([1, 2], [2.0, 1.0], 1.0, cut=True)]) == {1: 0.5, 2: 0.0}
    assert fuse([Ranked([1, 2], [2.0, 1.0], 1.0)]) == {1: 1.0, 2: 0.5}


def test_a_list_s_best_earns_only_its_share_of_the_full_score() -> None:
    assert fuse([Ranked([1], [2.0], 1.0, full=8.0)]) == {1: 0.25}
    assert fuse([Ranked([1], [9.0], 1.0, full=8.0)]) == {1: 1.0}


def test_empty_lists_and_scores_of_nothing_are_borne() -> None:
    assert fuse([]) == {}
    assert fuse([Ranked([], [], 1.0)]) == {}
    assert fuse([Ranked([3, 1], [-0.1, -0.5], 1.0)]) == {1: 0.0, 3: 0.0}
