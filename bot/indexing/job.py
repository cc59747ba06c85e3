"""The process that builds a new generation: `python -m bot.indexing.job ORDER`, started by `Reindexer`.

It is nice to the bot beside it, writes what it does into the journal, and stops at SIGTERM, leaving nothing behind.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import orjson

from bot.desk.knowledge.ports import Job, JobState
from bot.indexing.journal import Journal, now

READY = "ready"  # said once the journal holds the job
NICE = 10  # the bot's answers go first
_TELL_SECONDS = 0.2  # between two words on how far it is
_WARNINGS = 200  # that are kept


@dataclass(frozen=True, slots=True)
class Order:
    """What a job is told."""

    home: str
    model: str | None
    job: str
    by: str
    allow_shrink: bool


class _Told:
    """Keeps the journal up to date, though not at every step."""

    def __init__(self, journal: Journal, job: Job) -> None:
        self.job = job
        self._journal = journal
        self._at = 0.0

    def __call__(self, phase: str, done: int, total: int | None) -> None:
        moment = time.monotonic()
        if phase != self.job.phase or done == total or moment - self._at >= _TELL_SECONDS:
            self._at = moment
            self.job = replace(self.job, phase=phase, done=done, total=total)
            self._journal.write(self.job)

    def end(self, state: JobState, **more: object) -> None:
        self.job = replace(self.job, state=state, ended=now(), **more)  # type: ignore[arg-type]
        self._journal.write(self.job)


def main(order: Order, announce: Callable[[], None]) -> None:
    """Do the job; `announce` is called once everybody can see that it is under way."""
    os.nice(NICE)
    signal.signal(signal.SIGTERM, _stop)
    journal = Journal(Path(order.home) / "index")
    with journal.hold():
        told = _Told(journal, Job(order.job, order.by, os.getpid(), now()))
        try:
            journal.write(told.job)
            announce()
            _build(order, told)
        except KeyboardInterrupt:
            told.end(JobState.CANCELLED)
        except Exception as error:
            told.end(JobState.FAILED, reason=str(error) or type(error).__name__)
            raise


def _build(order: Order, told: _Told) -> None:
    # With them come Chroma and all readers: by now the page says that the job has begun.
    from ingest.judge import GoldenJudge
    from ingest.pipeline import ShrunkError, Verdict, ingest
    from ingest.questions.store import OwnQuestions
    from ingest.sources import Sources
    from knowledge.embedder import open_embedder
    from knowledge.errors import NiangjiaError
    from knowledge.generation import Generation, Generations
    from knowledge.organizations import load_organizations, regions_with

    home = Path(order.home)
    embedder = open_embedder(order.model)
    golden = GoldenJudge(home, embedder, reviewing=True)

    def judge(new: Generation) -> Verdict:
        told("judge", 0, None)
        return golden(new)

    try:
        result = ingest(
            Sources(home),
            Generations(home),
            embedder,
            allow_shrink=order.allow_shrink,
            judge=judge,
            serve=False,
            bank=OwnQuestions(home).bank(),
            regions=regions_with(load_organizations(home=home)),
            report=told,
        )
    except ShrunkError as error:
        told.end(JobState.SHRUNK, reason=str(error))
    except NiangjiaError as error:
        told.end(JobState.FAILED, reason=str(error))
    else:
        if not result.built:  # what serves is what the sources say
            Generations(home).release()
        told.end(
            JobState.BUILT if result.built else JobState.UNCHANGED,
            generation=result.generation,
            failures=result.failures,
            warnings=result.warnings[:_WARNINGS],
        )


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(Order(**orjson.loads(sys.argv[1])), lambda: print(READY, flush=True))
