from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.generation import Generation, Generations
from knowledge.lexicon import Entry, Kind, Lexicon
from knowledge.numerals import to_chinese
from knowledge.regions import load_regions
from knowledge.reranker import Grades
from knowledge.retriever import HybridRetriever
from knowledge.searcher import BROAD, Balance, Searcher
from tests.fakes import HashingEmbedder
from tests.library import DOCUMENTS, index, write

TODAY = date(2026, 1, 1)
OLD = """# 信访条例

2005年1月10日 公布

第一条 信访人到指定场所反映年休假问题。

第二条 信访人提出年休假请求。

第三条 信访人应当如实反映情况。
"""
CASE = """# 年休假案例

## 基本案情

张某累计工作已满一年不满十年，年休假五天未休。

## 裁判结果

支付年休假五天的工资。
"""
ELSEWHERE = (
    "---\ntitle: 工会驿站\nregions: [随州]\n---\n\n# 工会驿站\n\n## 在哪里\n\n人民路和车站各有一座，全天开放。\n"
)
BANKED = """---
title: 送清凉
questions:
  谁送: [大热天能领绿豆汤吗]
---

# 送清凉

## 谁送

工会在三伏天到工地慰问。
"""


@pytest.fixture
def generation(tmp_path: Path) -> Iterator[Generation]:
    embedder = HashingEmbedder()
    more = {"laws/信访条例(2005-01-10).md": OLD, "guides/随州.md": ELSEWHERE, "guides/清凉.md": BANKED}
    index(tmp_path / "home", write(tmp_path / "lib", DOCUMENTS | more), embedder)
    opened = Generations(tmp_path / "home").open(embedder)
    yield opened
    opened.close()


@pytest.fixture
def searcher(generation: Generation) -> Searcher:
    return Searcher(lambda: nullcontext(generation), HashingEmbedder(), load_regions(), today=lambda: TODAY)


def test_the_article_that_answers_comes_first_with_its_reasons(searcher: Searcher) -> None:
    best = searcher.search("工作三年，年休假几天")[0]
    assert best.passage.article == "第二条"
    assert best.scores.keyword == 0
    assert best.scores.bm25 is not None
    assert best.scores.cosine is not None


def test_scores_fall_and_the_limit_holds(searcher: Searcher) -> None:
    found = searcher.search("年休假", limit=3)
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_replaced_act_is_found_only_as_of_its_time(searcher: Searcher) -> None:
    assert not any(one.passage.law == "信访条例" for one in searcher.search("年休假 信访人"))
    then = searcher.search("年休假 信访人", as_of=date(2010, 1, 1))
    assert then[0].passage.law == "信访条例"


def test_another_region_s_passage_is_never_given(searcher: Searcher) -> None:
    found = searcher.search("工会驿站在哪里", region="随州")
    assert found[0].passage.regions == ("随州",)
    assert not any("十堰" in one.passage.regions for one in found)


def test_a_region_named_in_the_question_goes_first_but_hides_nothing(searcher: Searcher) -> None:
    for region in ("随州", "十堰"):
        found = searcher.search(f"{region}的工会驿站在哪里")
        assert found[0].passage.regions == (region,)
        assert {one.passage.regions for one in found} >= {("随州",), ("十堰",)}


def test_a_region_that_the_question_denies_is_not_preferred(searcher: Searcher) -> None:
    asked, denied = (
        {one.passage.id: one.score for one in searcher.search(words) if one.passage.regions == ("十堰",)}
        for words in ("十堰驿站", "不是十堰，驿站")
    )
    assert all(denied[passage] < score for passage, score in asked.items())


def test_a_known_question_leads_to_the_passage_that_answers_it(searcher: Searcher) -> None:
    best = searcher.search("大热天能领绿豆汤吗")[0]
    assert best.passage.title == "送清凉"
    assert best.scores.question == 0


def test_what_a_worker_s_word_means_is_searched_for_and_a_slip_is_put_right(generation: Generation) -> None:
    entries = [Entry("打盹", ("歇脚喝水",), "休息", Kind.DIALECT), Entry("译栈", ("驿站",), "错别字", Kind.TYPO)]

    def by_words(question: str, entries: list[Entry]) -> set[str]:
        embedder = HashingEmbedder()
        searcher = Searcher(lambda: nullcontext(generation), embedder, load_regions(), lambda: TODAY, Lexicon(entries))
        return {one.passage.title for one in searcher.search(question) if one.scores.keyword is not None}

    for word in ("打盹", "译栈"):
        assert by_words(word, []) == set()
        assert by_words(word, entries) == {"工会驿站"}


class Reversing:
    """Prefers what the search puts last, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def rerank(self, query: str, passages: Sequence[str]) -> Grades:
        self.asked.append((query, list(passages)))
        return np.arange(len(passages), dtype=np.float32)


def test_a_reranker_reads_the_question_put_right_with_headings_and_decides_what_is_shown(
    generation: Generation, searcher: Searcher
) -> None:
    reranker = Reversing()
    lexicon = Lexicon([Entry("年休价", ("年休假",), "错别字", Kind.TYPO)])
    again = Searcher(
        lambda: nullcontext(generation),
        HashingEmbedder(),
        load_regions(),
        lambda: TODAY,
        lexicon,
        reranker=reranker,
    )
    before, after = searcher.search("年休假几天"), again.search("年休价几天", limit=3)
    assert len(before) > 3
    assert [one.passage.id for one in after] == [one.passage.id for one in before[:-4:-1]]
    assert [one.scores.rerank for one in after] == [0, 1, 2]
    [(question, texts)] = reranker.asked
    assert question == "年休假几天"
    assert len(texts) == len(before)
    assert any(text.startswith("带薪年休假条例\n") for text in texts)
    assert again.search("？？？") == []


def test_of_two_acts_that_say_the_same_the_one_that_governs_more_goes_first(tmp_path: Path) -> None:
    others = "".join(f"第{to_chinese(number)}条 第{number}种民事活动照本编办。\n\n" for number in range(1, 3 * BROAD))
    acts = {
        "laws/借物规定.md": "# 借物规定\n\n第一条 弄坏别人东西的，应当赔偿。\n\n第二条 保管。\n\n第三条 借用。\n",
        "laws/法典.md": f"# 法典\n\n{others}第{to_chinese(3 * BROAD)}条 弄坏别人东西的，应当赔偿。\n",
    }
    embedder = HashingEmbedder()
    index(tmp_path / "home", write(tmp_path / "lib", acts), embedder)

    def first(opened: Generation, balance: Balance) -> str | None:
        searcher = Searcher(lambda: nullcontext(opened), embedder, load_regions(), balance=balance)
        return searcher.search("弄坏别人东西的要赔偿吗")[0].passage.law

    with closing(Generations(tmp_path / "home").open(embedder)) as opened:
        assert first(opened, Balance(breadth=0)) == "借物规定"
        assert first(opened, Balance()) == "法典"


def test_a_question_without_any_word_finds_nothing(searcher: Searcher) -> None:
    assert searcher.search("？？？") == []


def test_langchain_gets_documents_with_their_way_back(searcher: Searcher, generation: Generation) -> None:
    retriever = HybridRetriever(searcher=searcher, limit=2)
    documents = retriever.invoke("工作三年，年休假几天")
    assert len(documents) == 2
    best = documents[0]
    source = generation.document(best.metadata["source"])
    assert source is not None
    assert source.text[best.metadata["start"] : best.metadata["end"]] == best.page_content
    assert (best.metadata["law"], best.metadata["article"]) == ("带薪年休假条例", "第二条")
    assert [one.passage.id for one in retriever.search("工作三年，年休假几天")] == [one.id for one in documents]
    assert retriever.search("年休假 信访人", as_of=date(2010, 1, 1))[0].passage.law == "信访条例"
