"""Run one side of the comparison in a process of its own, and measure it there.

    python -m benchmarks.recipe ingest CORPUS HOME
    python -m benchmarks.recipe ask HOME QUESTIONS
    python -m benchmarks.recipe judge HOME JUDGED

Each prints one JSON object. Imports are not timed, and the clock of Chroma runs inside its calls alone, on both sides
alike.
"""

import argparse
import functools
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, Protocol

from chromadb import Collection
from chromadb.api.client import Client

SHOWN = 20  # passages that a timed question asks for
JUDGED = 100  # passages that a judged question asks for
_WARMING = 5  # questions before the clock starts

Ask = Callable[[str, int], Sequence[int]]  # question, how many passages → the ids of their articles, best first


class Side(Protocol):
    """What is compared."""

    def ingest(self, corpus: Path, home: Path) -> int:
        """Index the corpus in `home`, which an earlier call may have filled; return the number of passages."""

    def open(self, home: Path) -> Ask:
        """Open what `ingest` wrote."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest took."""

    passages: int
    seconds: float
    chroma_seconds: float  # of them, inside chromadb
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking took."""

    questions: int
    open_seconds: float
    median_ms: float
    p95_ms: float
    chroma_ms: float  # of a mean question, inside chromadb
    peak_mib: float


class ChromaClock:
    """Adds up the seconds inside chromadb, whoever calls it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = False
        for owner, names in (
            (Client, ("__init__", "create_collection", "get_collection", "get_or_create_collection", "close")),
            (Collection, ("add", "upsert", "query", "get", "count")),
        ):
            for name in names:
                setattr(owner, name, self._timed(getattr(owner, name)))

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def timed(*args: Any, **options: Any) -> Any:
            if self._inside:
                return method(*args, **options)
            self._inside = True
            start = time.perf_counter()
            try:
                return method(*args, **options)
            finally:
                self.seconds += time.perf_counter() - start
                self._inside = False

        return timed


def run(side: Side) -> None:
    """Do what the command line says and print what it took."""
    parser = argparse.ArgumentParser()
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("ingest")
    step.add_argument("corpus", type=Path)
    step.add_argument("home", type=Path)
    step = steps.add_parser("ask")
    step.add_argument("home", type=Path)
    step.add_argument("questions", type=Path, help="a JSON list")
    step = steps.add_parser("judge")
    step.add_argument("home", type=Path)
    step.add_argument("judged", type=Path, help="JSONL with question and gold, the ids of the articles that answer it")
    options = parser.parse_args()
    clock = ChromaClock()
    if options.step == "ingest":
        figures = asdict(_ingested(side, clock, options.corpus, options.home))
    elif options.step == "ask":
        figures = asdict(_asked(side, clock, options.home, json.loads(options.questions.read_text("utf8"))))
    else:
        figures = _judged(side.open(options.home), options.judged)
    print(json.dumps(figures))


def _ingested(side: Side, clock: ChromaClock, corpus: Path, home: Path) -> Ingested:
    start = time.perf_counter()
    passages = side.ingest(corpus, home)
    return Ingested(passages, time.perf_counter() - start, clock.seconds, _peak_mib())


def _asked(side: Side, clock: ChromaClock, home: Path, questions: Sequence[str]) -> Asked:
    start = time.perf_counter()
    ask = side.open(home)
    opened = time.perf_counter() - start
    for question in questions[:_WARMING]:
        ask(question, SHOWN)
    before = clock.seconds
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question, SHOWN)
        times.append((time.perf_counter() - start) * 1000)
    return Asked(
        questions=len(times),
        open_seconds=opened,
        median_ms=median(times),
        p95_ms=quantiles(times, n=20)[-1],
        chroma_ms=(clock.seconds - before) * 1000 / len(times),
        peak_mib=_peak_mib(),
    )


def _judged(ask: Ask, judged: Path) -> dict[str, float]:
    """Return the usual recall and reciprocal rank; an article found in several passages counts once."""
    recall10, recall100, reciprocal = [], [], []
    for row in map(json.loads, judged.read_text("utf8").splitlines()):
        gold = set(row["gold"])
        found = list(dict.fromkeys(ask(row["question"], JUDGED)))
        recall10.append(len(gold.intersection(found[:10])) / len(gold))
        recall100.append(len(gold.intersection(found[:100])) / len(gold))
        reciprocal.append(next((1 / rank for rank, article in enumerate(found[:10], 1) if article in gold), 0.0))
    return {"recall@10": mean(recall10), "recall@100": mean(recall100), "mrr@10": mean(reciprocal)}


def _peak_mib() -> float:
    """Return the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, but bytes on macOS
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
