"""Learn what tells an answerable question from another, and write bot/answers/scope.npy and answerable.json.

    python benchmarks/calibrate.py --reports HOME --documents HOME [--plot FILE]

`--reports` is a home with the unions' reports and the acts, `--documents` one with the shipped documents. The
scope is learnt from the question bank and `knowledge/questions/unanswerable`, how much each signal weighs from
`knowledge/questions/validation`, which nothing else has seen. Prints the share of each set refused, cross-validated.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

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
    matrix = np.vstack([found for found, _ in rows.values()])
    backed = np.concatenate([kinds for _, kinds in rows.values()])
    labels = np.concatenate([np.full(len(asked), label) for _, asked, label in sets.values()])
    # Every set counts the same, but the reports, whose answers no bank of questions points at, twice.
    weights = np.concatenate(
        [
            np.full(len(asked), (2 if name == "reports" else 1) * 300 / len(asked))
            for name, (_, asked, _) in sets.items()
        ]
    )
    names = [field.name for field in fields(Signals)]
    learnt, guessed = {}, np.zeros(len(labels))
    for kind, part in (("asked", backed), ("worded", ~backed)):
        model = LogisticRegression(C=1.0, max_iter=5000)
        folds = StratifiedKFold(10, shuffle=True, random_state=0)
        guessed[part] = cross_val_predict(
            model, matrix[part], labels[part], cv=folds, method="predict_proba", params={"sample_weight": weights[part]}
        )[:, 1]
        model.fit(matrix[part], labels[part], sample_weight=weights[part])
        learnt[kind] = dict(zip(names, model.coef_[0].round(3).tolist(), strict=True)) | {
            "bias": round(float(model.intercept_[0]), 3)
        }
    report({name: len(asked) for name, (_, asked, _) in sets.items()}, guessed)
    answerable.WEIGHTS.write_text(json.dumps(learnt, indent=2) + "\n", "utf8")


def learn_scope() -> None:
    """Fit topic and detail; in each both sides count the same, however many questions they have."""
    regions = load_regions()
    bank = rows_of(file for folder in FOLDERS for file in sorted((QUESTIONS / folder).glob("*.jsonl")))
    refused = {file.stem: questions([file]) for file in (QUESTIONS / "unanswerable").glob("*.jsonl")}
    figures = [row["question"] for row in bank if regions.mentioned(row.get("section") or "")]
    topic = fit_scope(
        [row["question"] for row in bank], [*refused["small-talk"], *refused["other-law"], *refused["private"]]
    )
    detail = fit_scope(figures, refused["gap"])
    np.save(scope.WEIGHTS, np.stack([topic, detail]).astype(np.float16))
    scope.load_weights.cache_clear()


def fit_scope(answered: Sequence[str], refused: Sequence[str]) -> Matrix:
    """Return the weights that tell the two kinds of questions apart, the bias last."""
    regions = load_regions()
    rows = [scope.features(question, regions) for question in (*answered, *refused)]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row))) for row in rows])
    matrix = csr_matrix((values, np.concatenate(rows), np.cumsum([0, *map(len, rows)])), (len(rows), 1 << scope.BITS))
    labels = np.repeat([1, 0], [len(answered), len(refused)])
    model = LogisticRegression(C=5, max_iter=3000, class_weight="balanced").fit(matrix, labels)
    print(f"scope: {len(answered)} answered, {len(refused)} refused questions")
    return np.append(model.coef_[0], model.intercept_)


def rows_of(files: Iterable[Path]) -> list[dict[str, str]]:
    """Return the rows of the files."""
    return [json.loads(line) for file in files for line in file.read_text("utf8").splitlines() if line.strip()]


def questions(files: Iterable[Path]) -> list[str]:
    """Return the questions of the files."""
    return [row["question"] for row in rows_of(files)]


def signals(home: Path, asked: Sequence[str]) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return the signals of each question, [questions, signals], and which have the bank's to be held against."""
    embedder, regions = open_embedder(), load_regions()
    generation = Generations(home).open(embedder)
    searcher = Searcher(lambda: nullcontext(generation), embedder, regions)
    kinds = scope.Scope(scope.load_weights(), regions)
    rows, backed = [], []
    for question in asked:
        found = searcher.search(question)
        ranked = windows(question, found[:CANDIDATES], generation.keyword.rarity)
        rows.append(astuple(Signals.of(question, found, ranked, kinds, regions)))
        backed.append(answerable.is_asked(found, ranked))
    generation.close()
    return np.array(rows, float), np.array(backed)


def report(sizes: Mapping[str, int], guessed: Matrix) -> None:
    """Print the share of each set that is refused at several thresholds."""
    thresholds = (0.3, 0.4, 0.5, 0.6)
    print(f"{'refused at':24s}" + "".join(f"{threshold:8.2f}" for threshold in thresholds))
    start = 0
    for name, size in sizes.items():
        part = guessed[start : start + size]
        start += size
        print(f"{name:24s}" + "".join(f"{np.mean(part < threshold):8.3f}" for threshold in thresholds))


if __name__ == "__main__":
    main()
