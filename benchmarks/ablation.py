"""Measure what each part of the search brings, and print a Markdown table.

    python -m benchmarks.ablation --laws FOLDER --reports FOLDER [--questions FOLDER]

Indexes the acts in `--laws`, the unions' reports in `--reports` and the shipped documents, each with and without the
bank, and asks the questions of `knowledge/questions/validation`, and of the development sets in `--questions`. The
built-in encoder stays as it is in all rows, although it was trained on the bank.
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
from knowledge.salience import Salience, load_salience
from knowledge.searcher import Balance, Searcher

VALIDATION = QUESTIONS / "validation"
DEPTH = 5  # passages looked at
ENOUGH = 0.6  # share of a quote that a passage must hold in one run

Row = Mapping[str, Any]
Hit = Callable[[Row, Passage], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A set of questions, asked of an index of `folder`."""

    name: str
    folder: Path
    file: Path
    hit: Hit


@dataclass(frozen=True, slots=True)
class Variant:
    """A search that lacks something."""

    bank: bool = True
    lexicon: bool = True
    salience: bool = True
    balance: Balance = Balance()  # noqa: RUF009 - frozen


VARIANTS = {
    "all": Variant(),
    "no bank": Variant(bank=False),
    "no lexicon": Variant(lexicon=False),
    "no salience": Variant(salience=False),
    "no meaning": Variant(balance=Balance(dense=0)),
    "no words": Variant(balance=Balance(keyword=0)),
    "no near question": Variant(balance=Balance(question=0)),
    "no region": Variant(balance=Balance(region=0)),
    "no company": Variant(balance=Balance(company=0)),
    "no breadth": Variant(balance=Balance(breadth=0)),
}


def main() -> None:
    """Index, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    folders = parser.parse_args()
    parts = [
        Part("law, acts ingested", folders.laws, VALIDATION / "laws.jsonl", is_article),
        Part("law, shipped documents", BUILTIN_FOLDER, VALIDATION / "laws.jsonl", is_article),
        Part("documents, shipped documents", BUILTIN_FOLDER, VALIDATION / "documents.jsonl", is_section),
        Part("reports, reports ingested", folders.reports, VALIDATION / "answerable-reports.jsonl", is_quoted),
    ]
    if folders.questions:
        parts += [
            Part("law, development", folders.laws, folders.questions / "law_qa.dev.jsonl", is_gold),
            Part("reports, development", folders.reports, folders.questions / "seeds_qa.dev.jsonl", is_quoted),
        ]
    print(f"| hit@1 / hit@5 | rows | {' | '.join(VARIANTS)} |")
    print(f"|---|---|{'---|' * len(VARIANTS)}")
    embedder = open_embedder()
    with tempfile.TemporaryDirectory() as folder:
        generations = {
            (part.folder, bank): index(Path(folder) / f"{number}{bank}", part.folder, bank, embedder)
            for number, part in enumerate({part.folder: part for part in parts}.values())
            for bank in (True, False)
        }
        milliseconds: dict[str, list[float]] = {name: [] for name in VARIANTS}
        for part in parts:
            rows = [json.loads(line) for line in part.file.read_text("utf8").splitlines()]
            cells = []
            for name, variant in VARIANTS.items():
                ranks, elapsed = ask(part, rows, variant, generations[part.folder, variant.bank], embedder)
                cells.append(f"{np.mean(ranks < 1):.3f} / {np.mean(ranks < DEPTH):.3f}")
                milliseconds[name].append(elapsed)
            print(f"| {part.name} | {len(rows)} | {' | '.join(cells)} |", flush=True)
        for generation in generations.values():
            generation.close()
    print(f"| CPU ms a search | | {' | '.join(f'{np.mean(value):.1f}' for value in milliseconds.values())} |")


def ask(
    part: Part, rows: Sequence[Row], variant: Variant, generation: Generation, embedder: Embedder
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], float]:
    """Return the rank of the first passage that answers each row (`DEPTH` if none does) and the median CPU ms."""
    searcher = Searcher(
        lambda: nullcontext(generation),
        embedder,
        load_regions(),
        lexicon=load_lexicon() if variant.lexicon else Lexicon([]),
        salience=load_salience() if variant.salience else Salience.of_nothing(),
        balance=variant.balance,
    )
    ranks, elapsed = [], []
    for row in rows:
        start = time.process_time()
        found = searcher.search(row["question"], limit=DEPTH)
        elapsed.append((time.process_time() - start) * 1000)
        ranks.append(next((rank for rank, one in enumerate(found) if part.hit(row, one.passage)), DEPTH))
    return np.array(ranks), float(np.median(elapsed))


def index(home: Path, folder: Path, bank: bool, embedder: Embedder) -> Generation:
    """Return an index of the folder, made in `home`, with or without the bank."""
    sources = Sources(home)
    sources.replace([folder])
    ingest(sources, Generations(home), embedder, bank=load_bank() if bank else Bank([]))
    return Generations(home).open(embedder)


def is_article(row: Row, passage: Passage) -> bool:
    """Tell whether a passage is the article asked about, or a section that rests on it; of a case, any section."""
    own = (passage.law or passage.title, place(passage))
    if own[0] == row["law"] and not (row.get("article") or row.get("section")):
        return True
    gold = {(one["law"], one.get("article") or one.get("section")) for one in (row, *row.get("also", ()))}
    return bool(gold & {own, *((statute.law, statute.article) for statute in passage.statutes)})


def is_gold(row: Row, passage: Passage) -> bool:
    """Tell whether a passage is, or rests on, an article that a development row names."""
    gold = {(one["law"], one["article"]) for one in (*row["gold"], *row.get("gold_alt", ()))}
    return bool(gold & {(passage.law, passage.article), *((one.law, one.article) for one in passage.statutes)})


def is_section(row: Row, passage: Passage) -> bool:
    """Tell whether a passage is of the section asked about."""
    return passage.source == f"documents/{row['document']}.md" and place(passage) == row["section"]


def is_quoted(row: Row, passage: Passage) -> bool:
    """Tell whether a passage holds most of the quote that answers."""
    source, words = row.get("source") or row["gold_file"], row.get("quote") or row["gold_quote"]
    quote, text = squeezed(words), squeezed(passage.text)
    run = SequenceMatcher(None, quote, text, autojunk=False).find_longest_match()
    return bool(source == passage.source) and run.size >= ENOUGH * len(quote)


def place(passage: Passage) -> str:
    """Return the article's number, or the nearest heading."""
    return passage.article or (passage.path[-1] if passage.path else "")


def squeezed(text: str) -> str:
    """Return the text without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


if __name__ == "__main__":
    main()
