"""Let one process at a time write into an index, and say which one it is."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from knowledge.errors import NiangjiaError


class LockedError(NiangjiaError):
    """Say who is writing into the index just now."""


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the index for writing; raise LockedError at once if somebody else does.

    The system frees the lock when its holder dies, however it dies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / "HOLDER"
    lock = FileLock(folder / "LOCK", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"Another ingest is at work in {folder}{_who(holder)}: wait until it is done.") from error
    try:
        with suppress(OSError):  # a full disk: the lock holds without a name on it
            holder.write_bytes(
                orjson.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC)})
            )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        known = orjson.loads(holder.read_bytes())
        return f" (process {known['pid']} on {known['host']}, since {known['since']})"
    except (OSError, ValueError, KeyError):  # it has the lock, but has not yet said who it is
        return ""
