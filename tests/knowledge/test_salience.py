from pathlib import Path

import numpy as np
import pytest

from knowledge.salience import Salience, load_salience
from knowledge.words import Codes, Weights, question_terms

RARITY = 3.0


def factor(salience: Salience, word: str) -> float:
    """Return what a pair of characters counts, BM25's own weight being 1."""
    codes = question_terms(word)[-1:]
    return float(salience.factors(codes, np.array([RARITY], np.float32))[0])


def learnt(counts: dict[str, tuple[int, int]]) -> Salience:
    codes: Codes = np.array([question_terms(word)[-1] for word in counts], np.uint64)
    order = np.argsort(codes)
    asked, held = np.array(list(counts.values()), np.float64)[order].T
    return Salience.of_counts(codes[order], asked, held)


def test_a_word_that_answers_hold_counts_more_than_one_that_they_leave_out() -> None:
    salience = learnt({"工伤": (100, 95), "老板": (100, 3)})
    assert factor(salience, "工伤") > 1 > factor(salience, "老板") >= 0


def test_a_word_of_which_little_is_known_counts_as_it_is() -> None:
    salience = learnt({"驿站": (1, 0)})
    assert factor(salience, "书屋") == 1
    assert factor(salience, "驿站") == pytest.approx(1, abs=0.05)
    assert factor(Salience.of_nothing(), "驿站") == 1


def test_a_common_word_is_never_held_against_a_passage() -> None:
    codes = question_terms("老板")[-1:]
    rarity: Weights = np.array([0.0], np.float32)
    assert learnt({"老板": (1000, 0)}).factors(codes, rarity).tolist() == [0]


def test_what_was_learnt_reads_the_same_after_saving(tmp_path: Path) -> None:
    salience = learnt({"工伤": (100, 95), "老板": (100, 3)})
    salience.save(tmp_path / "salience.npz")
    loaded = load_salience(tmp_path / "salience.npz")
    assert [factor(loaded, word) for word in ("工伤", "老板")] == pytest.approx(
        [factor(salience, word) for word in ("工伤", "老板")], rel=1e-3
    )


def test_the_shipped_one_knows_what_workers_say_and_the_law_does_not() -> None:
    shipped = load_salience()
    assert factor(shipped, "仲裁") > 1 > factor(shipped, "老板")
