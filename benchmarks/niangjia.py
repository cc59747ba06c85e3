"""Niangjia's own search, as it ships; see `benchmarks/measure.py`."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from benchmarks import measure
from ingest.pipeline import ingest
from ingest.sources import Sources
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from knowledge.regions import load_regions
from knowledge.searcher import Searcher


class Niangjia:
    """What `niangjia ingest` and the search behind `niangjia ask` do."""

    def ingest(self, corpus: Path, home: Path) -> int:
        """Build a generation of the corpus, unless the serving one was made of the same."""
        sources = Sources(home)
        sources.replace([corpus])
        return ingest(sources, Generations(home), open_embedder()).passages

    def open(self, home: Path) -> measure.Ask:
        """Open the serving generation."""
        embedder = open_embedder()
        generation = Generations(home).open(embedder)
        searcher = Searcher(lambda: nullcontext(generation), embedder, load_regions())

        def ask(question: str, limit: int) -> Sequence[int]:
            found = searcher.search(question, limit=limit)
            return [one.passage.record for one in found if isinstance(one.passage.record, int)]

        return ask


if __name__ == "__main__":
    measure.run(Niangjia())
