"""The recipe that a LangChain user would write for hybrid search, with Niangjia's encoder; see `benchmarks/measure.py`.

Kinder than most: the word index is pickled, or each start would cut the whole corpus into words again.
"""

import gzip
import json
import pickle
from collections.abc import Sequence
from pathlib import Path

import jieba
import sentence_transformers  # noqa: F401 - langchain-huggingface imports it late, and imports are not timed
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks import measure
from knowledge.embedder import BUILT_IN


class Recipe:
    """RecursiveCharacterTextSplitter, Chroma, BM25Retriever over jieba's words, and EnsembleRetriever."""

    def ingest(self, corpus: Path, home: Path) -> int:
        """Index every article; a second call does it all again, the ids being the same."""
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=500, chunk_overlap=50, separators=["\n\n", "\n", "。", "；", "，", ""]
        )
        with gzip.open(corpus, "rt", encoding="utf8") as lines:
            rows = [json.loads(line) for line in lines]
        documents = splitter.split_documents(
            [Document(f"{row['law']} {row['article']} {row['text']}", metadata={"record": row["id"]}) for row in rows]
        )
        Chroma.from_documents(
            documents,
            _embeddings(),
            ids=[str(number) for number in range(len(documents))],
            persist_directory=str(home / "chroma"),
            collection_metadata={"hnsw:space": "cosine"},
        )
        keyword = BM25Retriever.from_documents(documents, preprocess_func=words)
        with (home / "bm25.pickle").open("wb") as file:
            pickle.dump(keyword, file)
        return len(documents)

    def open(self, home: Path) -> measure.Ask:
        """Load the word index and open Chroma."""
        with (home / "bm25.pickle").open("rb") as file:
            keyword: BM25Retriever = pickle.load(file)
        store = Chroma(
            persist_directory=str(home / "chroma"),
            embedding_function=_embeddings(),
            collection_metadata={"hnsw:space": "cosine"},
        )
        dense = store.as_retriever()
        both = EnsembleRetriever(retrievers=[keyword, dense], weights=[0.5, 0.5])

        def ask(question: str, limit: int) -> Sequence[int]:
            keyword.k = limit
            dense.search_kwargs = {"k": limit}
            return [found.metadata["record"] for found in both.invoke(question)[:limit]]

        return ask


def words(text: str) -> list[str]:
    """Return the text in words; of the module, so that it can be pickled."""
    return list(jieba.lcut(text))


def _embeddings() -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(model_name=str(BUILT_IN), encode_kwargs={"normalize_embeddings": True})


if __name__ == "__main__":
    measure.run(Recipe())
