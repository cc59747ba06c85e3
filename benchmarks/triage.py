"""Learn the weights of the triage from our own examples, and write bot/triage/weights.npz.

    python -m benchmarks.triage [--dry] [FILE …]

Prints cross-validated figures over `bot/triage/examples.jsonl`, and those of each FILE, a set of labelled messages with
the same keys, by the weights that all examples gave. `--dry` writes nothing.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from bot.triage import classifier
from bot.triage.classifier import CATEGORIES, CUE, DANGERS, INTENTS, WEIGHTS, Classifier, Weights, features
from bot.triage.cues import cues
from bot.triage.danger import Sign, sightings
from bot.triage.injection import without_commands
from bot.triage.model import Intent
from bot.triage.triager import Triager
from knowledge.bank import QUESTIONS
from knowledge.categories import load_categories
from knowledge.lexicon import load_lexicon
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions
from knowledge.vocabulary import Urgency

Row = dict[str, Any]
Matrix = NDArray[np.float64]

EXAMPLES = WEIGHTS.parent / "examples.jsonl"
DOCUMENTS = Path(classifier.__file__).parents[2] / "knowledge" / "documents"
REPLIES = WEIGHTS.parent / "replies.txt"  # what people answer to the questions of a form
BANK = 0.25  # what a question of the bank counts beside an example
CALM = 0.1  # what one counts as calm
RARE = 2  # a term that fewer texts hold is left out


def main() -> None:
    """Learn, report and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    examples, bank = rows_of(EXAMPLES), [*bank_rows(), *calm_rows()]
    guessed: list[Row] = [{} for _ in examples]
    for kept, left in KFold(5, shuffle=True, random_state=0).split(examples):
        judge = triager(learn([examples[row] for row in kept], bank))
        for row in left:
            guessed[row] = labels(judge, examples[row]["text"])
    report("cross-validated", examples, guessed)
    weights = learn(examples, bank)
    for file in asked.files:
        rows = rows_of(file)
        report(file.name, rows, [labels(triager(weights), row["text"]) for row in rows])
    if not asked.dry:
        np.savez_compressed(
            WEIGHTS, codes=weights.codes, cues=np.array(weights.cues), table=weights.table.astype(np.float16)
        )


def rows_of(file: Path) -> list[Row]:
    """Return the rows of a file."""
    return [json.loads(line) for line in file.read_text("utf8").splitlines() if line.strip()]


def bank_rows() -> list[Row]:
    """Return the bank's questions about our guides, with the categories of these."""
    known = {}
    for file in DOCUMENTS.rglob("*.md"):
        front = yaml.safe_load(file.read_text("utf8").split("---")[1])
        known[front["id"]] = front["categories"]
    rows = [row for file in sorted((QUESTIONS / "documents").glob("*.jsonl")) for row in rows_of(file)]
    return [
        {"text": row["question"], "category": held[0], "also": held[1:]}
        for row in rows
        if (held := known[row["document"]])
    ]


def calm_rows() -> list[Row]:
    """Return the questions of the bank, and replies, that no word of danger is in; they tell of danger only."""
    rows = [row for file in sorted(QUESTIONS.glob("[!v]*/*.jsonl")) for row in rows_of(file)]
    calm = [
        row["question"] for row in rows if not any(seen.sign is not Sign.HINT for seen in sightings(row["question"]))
    ]
    weighed = [{"text": text, "calm": CALM} for text in calm]
    return [*weighed, *({"text": text, "calm": 1.0} for text in REPLIES.read_text("utf8").splitlines())]


def learn(examples: Sequence[Row], bank: Sequence[Row]) -> Weights:
    """Return what the examples tell; the bank's rows tell of categories, or that nobody is in danger."""
    rows = [*examples, *bank]
    lexicon, regions = load_lexicon(), load_regions()
    texts = [without_commands(lexicon.corrected(row["text"]))[0] for row in rows]
    terms = [features(text, lexicon, regions) for text in texts]
    held_by = Counter(chain.from_iterable(terms))
    codes = np.array(sorted(code for code, texts_held in held_by.items() if texts_held >= RARE), np.uint64)
    seen = [cues(text, sightings(text)) for text in texts]
    names = tuple(sorted({name for found in seen for name in found}))
    place = {code: row for row, code in enumerate(codes.tolist())}
    place_of_cue = {name: len(codes) + row for row, name in enumerate(names)}
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for counts, cued in zip(terms, seen, strict=True):
        held = {place[code]: count for code, count in counts.items() if code in place}
        held |= {place_of_cue[name]: CUE for name in cued}
        columns += held
        values += held.values()
        ends.append(len(columns))
    matrix = csr_matrix((values, columns, ends), (len(rows), len(codes) + len(names)))
    own = np.arange(len(rows)) < len(examples)
    calm = own.copy()
    calm[own] = [row["danger"] is None for row in examples]
    grave = own & ~calm
    intents = np.array([row.get("intent") for row in rows])
    dangers = np.array([row.get("danger") for row in rows])
    urgent = np.array([row.get("urgency") == Urgency.URGENT for row in rows])
    danger_weighing = np.array([1.0] * len(examples) + [row.get("calm", 0.0) for row in bank])
    weighed = danger_weighing > 0
    heads = [
        fit(matrix[weighed], grave[weighed], 20.0, danger_weighing[weighed]),
        *fit_kinds(matrix[grave], dangers[grave], DANGERS, 10.0),
        *fit_kinds(matrix[calm], intents[calm], INTENTS, 10.0),
        fit(matrix[calm], urgent[calm], 10.0),
    ]
    told = np.array(["category" in row for row in rows])
    weighing = np.where(own, 1.0, BANK)
    for category in CATEGORIES:
        has = np.array([category == row.get("category") or category in row.get("also", ()) for row in rows])
        heads.append(fit(matrix[told], has[told], 20.0, weighing[told]))
    return Weights(codes, names, np.stack(heads, axis=1).astype(np.float32))


def fit(matrix: csr_matrix, labels: NDArray[np.bool_], strength: float, weighing: Matrix | None = None) -> Matrix:
    """Return the weights that tell yes from no, the bias last."""
    model = LogisticRegression(C=strength, solver="liblinear").fit(matrix, labels, weighing)
    return np.append(model.coef_[0], model.intercept_)


def fit_kinds(matrix: csr_matrix, labels: NDArray[Any], kinds: Sequence[str], strength: float) -> list[Matrix]:
    """Return the weights of each kind, which exclude each other."""
    model = LogisticRegression(C=strength, max_iter=3000).fit(matrix, labels)
    place = {kind: row for row, kind in enumerate(model.classes_)}
    return [np.append(model.coef_[place[kind]], model.intercept_[place[kind]]) for kind in kinds]


def triager(weights: Weights) -> Triager:
    """Return a triager over these weights."""
    lexicon, regions = load_lexicon(), load_regions()
    return Triager(Classifier(weights, lexicon, regions), lexicon, regions, load_organizations(), load_categories())


def labels(judge: Triager, text: str) -> Row:
    """Return the labels of a text, by the keys of the examples."""
    read = judge.triage(text)
    return {
        "intent": read.intent,
        "category": read.category,
        "also": read.also,
        "urgency": read.urgency,
        "danger": read.danger,
        "people": read.people,
        "region": read.region,
    }


def report(name: str, rows: Sequence[Row], guessed: Sequence[Row]) -> None:
    """Print the shares that were right."""
    pairs = list(zip(rows, guessed, strict=True))

    def share(right: Sequence[float]) -> float:
        return round(float(np.mean(right)), 4) if right else float("nan")

    figures = {
        "intent": share([g["intent"] in (r["intent"], *r.get("intent_alt", ())) for r, g in pairs]),
        "category": share([g["category"] in (r["category"], *r.get("category_alt", ()), *r["also"]) for r, g in pairs]),
        "urgency": share([g["urgency"] in (r["urgency"], *r.get("urgency_alt", ())) for r, g in pairs]),
        "crisis_recall": share([g["intent"] == Intent.CRISIS for r, g in pairs if r["intent"] == Intent.CRISIS]),
        "crisis_precision": share([r["intent"] == Intent.CRISIS for r, g in pairs if g["intent"] == Intent.CRISIS]),
        "danger": share([r["danger"] == g["danger"] for r, g in pairs if r["danger"] and g["danger"]]),
        "both_seen": share([{r["category"], *r["also"]} <= {g["category"], *g["also"]} for r, g in pairs if r["also"]]),
        "further": share([len(g["also"]) for _, g in pairs]),
    }
    figures |= {key: share([g[key] == r[key] for r, g in pairs]) for key in ("people", "region") if key in rows[0]}
    print(f"{name} ({len(rows)}): " + json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
