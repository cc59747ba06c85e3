"""Hold Niangjia's search against the recipe that a LangChain user would write, in one run on the same corpus.

    make bench                                        (installs the [bench] extra first)
    python benchmarks/retrieval.py [--corpus FILE] [--judged FILE] [--questions N] [--json FILE]

Each step runs in a fresh process, one after the other, so that its peak memory is its own. Ingest may use every core;
questions are made from clauses of the corpus and asked one at a time on one thread. Prints a Markdown table.
"""

import argparse
import gzip
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PACKAGES = (
    "chromadb",
    "langchain-core",
    "langchain-chroma",
    "langchain-classic",
    "langchain-community",
    "rank-bm25",
    "sentence-transformers",
)
SIDES = ("niangjia", "recipe")
QUALITY = ("recall@10", "recall@100", "mrr@10")
_QUIET = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "PYTHONWARNINGS": "ignore"}
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
_CLAUSE = re.compile(r"[\u4e00-\u9fff]{10,30}")

Measured = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    what: str
    ours: float
    recipe: float
    unit: str = ""
    goal: str = ""
    met: bool | None = None  # None where there is no goal

    @property
    def ratio(self) -> float:
        """Return how many times more the recipe takes."""
        return self.recipe / self.ours

    def aims(self, goal: str, met: bool) -> "Line":
        """Return the line with its goal."""
        return replace(self, goal=goal, met=met)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus/statutes/articles.jsonl.gz", help="articles")
    parser.add_argument("--judged", type=Path, help="questions with the ids of the articles that answer them")
    parser.add_argument("--questions", type=int, default=200, help="how many to time")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options = parser.parse_args()
    for path in filter(None, (options.corpus, options.judged)):
        if not path.exists():
            parser.error(f"there is no {path}; --help tells which files can be named")
    judged = options.judged or next(SHARED.glob("eval/statutes.dev.jsonl"), None)
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        measured = measure(options.corpus.resolve(), judged and judged.resolve(), options.questions, Path(folder))
    lines = compare(measured)
    print(table(lines))
    if options.json:
        figures = measured | {"table": [asdict(line) for line in lines]}
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf8")


def measure(corpus: Path, judged: Path | None, number: int, folder: Path) -> Measured:
    """Run every step of both sides, one after the other."""
    questions = folder / "questions.json"
    questions.write_text(json.dumps(questions_of(corpus, number)), "utf8")
    homes = {side: folder / side for side in SIDES}
    for home in homes.values():
        home.mkdir()
    measured: Measured = {"machine": machine()}
    measured["ingest"] = {side: step(side, "ingest", corpus, home) for side, home in homes.items()}
    measured["disk"] = {side: {"mib": size_mib(home)} for side, home in homes.items()}
    measured["ask"] = {side: step(side, "ask", home, questions, threads=1) for side, home in homes.items()}
    if judged:
        measured["judge"] = {side: step(side, "judge", home, judged) for side, home in homes.items()}
    # Last, for writing every vector a second time may leave the recipe's graph another one than its first ingest made.
    measured["again"] = {side: step(side, "ingest", corpus, home) for side, home in homes.items()}
    return measured


def size_mib(folder: Path) -> float:
    """Return what the files of a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def questions_of(corpus: Path, number: int) -> list[str]:
    """Return questions about clauses of the articles, always the same."""
    chosen = random.Random(1)
    clauses = []
    with gzip.open(corpus, "rt", encoding="utf8") as lines:
        for line in lines:
            if found := _CLAUSE.findall(json.loads(line)["text"]):
                clauses.append(chosen.choice(found))
    return [f"{clause}，这是怎么规定的？" for clause in chosen.sample(clauses, min(number, len(clauses)))]


def step(side: str, what: str, *paths: Path, threads: int | None = None) -> Measured:
    """Run one step in a process of its own and return its figures, with the load of the machine before it."""
    load, started = os.getloadavg()[0], time.perf_counter()
    print(f"{side}: {what} (load {load:.1f}) … ", end="", file=sys.stderr, flush=True)
    limits = dict.fromkeys(_THREADS, str(threads)) | {"TOKENIZERS_PARALLELISM": "false"} if threads else {}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{side}", what, *map(str, paths)],
        cwd=ROOT,
        env={**os.environ, **_QUIET, **limits},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"failed:\n{done.stderr}")
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    figures: Measured = json.loads(done.stdout.splitlines()[-1])
    return figures | {"load": load}


def machine() -> Measured:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def compare(measured: Measured) -> list[Line]:
    """Return the lines of the table, each goal judged."""

    def line(what: str, step: str, figure: str, unit: str = "") -> Line:
        ours, recipe = (measured[step][side][figure] for side in SIDES)
        return Line(what, ours, recipe, unit)

    question = line("question, median", "ask", "median_ms", "ms")
    ingest = line("first ingest", "ingest", "seconds", "s")
    inside = line("inside Chroma", "ingest", "chroma_seconds", "s")
    outside = Line("outside Chroma", ingest.ours - inside.ours, ingest.recipe - inside.recipe, "s")
    again = line("ingest of the same again", "again", "seconds", "s")
    ingest_peak = line("peak memory of ingest", "ingest", "peak_mib", "MiB")
    ask_peak = line("peak memory of asking", "ask", "peak_mib", "MiB")
    return [
        question.aims("≤ 12 ms, 20 × faster", question.ours <= 12 and question.ratio >= 20),
        line("question, 95th percentile", "ask", "p95_ms", "ms"),
        line("inside Chroma, mean", "ask", "chroma_ms", "ms"),
        ingest.aims("no slower", ingest.ratio >= 1),
        inside,
        outside.aims("a third", outside.ratio >= 3),
        again.aims("5 × faster than our first", ingest.ours >= 5 * again.ours),
        ingest_peak.aims("not above", ingest_peak.ratio >= 1),
        ask_peak.aims("not above", ask_peak.ratio >= 1),
        line("opening the index", "ask", "open_seconds", "s"),
        line("index on disk", "disk", "mib", "MiB"),
        line("passages", "ingest", "passages"),
        *(line(figure, "judge", figure) for figure in QUALITY if "judge" in measured),
    ]


def table(lines: list[Line]) -> str:
    """Return the lines as Markdown."""
    rows = ["| | Niangjia | recipe | recipe ÷ Niangjia | goal | |", "|---|---:|---:|---:|---|---|"]
    for line in lines:
        unit = f" {line.unit}" if line.unit else ""
        mark = {None: "", True: "met", False: "MISSED"}[line.met]
        rows.append(
            f"| {line.what} | {_figure(line.ours)}{unit} | {_figure(line.recipe)}{unit} | {_figure(line.ratio)} "
            f"| {line.goal} | {mark} |"
        )
    return "\n".join(rows)


def _figure(value: float) -> str:
    """Return three digits or more."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
