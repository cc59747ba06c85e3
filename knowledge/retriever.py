"""Show the search to LangChain, so that it drops into any chain; `Searcher` alone is quicker to import."""

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.model import ScoredPassage
from knowledge.searcher import Searcher


class HybridRetriever(BaseRetriever):
    """Find passages by words and by meaning, filtered by region and validity before they are ranked."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    region: str | None = None
    as_of: date | None = None
    limit: int = 20

    def search(
        self, query: str, *, region: str | None = None, as_of: date | None = None, limit: int | None = None
    ) -> list[ScoredPassage]:
        """Return the best passages, best first; what is not given is taken from the retriever's fields."""
        return self.searcher.search(
            query, region=region or self.region, as_of=as_of or self.as_of, limit=limit or self.limit
        )

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [_document(found) for found in self.search(query)]


def _document(found: ScoredPassage) -> LangChainDocument:
    passage = found.passage
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "source": passage.source,
            "title": passage.title,
            "path": list(passage.path),
            "law": passage.law,
            "article": passage.article,
            "record": passage.record,
            "start": passage.start,
            "end": passage.end,
            "issued": passage.issued.isoformat() if passage.issued else None,
            "regions": list(passage.regions),
            "score": found.score,
        },
    )
