"""Who looks at which case just now; it is kept in memory alone."""

from datetime import datetime, timedelta

LOOKING = timedelta(seconds=30)  # since the page was last heard of


class Watching:
    """Remembers for a moment who has a case open."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, datetime]] = {}  # by case and staff id

    def look(self, case: str, staff: str, now: datetime) -> list[str]:
        """Note that somebody looks at the case, and return the ids of the others who do."""
        self._seen = {
            id: alive
            for id, looks in self._seen.items()
            if (alive := {who: at for who, at in looks.items() if now - at < LOOKING})
        }
        looks = self._seen.setdefault(case, {})
        looks[staff] = now
        return sorted(set(looks) - {staff})
