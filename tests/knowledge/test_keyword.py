from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest

from knowledge.keyword import K1, B, Hits, KeywordIndex, Mask, best
from knowledge.words import MEANT, asked_terms

TEXTS = [
    "用人单位拖欠工资的，劳动者可以投诉",
    "职工享受带薪年休假，年休假期间工资照发",
    "申请法律援助，应当提交身份证明",
    "",
    "工资 工资 工资 ABC 12351",
]


@pytest.fixture
def index() -> KeywordIndex:
    return KeywordIndex.build(TEXTS)


def search(
    index: KeywordIndex, question: str, limit: int, admitted: Mask | None = None, meant: Sequence[str] = ()
) -> Hits:
    return best(index.scores(*asked_terms(question, meant), admitted), limit)


def test_the_text_that_shares_most_with_the_question_comes_first(index: KeywordIndex) -> None:
    assert search(index, "年休假有工资吗", 5).rows[0] == 1
    assert search(index, "打12351", 5).rows.tolist() == [4]


def test_scores_are_those_of_bm25s_itself(index: KeywordIndex) -> None:
    grams = [
        [*text, *(text[i : i + 2] for i in range(len(text) - 1))] for text in ("拖欠工资", "年休假工资", "法律援助")
    ]
    reference = bm25s.BM25(method="lucene", k1=K1, b=B)
    reference.index(grams, show_progress=False)
    ours = search(KeywordIndex.build(["拖欠工资", "年休假工资", "法律援助"]), "工资", 3)
    expected = reference.get_scores(["工", "资", "工资"])
    assert dict(zip(ours.rows.tolist(), ours.scores.tolist(), strict=True)) == pytest.approx(
        {row: score for row, score in enumerate(expected.tolist()) if score}, rel=1e-5
    )


def test_what_shares_no_term_is_not_found(index: KeywordIndex) -> None:
    assert len(search(index, "xyz", 5).rows) == 0
    assert len(search(index, "", 5).rows) == 0
    assert 2 not in search(index, "工资", 5).rows


def test_what_is_only_meant_is_found_too_and_counts_less(index: KeywordIndex) -> None:
    meant = search(index, "xyz", 5, meant=["法律援助"])
    said = search(index, "法律援助", 5)
    assert meant.rows.tolist() == said.rows.tolist()
    assert meant.scores.tolist() == pytest.approx([MEANT * score for score in said.scores.tolist()])
    assert search(index, "工资", 5, meant=["工资"]).scores.tolist() == search(index, "工资", 5).scores.tolist()


def test_a_mask_holds_before_the_ranking(index: KeywordIndex) -> None:
    admitted = np.array([True, False, True, True, False])
    assert search(index, "年休假工资", 1, admitted).rows.tolist() == [0]


def test_an_index_reads_the_same_after_saving(index: KeywordIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "keyword")
    loaded = KeywordIndex.load(tmp_path / "keyword", len(TEXTS))
    assert search(loaded, "拖欠工资", 5).rows.tolist() == search(index, "拖欠工资", 5).rows.tolist()
    assert search(loaded, "拖欠工资", 5).scores.tolist() == search(index, "拖欠工资", 5).scores.tolist()


def test_a_row_with_several_questions_scores_as_its_best_one(tmp_path: Path) -> None:
    questions = KeywordIndex.build(["老板不发工资", "年休假几天", "工资拖着不给怎么办"], owners=[7, 3, 7], rows=10)
    questions.save(tmp_path / "questions")
    found = search(KeywordIndex.load(tmp_path / "questions", 10), "工资不给", 5)
    assert found.rows.tolist() == [7]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    KeywordIndex.build([], owners=[], rows=4).save(tmp_path / "empty")
    assert len(search(KeywordIndex.load(tmp_path / "empty", 4), "工资", 5).rows) == 0


def test_texts_of_several_batches_are_one_index(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = search(KeywordIndex.build(TEXTS), "工资", 5)
    monkeypatch.setattr("knowledge.keyword._BATCH", 2)
    parts = search(KeywordIndex.build(TEXTS), "工资", 5)
    assert parts.rows.tolist() == whole.rows.tolist()
    assert parts.scores.tolist() == pytest.approx(whole.scores.tolist())
