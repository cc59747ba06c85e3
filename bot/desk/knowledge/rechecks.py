"""When somebody is to look again at the guides that ship: their front matter says so, and no index holds it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import knowledge

FOLDER = Path(knowledge.__file__).parent / "documents"
_RECHECK = re.compile(r"^recheck: (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def due(sources: Iterable[str], until: date) -> Mapping[date, tuple[str, ...]]:
    """Return the sources of guides to be looked at again by a day, by when, the soonest first."""
    known = _rechecks()
    days = sorted({(known[source], source) for source in sources if source in known and known[source] <= until})
    return {day: tuple(source for at, source in days if at == day) for day, _ in days}


@cache
def _rechecks() -> Mapping[str, date]:
    """Read the guides once: they change with the software only."""
    found = {}
    for path in FOLDER.rglob("*.md"):
        if said := _RECHECK.search(path.read_text("utf8").partition("\n---")[0]):
            found[path.relative_to(FOLDER.parent).as_posix()] = date.fromisoformat(said[1])
    return found
