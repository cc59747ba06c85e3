"""A clock that the test moves on, and that every life of the bot reads from one file; in between it goes as usual."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class MovedClock:
    """Gives the true moment, and how far it was moved from there."""

    def __init__(self, file: Path, start: datetime) -> None:
        self._file = file
        self._move(start)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text("ascii")))

    def set(self, moment: datetime) -> None:
        """Let it be this moment, unless that is past, for whoever looks from now on."""
        if moment > self():
            self._move(moment)

    def _move(self, moment: datetime) -> None:
        written = self._file.with_suffix(".new")
        written.write_text(str((moment - datetime.now(UTC)).total_seconds()), "ascii")
        written.replace(self._file)
