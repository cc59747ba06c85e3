import json
from collections import Counter
from typing import Any

from bot.triage.classifier import WEIGHTS
from bot.triage.model import Danger, Intent
from knowledge.vocabulary import Category, Urgency
from tests.bot.triage.test_triager import HELD_OUT, HINTED, MENDED, UNSEEN

EXAMPLES: list[dict[str, Any]] = [
    json.loads(line) for line in (WEIGHTS.parent / "examples.jsonl").read_text("utf8").splitlines()
]


def test_every_example_bears_known_labels() -> None:
    for row in (*EXAMPLES, *HELD_OUT, *HINTED, *MENDED, *UNSEEN):
        assert Intent(row["intent"]), row
        assert {Category(name) for name in (row["category"], *row["also"])}, row
        assert row["category"] not in row["also"], row
        assert (row["urgency"] == Urgency.EMERGENCY) == (row["intent"] == Intent.CRISIS), row
        assert (row["danger"] is not None) == (row["intent"] == Intent.CRISIS), row


def test_every_label_has_examples() -> None:
    assert set(Danger) <= {row["danger"] for row in EXAMPLES}
    assert min(Counter(row["category"] for row in EXAMPLES).values()) >= 50
    assert min(Counter(row["intent"] for row in EXAMPLES).values()) >= 100


def test_no_example_stands_twice_and_none_is_kept_apart_too() -> None:
    texts = Counter(row["text"] for row in EXAMPLES)
    assert [text for text, count in texts.items() if count > 1] == []
    assert texts.keys() & {row["text"] for row in (*HELD_OUT, *HINTED, *MENDED, *UNSEEN)} == set()
