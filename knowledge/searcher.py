"""Find the passages that answer a question: by words, by meaning, and by the questions they are known to answer."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date

from knowledge.embedder import Embedder
from knowledge.filters import Filters, Standing
from knowledge.fusion import Ranked, fuse
from knowledge.generation import Generation
from knowledge.keyword import Hits
from knowledge.lexicon import Lexicon, load_lexicon
from knowledge.model import ScoredPassage, Scores
from knowledge.regions import Regions

DEPTH = 200  # rows taken from each list before they are merged
KEYWORD_WEIGHT = 0.6
DENSE_WEIGHT = 0.4
QUESTION_WEIGHT = 0.3  # on top of the words that the questions give their passages
REGION_WEIGHT = 0.15  # for a passage of the region that the question names, and against one of another region
# The rule goes before its application, and what a guide concludes before how it goes on.
STANDING = {Standing.LEAD: 1.1, Standing.PLAIN: 1.0, Standing.CASE: 0.75, Standing.FRAME: 0.6}

_DENIED = re.compile(r"(?:不是|不在|不属于|除了|别管)[^，。；？！,.;?!\s]*")  # 不是十堰的 names no place to look in

Provider = Callable[[], AbstractContextManager[Generation]]


class Searcher:
    """Search the serving generation; `HybridRetriever` shows the same to LangChain."""

    def __init__(
        self,
        generation: Provider,
        embedder: Embedder,
        regions: Regions,
        today: Callable[[], date] = date.today,
        lexicon: Lexicon | None = None,
    ) -> None:
        """`generation` lends a generation for one search, such as `LiveGeneration.use`; `lexicon` is ours if None."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions
        self._today = today
        self._lexicon = load_lexicon() if lexicon is None else lexicon

    def search(
        self, query: str, *, region: str | None = None, as_of: date | None = None, limit: int = 20
    ) -> list[ScoredPassage]:
        """Return the best passages, best first: in force on `as_of` (today if None), and admitted in `region`."""
        depth = max(DEPTH, limit)
        query = self._lexicon.corrected(query)
        with self._generation() as generation:
            admitted = generation.admitted(as_of or self._today(), region, self._regions.admits)
            # The words of the law help here only: the bank's questions are in workers' words, and vectors know both.
            keyword = generation.keyword.search(query, depth, admitted, self._lexicon.meanings(query))
            questions = generation.questions.search(query, depth, admitted)
            full = generation.questions.full_score(query)
            dense = generation.dense(self._embedder.embed_query(query), depth, admitted)
            fused = fuse(
                [
                    _list(keyword, KEYWORD_WEIGHT, depth),
                    # Held against the question itself: the bank's nearest question may still be far away.
                    _list(questions, QUESTION_WEIGHT, depth, full),
                    _list(dense, DENSE_WEIGHT, depth),
                ]
            )
            ranked = self._ranked(query, fused, generation.filters)[:limit]
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
                    asked=float(questions.scores[question_rank[row]]) / full if row in question_rank else None,
                ),
            )
            for passage, (row, score) in zip(passages, ranked, strict=True)
        ]

    def _ranked(self, query: str, fused: Mapping[int, float], filters: Filters) -> list[tuple[int, float]]:
        """Return rows and scores, best first, by what the rows are and by the region that the question names."""
        named = regions_asked(query, self._regions)

        def nearness(row: int) -> float:
            regions = filters.regions(row) if named else ()
            if not regions:
                return 0.0
            return REGION_WEIGHT if any(self._regions.admits(region, regions) for region in named) else -REGION_WEIGHT

        scored = [(row, score * STANDING[filters.standing(row)] + nearness(row)) for row, score in fused.items()]
        return sorted(scored, key=lambda item: -item[1])


def regions_asked(query: str, regions: Regions) -> tuple[str, ...]:
    """Return the ids of the regions that `query` asks about: those that it names and does not rule out."""
    return regions.mentioned(_DENIED.sub("", query))


def _list(hits: Hits, weight: float, depth: int, full: float | None = None) -> Ranked:
    return Ranked(hits.rows.tolist(), hits.scores.tolist(), weight, full, cut=len(hits.rows) >= depth)


def _ranks(hits: Hits) -> dict[int, int]:
    return {row: rank for rank, row in enumerate(hits.rows.tolist())}
