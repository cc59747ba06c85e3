"""The job as a process: what is left of it when it or the bot dies, and that it is one at a time."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from bot.desk.knowledge.ports import BusyError, Job, JobState
from bot.indexing.job import NICE
from bot.indexing.journal import Journal, now
from bot.indexing.reindexer import Reindexer
from ingest.lock import writer_lock
from ingest.questions.store import OwnQuestion, OwnQuestions, Standing
from knowledge.embedder import Embedder
from knowledge.generation import GenerationError, Generations
from tests.library import CARE, index, write

BY = "0a1b2c3d"
LATER = Job("00000001", BY, 1, now())


@pytest.fixture
def home(tmp_path: Path, encoder: Embedder) -> Path:
    """A home with an index and a changed document."""
    folder = write(tmp_path / "lib")
    index(tmp_path / "home", folder, encoder)
    write(folder, {"guides/高温.md": CARE.replace("按月", "按天")})
    return tmp_path / "home"


@pytest_asyncio.fixture
async def reindexer(home: Path) -> AsyncIterator[Reindexer]:
    opened = Reindexer(home, None, lambda: None)
    yield opened
    await opened.close()


async def ended(reindexer: Reindexer) -> Job:
    async with asyncio.timeout(120):
        while (job := await reindexer.last()) is None or job.state is JobState.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return job


async def test_a_job_that_was_killed_is_told_so_by_the_next_bot_and_another_one_can_begin(
    home: Path, reindexer: Reindexer
) -> None:
    await reindexer.start(BY)
    running = await reindexer.last()
    assert running is not None and running.state is JobState.RUNNING and running.by == BY
    assert os.getpriority(os.PRIO_PROCESS, running.pid) >= NICE
    os.kill(running.pid, signal.SIGKILL)
    job = await ended(Reindexer(home, None, lambda: None))
    assert (job.state, job.id) == (JobState.INTERRUPTED, running.id)
    await reindexer.start(BY)
    assert (await ended(reindexer)).state is JobState.BUILT
    assert not list(Generations(home).folder.glob(".building-*"))


async def test_a_job_outlives_the_bot_that_began_it_and_another_bot_can_stop_it(
    home: Path, reindexer: Reindexer
) -> None:
    await reindexer.start(BY)
    other = Reindexer(home, None, lambda: None)
    with pytest.raises(BusyError, match="already"):
        await other.start(BY)
    assert await other.cancel()
    assert (await ended(reindexer)).state is JobState.CANCELLED
    assert not await other.cancel()


async def test_a_bot_that_stops_takes_its_job_with_it(home: Path, reindexer: Reindexer) -> None:
    await reindexer.start(BY)
    await reindexer.close()
    assert (await ended(reindexer)).state is JobState.CANCELLED


async def test_while_somebody_else_writes_a_job_fails_and_nothing_is_switched(home: Path, reindexer: Reindexer) -> None:
    current = Generations(home).current()
    with writer_lock(Generations(home).folder):
        await reindexer.start(BY)
        job = await ended(reindexer)
        assert (job.state, "Another ingest" in job.reason) == (JobState.FAILED, True)
        with pytest.raises(BusyError):
            await reindexer.serve(str(current))
    with pytest.raises(GenerationError):
        await reindexer.serve("nothing")
    assert Generations(home).current() == current


def test_the_journal_gives_back_what_was_written_and_nothing_of_what_is_broken(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.last() is None
    done = replace(LATER, state=JobState.BUILT, ended=now(), failures={"a": "is empty"}, warnings=("b",), total=3)
    with journal.hold():
        journal.write(LATER)
        assert journal.last() == LATER
        journal.write(done)
    assert journal.last() == done
    journal.write(LATER)
    assert journal.last() == replace(LATER, state=JobState.INTERRUPTED)
    (tmp_path / "JOB").write_text("{}")
    assert journal.last() is None


async def test_a_homes_own_questions_are_indexed_as_on_the_command_line(home: Path, reindexer: Reindexer) -> None:
    before = Generations(home).current_manifest()
    asked = ("中暑了找谁", "lib/guides/高温.md", "怎么领", "怎么领", "", "表.xlsx", date(2026, 11, 21))
    OwnQuestions(home).add([OwnQuestion(*asked, Standing.APPROVED)])
    await reindexer.start(BY)
    job = await ended(reindexer)
    after = next(each for each in Generations(home).manifests() if each.id == job.generation)
    assert before is not None and after.questions == before.questions + 1
