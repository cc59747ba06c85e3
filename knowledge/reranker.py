"""Read question and passage together, the most exact and the dearest look at what was found; none unless configured."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import NiangjiaError
from knowledge.model import ScoredPassage
from knowledge.words import indexed_text

RERANKED = 20  # passages that are read again

Grades = NDArray[np.float32]


class RerankerError(NiangjiaError):
    """Say which model cannot be opened and what to do."""


class Reranker(Protocol):
    """Grade passages by how well each answers a question."""

    def rerank(self, query: str, passages: Sequence[str]) -> Grades:
        """Return float32[len(passages)], higher is better, comparable within one call only."""


def open_reranker(model: str | None = None) -> Reranker | None:
    """Open the sentence-transformers CrossEncoder of that name or path; without a model there is none.

    Raises RerankerError where there is no such model, or one that was not made to grade pairs.
    """
    return None if model is None else CrossEncoderReranker(model)


def reranked(reranker: Reranker, query: str, found: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Return what was found, the first `RERANKED` in the order of the reranker and the rest as they were.

    A grade is on no scale that we know, so each place keeps its score: what is calibrated by scores goes on to hold.
    """
    head = found[:RERANKED]
    grades = reranker.rerank(query, [indexed_text(one.passage) for one in head])
    order = np.argsort(-grades, kind="stable").tolist()
    return [
        replace(head[old], score=head[place].score, scores=replace(head[old].scores, rerank=place))
        for place, old in enumerate(order)
    ] + list(found[RERANKED:])


class CrossEncoderReranker:
    """Serve any sentence-transformers CrossEncoder that gives a pair one score, on the processor, from any thread."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import CrossEncoder  # late: seconds and 400 MB

        folder = Path(model).expanduser()
        local = folder.is_dir()
        try:
            self._model = CrossEncoder(str(folder) if local else model, device="cpu", local_files_only=local)
        except Exception as error:  # each kind of model raises its own
            raise RerankerError(
                f"The reranker {model!r} cannot be opened: "
                "set RERANKER_MODEL to a sentence-transformers CrossEncoder or its folder, or leave it empty."
            ) from error
        # An embedding model would be given a head of random numbers, with no more than a warning.
        architectures = self._model.config.architectures or ()
        trained = len(self._model) > 1 or any(name.endswith("ForSequenceClassification") for name in architectures)
        if not trained or self._model.num_labels != 1:
            raise RerankerError(
                f"The model {model!r} gives a question and a passage no single score: "
                "set RERANKER_MODEL to a CrossEncoder made for reranking, or leave it empty."
            )
        self._turn = Lock()  # a batch takes every core, so two at once would only both be late

    def rerank(self, query: str, passages: Sequence[str]) -> Grades:
        """Return float32[len(passages)], read in one batch; what is too long for the model is cut at its end."""
        if not passages:
            return np.zeros(0, np.float32)
        pairs = [(query, passage) for passage in passages]
        with self._turn:
            grades = self._model.predict(pairs, batch_size=len(pairs), show_progress_bar=False)
        return np.asarray(grades, np.float32)
