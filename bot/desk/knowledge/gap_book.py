"""Who looks after which unanswered question, and which of them are settled: a small file without any question."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import orjson

from knowledge.errors import NiangjiaError

FILE = "gaps.json"  # in the folder of the papers


class GapBookError(NiangjiaError):
    """Say that the file cannot be read."""


@dataclass(frozen=True, slots=True)
class Care:
    """What became of a question; people are staff ids."""

    owner: str | None = None
    settled_by: str | None = None


class GapBook:
    """Keeps the care of one home's questions, by their ids."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def all(self) -> dict[int, Care]:
        """Return the care of every question that has any."""
        try:
            rows = orjson.loads(self._file.read_bytes())
            return {int(gap): Care(**care) for gap, care in rows.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            raise GapBookError(f"{self._file} cannot be read ({error}); mend it or take it away.") from error

    def take(self, gaps: Collection[int], owner: str | None) -> None:
        """Give questions an owner, or none."""
        self._change(dict.fromkeys(gaps, Care(owner=owner)))

    def settle(self, gaps: Collection[int], by: str) -> None:
        """Put questions aside for good."""
        known = self.all()
        self._change({gap: Care(known.get(gap, Care()).owner, by) for gap in gaps})

    def _change(self, changed: dict[int, Care]) -> None:
        with self._lock:
            cares = {str(gap): care for gap, care in {**self.all(), **changed}.items()}
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".tmp")
            fresh.write_bytes(orjson.dumps(cares))
            fresh.replace(self._file)
