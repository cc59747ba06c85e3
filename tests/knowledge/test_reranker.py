import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.model import DocumentKind, Passage, ScoredPassage, Scores
from knowledge.reranker import RERANKED, CrossEncoderReranker, Reranker, RerankerError, open_reranker, reranked
from knowledge.words import indexed_text
from tests.models import cross_encoder

KNOWN = "一二三四五六七八九十工资怎么办年休假几天"
QUESTION = "年休假几天"
TEXTS = ["休假", "工资怎么办", "工资怎么办" * 300, "", "囧", "\n"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("rerankers") / "small", KNOWN)


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    opened = open_reranker(str(folder))
    assert opened is not None
    return opened


def found(*texts: str) -> list[ScoredPassage]:
    """Return passages of these texts as a search gives them, each scored lower than the one before."""
    return [
        ScoredPassage(
            Passage("a.md", "休假", text, 0, len(text), DocumentKind.GUIDE), 1 - place / 100, Scores(keyword=place)
        )
        for place, text in enumerate(texts)
    ]


def many() -> list[ScoredPassage]:
    return found(*(KNOWN[place % 10] * (1 + place) for place in range(RERANKED + 5)))


def test_the_grades_are_those_that_sentence_transformers_gives_each_passage_alone(
    folder: Path, reranker: Reranker
) -> None:
    from sentence_transformers import CrossEncoder

    theirs = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    grades = reranker.rerank(QUESTION, TEXTS)
    assert grades.dtype == np.float32
    assert grades.shape == (len(TEXTS),)
    np.testing.assert_allclose(grades, [theirs.predict((QUESTION, text)) for text in TEXTS], atol=1e-5)
    assert np.ptp(grades) > 0.01
    assert not np.allclose(grades, reranker.rerank("工资怎么办", TEXTS), atol=1e-3)
    assert reranker.rerank(QUESTION, []).shape == (0,)


def test_the_first_passages_are_put_in_the_order_of_their_grades_and_the_rest_stay(reranker: Reranker) -> None:
    before = many()
    after = reranked(reranker, QUESTION, before)
    grades = reranker.rerank(QUESTION, [indexed_text(one.passage) for one in before[:RERANKED]])
    order = [one.scores.keyword for one in after]
    assert order[:RERANKED] == np.argsort(-grades).tolist() != list(range(RERANKED))
    assert after[RERANKED:] == before[RERANKED:]
    assert sorted(one.passage.id for one in after) == sorted(one.passage.id for one in before)


def test_each_place_keeps_its_score_and_says_that_it_was_read_again(reranker: Reranker) -> None:
    before = many()
    after = reranked(reranker, QUESTION, before)
    assert [one.score for one in after] == [one.score for one in before]
    assert [one.scores.rerank for one in after] == [*range(RERANKED), *[None] * 5]
    assert reranked(reranker, QUESTION, []) == []


def test_passages_of_one_grade_stay_in_the_order_of_the_search(reranker: Reranker) -> None:
    after = reranked(reranker, QUESTION, found("休假", "工资", "休假", "休假"))
    alike = [one.scores.keyword for one in after if one.passage.text == "休假"]
    assert alike == [0, 2, 3]


def test_several_may_ask_at_once(reranker: Reranker) -> None:
    asked = [text * times for times in range(1, 4) for text in ("工资", "休假", "几天")]
    alone = [reranker.rerank(question, TEXTS) for question in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: reranker.rerank(question, TEXTS), asked))
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_without_a_model_there_is_none_and_nothing_big_is_imported() -> None:
    code = (
        "import sys; from knowledge.reranker import open_reranker; import knowledge.searcher;"
        "print(open_reranker(), [name for name in ('torch', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None []"


@pytest.mark.parametrize("labels", [None, 3])
def test_a_model_that_gives_a_pair_no_single_score_is_refused_with_what_to_do(
    tmp_path: Path, labels: int | None
) -> None:
    model = cross_encoder(tmp_path / "other", KNOWN, labels=labels)
    with pytest.raises(RerankerError, match="no single score: set RERANKER_MODEL to a CrossEncoder"):
        CrossEncoderReranker(str(model))


def test_a_folder_without_a_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RerankerError, match="cannot be opened: set RERANKER_MODEL"):
        CrossEncoderReranker(str(tmp_path))
