"""The journal of the reindexing job: one small file that its process writes and everybody reads.

It outlives both the page and the bot. Whether the process still lives is told by a lock, which the system frees
however its holder dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from bot.desk.knowledge.ports import Job, JobState
from knowledge.files import put

LOCK_SECONDS = 5.0  # for which a beginning job waits, as a reader holds the lock for a moment to see that it is free


class Journal:
    """Reads and writes the last job of one home."""

    def __init__(self, index: Path) -> None:
        """`index` is the folder of the generations."""
        self._file = index / "JOB"
        self._lock = index / "JOB.lock"

    def write(self, job: Job) -> None:
        """Store the job, in one stroke for whoever reads."""
        put(self._file, orjson.dumps(job), lasting=False)

    def last(self) -> Job | None:
        """Return the last job; one that was under way when its process died is `INTERRUPTED`."""
        job = self._read()
        if job is None or job.state is not JobState.RUNNING or not self._is_free():
            return job
        job = self._read() or job  # it may have ended between the two looks
        return replace(job, state=JobState.INTERRUPTED) if job.state is JobState.RUNNING else job

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Be the job's process while the block runs; raise TimeoutError if another one is."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock, timeout=LOCK_SECONDS):
            yield

    def _read(self) -> Job | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            fields = orjson.loads(self._file.read_bytes())
            return Job(
                **fields
                | {
                    "state": JobState(fields["state"]),
                    "started": datetime.fromisoformat(fields["started"]),
                    "ended": fields["ended"] and datetime.fromisoformat(fields["ended"]),
                    "warnings": tuple(fields["warnings"]),
                }
            )
        return None

    def _is_free(self) -> bool:
        try:
            with FileLock(self._lock, timeout=0):
                return True
        except Timeout:
            return False


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)
