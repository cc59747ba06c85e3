"""Find the passages that answer a question: by words, by meaning, and by the questions they are known to answer."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date

from knowledge.embedder import Embedder
from knowledge.fusion import Ranked, fuse
from knowledge.generation import Generation
from knowledge.keyword import Hits
from knowledge.model import ScoredPassage, Scores
from knowledge.regions import Regions

DEPTH = 200  # rows taken from each list before they are merged
KEYWORD_WEIGHT = 0.6
DENSE_WEIGHT = 0.4
QUESTION_WEIGHT = 0.5
REGION_WEIGHT = 0.15  # for a passage of the region that the question names, and against one of another region

_DENIED = re.compile(r"(?:不是|不在|不属于|除了|别管)[^，。；？！,.;?!\s]*")  # 不是十堰的 names no place to look in

Provider = Callable[[], AbstractContextManager[Generation]]


class Searcher:
    """Search the serving generation; `HybridRetriever` shows the same to LangChain."""

    def __init__(
        self, generation: Provider, embedder: Embedder, regions: Regions, today: Callable[[], date] = date.today
    ) -> None:
        """`generation` lends a generation for one search, such as `LiveGeneration.use`."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions
        self._today = today

    def search(
        self, query: str, *, region: str | None = None, as_of: date | None = None, limit: int = 20
    ) -> list[ScoredPassage]:
        """Return the best passages, best first: in force on `as_of` (today if None), and admitted in `region`."""
        depth = max(DEPTH, limit)
        with self._generation() as generation:
            admitted = generation.admitted(as_of or self._today(), region, self._regions.admits)
            keyword = generation.keyword.search(query, depth, admitted)
            questions = generation.questions.search(query, depth, admitted)
            dense = generation.dense(self._embedder.embed_query(query), depth, admitted)
            fused = fuse(
                [
                    Ranked(keyword.rows.tolist(), keyword.scores.tolist(), KEYWORD_WEIGHT),
                    Ranked(questions.rows.tolist(), questions.scores.tolist(), QUESTION_WEIGHT),
                    Ranked(dense.rows.tolist(), dense.scores.tolist(), DENSE_WEIGHT),
                ]
            )
            ranked = self._place(query, fused, generation)[:limit]
            passages = generation.passages([row for row, _ in ranked])
        keyword_rank, question_rank, dense_rank = (_ranks(hits) for hits in (keyword, questions, dense))
        return [
            ScoredPassage(
                passage,
                score,
                Scores(
                    keyword=keyword_rank.get(row),
                    dense=dense_rank.get(row),
                    question=question_rank.get(row),
                    cosine=float(dense.scores[dense_rank[row]]) if row in dense_rank else None,
                    bm25=float(keyword.scores[keyword_rank[row]]) if row in keyword_rank else None,
                ),
            )
            for passage, (row, score) in zip(passages, ranked, strict=True)
        ]

    def _place(self, query: str, fused: Mapping[int, float], generation: Generation) -> list[tuple[int, float]]:
        """Return rows and scores, best first, with the region that the question names preferred to other regions."""
        named = self._regions.mentioned(_DENIED.sub("", query))
        if not named:
            return list(fused.items())

        def nearness(row: int) -> float:
            regions = generation.regions(row)
            if not regions:
                return 0.0
            return REGION_WEIGHT if any(self._regions.admits(region, regions) for region in named) else -REGION_WEIGHT

        return sorted(((row, score + nearness(row)) for row, score in fused.items()), key=lambda item: -item[1])


def _ranks(hits: Hits) -> dict[int, int]:
    return {row: rank for rank, row in enumerate(hits.rows.tolist())}
