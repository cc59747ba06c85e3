from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.evaluation import DEEP, SHALLOW, Figures, Holdings, depth, luck, outcome
from knowledge.generation import Generation, Generations
from knowledge.model import DocumentKind, Passage, ScoredPassage
from knowledge.question_set import Gold, Places, Question, Quote, Records
from tests.fakes import HashingEmbedder
from tests.library import index, write

THIRD = Places(frozenset({("劳动法", "第三条")}), "劳动法 第三条")


def asked(gold: Gold | None = THIRD) -> Question:
    return Question("1", ("几天",), gold)


def found(*articles: str, **fields: Any) -> list[ScoredPassage]:
    return [
        ScoredPassage(Passage("a.md", "t", "文", 0, 1, DocumentKind.STATUTE, law="劳动法", article=a, **fields), 1.0)
        for a in articles
    ]


def records(*ids: int) -> list[ScoredPassage]:
    return [ScoredPassage(Passage("a.jsonl", "t", "文", 0, 1, DocumentKind.RECORD, record=id), 1.0) for id in ids]


def test_the_rank_is_that_of_the_first_find() -> None:
    one = outcome(asked(), found("第一条", "第三条", "第三条"), 2.0)
    assert (one.rank, one.hit(1), one.hit(3)) == (1, False, True)
    assert one.expected == "劳动法 第三条"
    assert one.found[0] == "劳动法 第一条: 文"
    assert outcome(asked(), found("第一条"), 2.0).rank is None


def test_a_record_split_into_passages_counts_once_and_recall_is_the_share_found() -> None:
    gold = Records(frozenset({11, 99}), "11, 99")
    one = outcome(asked(gold), records(1, 1, 1, 11, *range(20, 40)), 1.0)
    assert (one.rank, one.recall) == (1, (0.5, 0.5))
    late = outcome(asked(gold), records(*range(20, 31), 99, 11), 1.0)
    assert (late.rank, late.recall) == (11, (0.0, 1.0))


def test_figures_are_shares_of_the_questions_that_something_answers() -> None:
    outcomes = [
        outcome(asked(), found("第三条"), 1.0),
        outcome(asked(), found("第一条", "第二条", "第三条"), 2.0),
        outcome(asked(), found("第一条"), 3.0, absent=True),
        outcome(asked(None), found("第三条"), 4.0),
    ]
    figures = Figures.of(outcomes)
    assert (figures.questions, figures.absent) == (3, 1)
    assert figures.hits == pytest.approx({1: 1 / 3, 3: 2 / 3, 5: 2 / 3, 10: 2 / 3})
    assert figures.mrr == pytest.approx((1 + 1 / 3) / 3)
    assert figures.recall == {10: None, 100: None}
    assert figures.median_ms == 2.5
    assert 3.5 < figures.p95_ms <= 4.0


def test_a_find_past_the_tenth_passage_is_nothing_to_the_reciprocal_rank() -> None:
    far = outcome(asked(), found(*["第一条"] * 10, "第三条"), 1.0)
    assert (far.rank, Figures.of([far]).mrr) == (10, 0)


def test_a_set_that_nothing_answers_has_no_shares() -> None:
    figures = Figures.of([outcome(asked(None), found("第三条"), 5.0)])
    assert (figures.questions, figures.hits[5], figures.mrr, figures.median_ms) == (0, None, None, 5.0)


def test_records_need_a_deeper_search() -> None:
    assert depth([asked(None), asked()]) == SHALLOW
    assert depth([asked(), replace(asked(), gold=Records(frozenset({1}), "1"))]) == DEEP


@pytest.mark.parametrize(("won", "lost", "chance"), [(0, 5, 1 / 32), (0, 0, 1), (1, 2, 0.5), (5, 0, 1)])
def test_luck_is_the_chance_of_a_fair_coin(won: int, lost: int, chance: float) -> None:
    assert luck(won, lost) == pytest.approx(chance)


@pytest.fixture
def generation(tmp_path: Path) -> Iterator[Generation]:
    record = '{"id": 7, "title": "记录", "text": "第七条 记录的正文在这里。"}\n'
    folder = write(tmp_path / "lib")
    (folder / "records.jsonl").write_text(record, "utf8")
    embedder = HashingEmbedder()
    index(tmp_path / "home", folder, embedder)
    opened = Generations(tmp_path / "home").open(embedder)
    yield opened
    opened.close()


def test_holdings_tell_what_a_generation_has(generation: Generation) -> None:
    holdings = Holdings(generation)
    has: dict[str, Gold] = {
        "article": Places(frozenset({("带薪年休假条例", "第二条")}), ""),
        "section": Places(frozenset({("高温津贴", "怎么领")}), ""),
        "record": Records(frozenset({7, 8}), ""),
        "quote": Quote("guides/驿站.md", "车城路各有一座,全天开放", ""),
        "most of a quote": Quote("guides/驿站.md", "车城路各有一座,全年无休", ""),
    }
    lacks: dict[str, Gold] = {
        "article": Places(frozenset({("带薪年休假条例", "第九条")}), ""),
        "section": Places(frozenset({("高温津贴", "谁发")}), ""),
        "record": Records(frozenset({8}), ""),
        "file": Quote("guides/清凉.md", "全天开放", ""),
        "quote": Quote("guides/驿站.md", "半夜也开放", ""),
    }
    assert [name for name, gold in has.items() if not holdings.where(gold)] == []
    assert [name for name, gold in lacks.items() if holdings.where(gold)] == []


def test_holdings_of_some_sources_know_nothing_of_the_others(generation: Generation) -> None:
    holdings = Holdings(generation, {"lib/guides/驿站.md"})
    assert holdings.where(Places(frozenset({("工会驿站", "在哪里")}), "")) == {"lib/guides/驿站.md"}
    assert holdings.where(Places(frozenset({("高温津贴", "怎么领")}), "")) == set()
    assert holdings.where(Quote("guides/高温.md", "六月到九月", "")) == set()
    assert Holdings(generation, ()).where(Records(frozenset({7}), "")) == set()
