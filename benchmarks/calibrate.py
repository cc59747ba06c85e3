"""Learn what tells an answerable question from another, and which words answers hold; write what was learnt.

    python -m benchmarks.calibrate --reports HOME --documents HOME [--reranker MODEL]

`--reports` is a home with the unions' reports and the acts, `--documents` one with the shipped documents. Writes
knowledge/salience.npz, learnt from the question bank; bot/answers/scope.npy, from the bank and the questions of
`knowledge/questions/unanswerable`; and answerable.json beside it: how much each signal weighs, learnt from
`knowledge/questions/validation` and, with less weight, from the questions of the scope, of which the scope then says
what it would without having seen them. Prints the share of each set that is refused, cross-validated, and how well the
probabilities hold, which `--plot FILE` draws.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass, fields
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import StandardScaler

from bot.answers import answerable, scope
from bot.answers.answerable import Signals
from bot.answers.answerer import CANDIDATES
from bot.answers.extract import lifted, windows
from bot.evaluation.figures import BINS, Bin
from bot.evaluation.plots import calibration, standalone
from knowledge import salience
from knowledge.bank import FOLDERS, QUESTIONS
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from knowledge.lexicon import load_lexicon
from knowledge.regions import load_regions
from knowledge.reranker import Reranker, open_reranker
from knowledge.salience import Salience
from knowledge.searcher import Searcher
from knowledge.words import indexed_text, question_terms

Matrix = NDArray[np.float64]
VALIDATION = QUESTIONS / "validation"
SEEN = 5  # questions that must hold a term before it is known how salient it is


TRAINED = 0.2  # what the questions count that the scope has learnt from, beside those of the validation sets
FOLDS = 10
AGAINST = {"foreign", "private", "untold", "uncounted"}  # signals that speak against an answer


def main() -> None:
    """Learn, report and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--reranker", help="the RERANKER_MODEL that answers will be given with")
    homes = parser.parse_args()
    reranker = open_reranker(homes.reranker)
    learn_salience([homes.reports, homes.documents])
    known = learn_scope()
    refused = {file.stem: questions([file]) for file in sorted((QUESTIONS / "unanswerable").glob("*.jsonl"))}
    sets = [
        Set("reports", homes.reports, questions([VALIDATION / "answerable-reports.jsonl"]), True),
        Set("acts", homes.reports, questions([VALIDATION / "laws.jsonl"]), True),
        Set("refused", homes.reports, questions([VALIDATION / "unanswerable.jsonl"]), False),
        Set("documents", homes.documents, questions([VALIDATION / "documents.jsonl"]), True),
        Set("acts by documents", homes.documents, questions([VALIDATION / "laws.jsonl"]), True),
        Set("refused by documents", homes.documents, questions([VALIDATION / "unanswerable.jsonl"]), False),
        Set("the unions' figures", homes.reports, figures(), True, TRAINED),
        Set("the scope's refused", homes.reports, list(chain.from_iterable(refused.values())), False, TRAINED),
    ]
    rows = [signals(one.home, one.questions, known, reranker) for one in sets]
    matrix, backed = (np.concatenate(column) for column in zip(*rows, strict=True))
    labels = np.concatenate([np.full(len(one.questions), one.answerable) for one in sets])
    weights = np.concatenate([np.full(len(one.questions), 300 * one.weight / len(one.questions)) for one in sets])
    judged = np.concatenate([np.full(len(one.questions), one.weight == 1) for one in sets])
    names = [*(field.name for field in fields(Signals)), "bias"]
    learnt, guessed = {}, np.zeros(len(labels))
    for kind, part in (("asked", backed), ("worded", ~backed)):
        places = np.flatnonzero(part)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        for taught, asked in folds.split(places, labels[places]):
            held_out = places[asked]
            guessed[held_out] = guesses(matrix[held_out], fit(matrix, labels, weights, places[taught]))
        learnt[kind] = dict(zip(names, fit(matrix, labels, weights, places).round(3).tolist(), strict=True))
    report(sets, guessed)
    bins = reliability(guessed[judged], labels[judged], weights[judged])
    if homes.plot:
        homes.plot.write_text(standalone(calibration([bins], "What can be answered, cross-validated")), "utf8")
    answerable.WEIGHTS.write_text(json.dumps(learnt, indent=2) + "\n", "utf8")


@dataclass(frozen=True, slots=True)
class Set:
    """Questions, asked of the index of a home, and whether it can answer them; they all weigh as much as 300."""

    name: str
    home: Path
    questions: Sequence[str]
    answerable: bool
    weight: float = 1.0


def fit(matrix: Matrix, labels: Matrix, weights: Matrix, places: NDArray[np.intp]) -> Matrix:
    """Return what each signal weighs, learnt from some of the rows, the bias last.

    A signal whose weight would go against its sense, because of what these few questions happen to share, is left out.
    """
    sense = np.array([-1 if field.name in AGAINST else 1 for field in fields(Signals)])
    used = np.arange(len(sense))
    while True:
        scaler = StandardScaler().fit(matrix[places][:, used])
        model = LogisticRegression(C=1.0, max_iter=5000)
        model.fit(scaler.transform(matrix[places][:, used]), labels[places], sample_weight=weights[places])
        learnt = np.zeros(len(sense) + 1)
        learnt[used] = model.coef_[0] / scaler.scale_
        if (learnt[used] * sense[used] >= 0).all():
            learnt[-1] = model.intercept_[0] - learnt[used] @ scaler.mean_
            return learnt
        used = used[learnt[used] * sense[used] >= 0]


def guesses(matrix: Matrix, learnt: Matrix) -> Matrix:
    """Return the probability of each row."""
    chances: Matrix = 1 / (1 + np.exp(-(matrix @ learnt[:-1] + learnt[-1])))
    return chances


def learn_salience(homes: Sequence[Path]) -> None:
    """Count which terms of the bank's questions the passages hold that answer them."""
    asked: Counter[int] = Counter()
    held: Counter[int] = Counter()
    lexicon, embedder = load_lexicon(), open_embedder()
    for home in homes:
        generation = Generations(home).open(embedder)
        for passage in generation.passages(range(generation.manifest.passages)):
            own = set(question_terms(indexed_text(passage)).tolist()) if passage.questions else set()
            for question in passage.questions:
                terms = question_terms(lexicon.corrected(question)).tolist()
                asked.update(terms)
                held.update(own.intersection(terms))
        generation.close()
    codes = np.array(sorted(code for code, count in asked.items() if count >= SEEN), np.uint64)
    counts = [[float(counter[code]) for code in codes.tolist()] for counter in (asked, held)]
    Salience.of_counts(codes, np.array(counts[0]), np.array(counts[1])).save(salience.LEARNT)
    salience.load_salience.cache_clear()
    print(f"salience: {len(codes)} terms")


def figures() -> list[str]:
    """Return the bank's questions about what a union did, which its report tells too."""
    regions = load_regions()
    bank = rows_of(file for folder in FOLDERS for file in sorted((QUESTIONS / folder).glob("*.jsonl")))
    return [row["question"] for row in bank if regions.mentioned(row.get("section") or "")]


def learn_scope() -> "Known":
    """Fit the three opinions; in each both sides count the same, however many questions they have."""
    bank = rows_of(file for folder in FOLDERS for file in sorted((QUESTIONS / folder).glob("*.jsonl")))
    refused = {file.stem: questions([file]) for file in (QUESTIONS / "unanswerable").glob("*.jsonl")}
    fitted = [
        fit_scope(
            [row["question"] for row in bank], [*refused["small-talk"], *refused["other-law"], *refused["private"]], 5
        ),
        fit_scope(figures(), refused["gap"], 5),
        fit_scope([row["question"] for row in bank if "law" in row], refused["local-standard"], 2),
    ]
    np.save(scope.WEIGHTS, np.stack([weights for weights, _ in fitted]).astype(np.float16))
    scope.load_weights.cache_clear()
    return Known(scope.load_weights(), [guesses for _, guesses in fitted])


class Known(scope.Scope):
    """The scope, but of a question that it has learnt from it says what it would without having done so."""

    def __init__(self, weights: scope.Features, guesses: Sequence[Mapping[str, float]]) -> None:
        super().__init__(weights, load_regions())
        self._guesses = guesses

    def topic(self, question: str) -> float:
        """Return the log odds of the topic."""
        return self._guesses[0].get(question, super().topic(question))

    def detail(self, question: str) -> float:
        """Return the log odds of the detail."""
        return self._guesses[1].get(question, super().detail(question))

    def local(self, question: str) -> float:
        """Return the log odds of the local standard."""
        return self._guesses[2].get(question, super().local(question))


def fit_scope(answered: Sequence[str], refused: Sequence[str], trust: float) -> tuple[Matrix, Mapping[str, float]]:
    """Return the weights that tell the two kinds of questions apart, the bias last, and cross-fitted log odds."""
    regions = load_regions()
    rows = [scope.features(question, regions) for question in (*answered, *refused)]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row))) for row in rows])
    matrix = csr_matrix((values, np.concatenate(rows), np.cumsum([0, *map(len, rows)])), (len(rows), 1 << scope.BITS))
    labels = np.repeat([1, 0], [len(answered), len(refused)])
    model = LogisticRegression(C=trust, max_iter=3000, class_weight="balanced")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    odds = np.clip(cross_val_predict(model, matrix, labels, cv=folds, method="decision_function"), -6, 6)
    model.fit(matrix, labels)
    print(f"scope: {len(answered)} answered, {len(refused)} refused questions")
    guesses = dict(zip((*answered, *refused), odds.tolist(), strict=True))
    return np.append(model.coef_[0], model.intercept_), guesses


def rows_of(files: Iterable[Path]) -> list[dict[str, str]]:
    """Return the rows of the files."""
    return [json.loads(line) for file in files for line in file.read_text("utf8").splitlines() if line.strip()]


def questions(files: Iterable[Path]) -> list[str]:
    """Return the questions of the files."""
    return [row["question"] for row in rows_of(files)]


def signals(
    home: Path, asked: Sequence[str], kinds: scope.Scope, reranker: Reranker | None
) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return the signals of each question, [questions, signals], and which have the bank's to be held against."""
    embedder, regions = open_embedder(), load_regions()
    generation = Generations(home).open(embedder)
    searcher = Searcher(lambda: nullcontext(generation), embedder, regions, reranker=reranker)
    rows, backed = [], []
    for question in asked:
        first = searcher.search(question)
        found, ranked = lifted(first, windows(question, first[:CANDIDATES], generation.keyword.rarity))
        rows.append(astuple(Signals.of(question, found, ranked, kinds, regions)))
        backed.append(answerable.is_asked(found, ranked))
    generation.close()
    return np.array(rows, float), np.array(backed)


def report(sets: Sequence[Set], guessed: Matrix) -> None:
    """Print the share of each set that is refused at several thresholds."""
    thresholds = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
    print(f"{'refused at':24s}" + "".join(f"{threshold:8.2f}" for threshold in thresholds))
    start = 0
    for one in sets:
        part = guessed[start : start + len(one.questions)]
        start += len(one.questions)
        print(f"{one.name:24s}" + "".join(f"{np.mean(part < threshold):8.3f}" for threshold in thresholds))


def reliability(guessed: Matrix, labels: Matrix, weights: Matrix) -> list[Bin]:
    """Return the ten bins of probability, every set weighing the same, and print by how much they are off (ECE)."""
    tenths = np.minimum((guessed * BINS).astype(int), BINS - 1)
    bins, off = [], 0.0
    for tenth in range(BINS):
        inside = tenths == tenth
        count = int(inside.sum())
        said = float(np.average(guessed[inside], weights=weights[inside])) if count else None
        true = float(np.average(labels[inside], weights=weights[inside])) if count else None
        bins.append(Bin(tenth / BINS, (tenth + 1) / BINS, count, said, true))
        if said is not None and true is not None:
            off += float(weights[inside].sum() / weights.sum()) * abs(said - true)
    print(f"calibration error {off:.3f}")
    return bins


if __name__ == "__main__":
    main()
