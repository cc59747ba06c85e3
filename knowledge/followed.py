"""A file that somebody changes while we run."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from knowledge.errors import NiangjiaError

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Followed(Generic[T]):
    """Reads a file again when it changes; while it is wrong, what was last right in it holds."""

    def __init__(self, path: Path, read: Callable[[Path], T], empty: T) -> None:
        """`read` raises NiangjiaError where the file is wrong; `empty` stands for one that is not there."""
        self._path = path
        self._read = read
        self._empty = empty
        self._held = empty
        self._seen: tuple[int, int] | None = None
        self.current()

    def current(self) -> T:
        """Return what the file holds."""
        seen = self._stamp()
        if seen != self._seen:
            self._seen = seen
            try:
                self._held = self._empty if seen is None else self._read(self._path)
            except NiangjiaError as error:
                log.error("file.wrong", file=self._path.name, reason=str(error))
        return self._held

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
