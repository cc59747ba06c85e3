"""Question sets by which a product is judged, and which its own questions must not come close to."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.check.bank import Row
from knowledge.errors import NiangjiaError


def read_sets(paths: Sequence[Path]) -> list[Row]:
    """Return the questions of all .jsonl files at and below the paths; raise NiangjiaError for a line that is none."""
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.jsonl")))]
    rows = []
    for file in files:
        for number, line in enumerate(file.read_text("utf8").splitlines(), 1):
            if line.strip():
                try:
                    rows += [Row(file.name, number, question) for question in _questions(json.loads(line))]
                except (ValueError, KeyError, TypeError) as error:
                    raise NiangjiaError(f"{file}, line {number}: is no row of a question set ({error!r}).") from error
    return rows


def _questions(data: dict[str, Any]) -> Iterator[str]:
    if "turns" in data:
        yield from (str(turn["content"]) for turn in data["turns"])
    else:
        yield str(data["text"] if "text" in data else data["question"])
