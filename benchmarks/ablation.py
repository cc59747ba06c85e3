"""Measure what the lexicon and the question bank bring to retrieval, and print a Markdown table.

    python -m benchmarks.ablation --laws FOLDER --reports FOLDER

Indexes the acts in `--laws`, the unions' reports in `--reports` and the shipped documents, each with and without the
bank, and asks the questions of `knowledge/questions/validation`. The built-in encoder stays as it is in all rows,
although it was trained on the bank.
"""

import argparse
import json
import tempfile
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from ingest.pipeline import ingest
from ingest.sources import BUILTIN_FOLDER, Sources
from knowledge.bank import QUESTIONS, Bank, load_bank
from knowledge.embedder import Embedder, open_embedder
from knowledge.generation import Generation, Generations
from knowledge.lexicon import Lexicon, load_lexicon
from knowledge.model import Passage
from knowledge.regions import load_regions
from knowledge.searcher import Searcher

VALIDATION = QUESTIONS / "validation"
DEPTH = 5  # passages looked at
ENOUGH = 0.6  # share of a quote that a passage must hold in one run

Row = Mapping[str, Any]
Hit = Callable[[Row, Passage], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the validation questions, asked of an index of `folder`."""

    name: str
    folder: Path
    file: str
    hit: Hit


def main() -> None:
    """Index, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    folders = parser.parse_args()
    parts = [
        Part("law, acts ingested", folders.laws, "laws.jsonl", is_article),
        Part("law, shipped documents only", BUILTIN_FOLDER, "laws.jsonl", is_article),
        Part("documents, shipped documents only", BUILTIN_FOLDER, "documents.jsonl", is_section),
        Part("reports, reports ingested", folders.reports, "answerable-reports.jsonl", is_quoted),
    ]
    variants = {
        "neither": (Bank([]), Lexicon([])),
        "lexicon only": (Bank([]), load_lexicon()),
        "bank only": (load_bank(), Lexicon([])),
        "both": (load_bank(), load_lexicon()),
    }
    print(f"| question set | rows | {' | '.join(variants)} |")
    print(f"|---|---|{'---|' * len(variants)}")
    embedder, milliseconds = open_embedder(), dict.fromkeys(variants, 0.0)
    for part in parts:
        rows = [json.loads(line) for line in (VALIDATION / part.file).read_text("utf8").splitlines()]
        cells = []
        for name, (bank, lexicon) in variants.items():
            ranks, elapsed = ask(part, rows, bank, lexicon, embedder)
            cells.append(f"{np.mean(ranks < 1):.3f} / {np.mean(ranks < DEPTH):.3f}")
            milliseconds[name] += elapsed / len(parts)
        print(f"| {part.name} | {len(rows)} | {' | '.join(cells)} |", flush=True)
    print(f"| CPU ms a search | | {' | '.join(f'{value:.1f}' for value in milliseconds.values())} |")


def ask(
    part: Part, rows: Sequence[Row], bank: Bank, lexicon: Lexicon, embedder: Embedder
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], float]:
    """Return the rank of the first passage that answers each row (`DEPTH` if none does) and the median CPU ms."""
    regions = load_regions()
    with tempfile.TemporaryDirectory() as home:
        generation = index(Path(home), part.folder, bank, embedder)
        searcher = Searcher(lambda: nullcontext(generation), embedder, regions, lexicon=lexicon)
        ranks, elapsed = [], []
        for row in rows:
            start = time.process_time()
            found = searcher.search(row["question"], limit=DEPTH)
            elapsed.append((time.process_time() - start) * 1000)
            ranks.append(next((rank for rank, one in enumerate(found) if part.hit(row, one.passage)), DEPTH))
        generation.close()
    return np.array(ranks), float(np.median(elapsed))


def index(home: Path, folder: Path, bank: Bank, embedder: Embedder) -> Generation:
    """Return an index of the folder, made in `home`."""
    sources = Sources(home)
    sources.replace([folder])
    ingest(sources, Generations(home), embedder, bank=bank)
    return Generations(home).open(embedder)


def is_article(row: Row, passage: Passage) -> bool:
    """Tell whether a passage is the article asked about, or a section that rests on it; of a case, any section."""
    own = (passage.law or passage.title, place(passage))
    if own[0] == row["law"] and not (row.get("article") or row.get("section")):
        return True
    gold = {(one["law"], one.get("article") or one.get("section")) for one in (row, *row.get("also", ()))}
    return bool(gold & {own, *((statute.law, statute.article) for statute in passage.statutes)})


def is_section(row: Row, passage: Passage) -> bool:
    """Tell whether a passage is of the section asked about."""
    return passage.source == f"documents/{row['document']}.md" and place(passage) == row["section"]


def is_quoted(row: Row, passage: Passage) -> bool:
    """Tell whether a passage holds most of the quote that answers."""
    quote, text = squeezed(row["quote"]), squeezed(passage.text)
    run = SequenceMatcher(None, quote, text, autojunk=False).find_longest_match()
    return row["source"] == passage.source and run.size >= ENOUGH * len(quote)


def place(passage: Passage) -> str:
    """Return the article's number, or the nearest heading."""
    return passage.article or (passage.path[-1] if passage.path else "")


def squeezed(text: str) -> str:
    """Return the text without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    main()
