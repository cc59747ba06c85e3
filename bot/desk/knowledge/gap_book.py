"""Who looks after which unanswered question, and which of them are settled: a small file without any question."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from knowledge.errors import NiangjiaError
from knowledge.files import put

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
        self._change(lambda known: dict.fromkeys(gaps, Care(owner=owner)))

    def settle(self, gaps: Collection[int], by: str) -> None:
        """Put questions aside for good."""
        self._change(lambda known: {gap: Care(known.get(gap, Care()).owner, by) for gap in gaps})

    def _change(self, changed: Callable[[Mapping[int, Care]], Mapping[int, Care]]) -> None:
        """Store what is known together with what `changed` makes of some of it."""
        with self._lock:
            known = self.all()
            put(self._file, orjson.dumps({str(gap): care for gap, care in {**known, **changed(known)}.items()}))
