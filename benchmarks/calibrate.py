"""Learn what tells an answerable question from another, and write bot/answers/scope.npy and answerable.json.

    python benchmarks/calibrate.py --reports HOME --documents HOME [--plot FILE]

`--reports` is a home with the unions' reports and the acts, `--documents` one with the shipped documents. The
scope is learnt from the question bank and `knowledge/questions/unanswerable`, how much each signal weighs from
`knowledge/questions/validation`, which nothing else has seen. Prints the share of each set refused, cross-validated.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.answers import answerable, scope
from bot.answers.answerable import Signals
from bot.answers.answerer import CANDIDATES
from bot.answers.extract import windows
from knowledge.bank import FOLDERS, QUESTIONS
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from knowledge.regions import load_regions
from knowledge.searcher import Searcher

Matrix = NDArray[np.float64]
VALIDATION = QUESTIONS / "validation"


def main() -> None:
    """Learn, report and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--documents", type=Path, required=True)
    homes = parser.parse_args()
    learn_scope()
    sets = {
        "reports": (homes.reports, questions([VALIDATION / "answerable-reports.jsonl"]), 1),
        "acts": (homes.reports, questions([VALIDATION / "laws.jsonl"]), 1),
        "refused": (homes.reports, questions([VALIDATION / "unanswerable.jsonl"]), 0),
        "documents": (homes.documents, questions([VALIDATION / "documents.jsonl"]), 1),
        "acts by documents": (homes.documents, questions([VALIDATION / "laws.jsonl"]), 1),
        "refused by documents": (homes.documents, questions([VALIDATION / "unanswerable.jsonl"]), 0),
    }
    rows = {name: signals(home, asked) for name, (home, asked, _) in sets.items()}
    matrix = np.vstack(list(rows.values()))
    labels = np.concatenate([np.full(len(rows[name]), label) for name, (_, _, label) in sets.items()])
    # Every set counts the same, and both sides do.
    sides = {side: sum(label == side for _, _, label in sets.values()) for side in (0, 1)}
    weights = np.concatenate(
        [
            np.full(len(rows[name]), len(labels) / 2 / sides[label] / len(rows[name]))
            for name, (_, _, label) in sets.items()
        ]
    )
    model = LogisticRegression(C=1.0, max_iter=5000)
    guessed = cross_val_predict(
        model, matrix, labels, cv=10, method="predict_proba", params={"sample_weight": weights}
    )[:, 1]
    report(rows, guessed)
    model.fit(matrix, labels, sample_weight=weights)
    names = [field.name for field in fields(Signals)]
    learnt = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    learnt["bias"] = round(float(model.intercept_[0]), 3)
    answerable.WEIGHTS.write_text(json.dumps(learnt, indent=2) + "\n", "utf8")
    print(json.dumps(learnt))


def learn_scope() -> None:
    """Fit the scope's weights; both sides count the same, however many questions they have."""
    regions = load_regions()
    answered = questions(file for folder in FOLDERS for file in sorted((QUESTIONS / folder).glob("*.jsonl")))
    refused = questions(sorted((QUESTIONS / "unanswerable").glob("*.jsonl")))
    rows = [scope.features(question, regions) for question in (*answered, *refused)]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row))) for row in rows])
    matrix = csr_matrix((values, np.concatenate(rows), np.cumsum([0, *map(len, rows)])), (len(rows), 1 << scope.BITS))
    labels = np.repeat([1, 0], [len(answered), len(refused)])
    model = LogisticRegression(C=10, max_iter=3000, class_weight="balanced").fit(matrix, labels)
    np.save(scope.WEIGHTS, np.append(model.coef_[0], model.intercept_).astype(np.float16))
    scope.load_weights.cache_clear()
    print(f"scope: learnt from {len(answered)} answered and {len(refused)} refused questions")


def questions(files: Iterable[Path]) -> list[str]:
    """Return the questions of the files."""
    return [json.loads(line)["question"] for file in files for line in file.read_text("utf8").splitlines()]


def signals(home: Path, asked: Sequence[str]) -> Matrix:
    """Return the signals of each question, [questions, signals]."""
    embedder, regions = open_embedder(), load_regions()
    generation = Generations(home).open(embedder)
    searcher = Searcher(lambda: nullcontext(generation), embedder, regions)
    kinds = scope.Scope(scope.load_weights(), regions)
    rows = []
    for question in asked:
        found = searcher.search(question)
        ranked = windows(question, found[:CANDIDATES], generation.keyword.rarity)
        rows.append(astuple(Signals.of(question, found, ranked, kinds, regions)))
    generation.close()
    return np.array(rows, float)


def report(rows: dict[str, Matrix], guessed: Matrix) -> None:
    """Print the share of each set that is refused at several thresholds."""
    thresholds = (0.3, 0.4, 0.5, 0.6)
    print(f"{'refused at':24s}" + "".join(f"{threshold:8.2f}" for threshold in thresholds))
    start = 0
    for name, matrix in rows.items():
        part = guessed[start : start + len(matrix)]
        start += len(matrix)
        print(f"{name:24s}" + "".join(f"{np.mean(part < threshold):8.3f}" for threshold in thresholds))


if __name__ == "__main__":
    main()
