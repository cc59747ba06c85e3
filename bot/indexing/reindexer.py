"""Starts, watches and stops the reindexing job, and switches between generations."""

import asyncio
import os
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

import orjson

from bot.desk.knowledge.ports import BusyError, Job, JobState
from bot.indexing.job import Order
from bot.indexing.journal import Journal, now
from ingest.lock import LockedError, writer_lock
from knowledge.generation import Generations

T = TypeVar("T")

STOP_SECONDS = 10.0  # a job has for leaving by itself
_POLL = 0.05


class Reindexer:
    """Implements `Indexing` by a process of its own, so that the bot answers on and a job outlives the page."""

    def __init__(self, home: Path, model: str | None, switched: Callable[[], None]) -> None:
        """`switched` is called, off the loop, once another generation is to serve, such as `LiveGeneration.refresh`."""
        self._home = home.absolute()
        self._model = model
        self._switched = switched
        self._generations = Generations(self._home)
        self._journal = Journal(self._generations.folder)
        self._process: Process | None = None
        self._starting = asyncio.Lock()

    async def start(self, by: str, *, allow_shrink: bool = False) -> None:
        """Begin a job; raise BusyError while another is under way."""
        async with self._starting:
            if await self._running():
                raise BusyError("An index is being built already: wait until it is done, or cancel it.")
            order = Order(str(self._home), self._model, secrets.token_hex(4), by, allow_shrink)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.indexing.job", orjson.dumps(asdict(order)).decode(), stdout=PIPE
            )
            begun = self._process.stdout and await self._process.stdout.readline()
            if not begun:
                raise BusyError("The job could not begin; the log says why.")

    async def last(self) -> Job | None:
        """Return the job that is under way, or else the last one; None before the first."""
        return await asyncio.to_thread(self._journal.last)

    async def cancel(self) -> bool:
        """Stop the job that is under way, whichever bot began it, and tell whether there was one."""
        job = await self._running()
        if job is None:
            return False
        os.kill(job.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._stopped()
        except TimeoutError:  # deep in a library that hears no signal; the next job clears up after it
            os.kill(job.pid, signal.SIGKILL)
            await self._stopped()
            self._journal.write(replace(job, state=JobState.CANCELLED, ended=now()))
        return True

    async def serve(self, generation: str) -> None:
        """Let a generation serve; raise BusyError while an index is written, GenerationError where it is not there."""
        await asyncio.to_thread(self._holding, lambda: self._generations.switch(generation))
        await asyncio.to_thread(self._switched)

    async def discard(self) -> str | None:
        """Throw away the generation that lies ready and return its id; raise BusyError while an index is written."""
        return await asyncio.to_thread(self._holding, self._generations.discard)

    async def close(self) -> None:
        """Stop the job that this bot began; the next index is built from the same files."""
        if self._process is not None and self._process.returncode is None:
            await self.cancel()
            await self._process.wait()

    async def _running(self) -> Job | None:
        job = await self.last()
        return job if job is not None and job.state is JobState.RUNNING else None

    async def _stopped(self) -> None:
        while await self._running():  # noqa: ASYNC110 - a process of another bot tells nobody
            await asyncio.sleep(_POLL)

    def _holding(self, work: Callable[[], T]) -> T:
        try:
            with writer_lock(self._generations.folder):
                return work()
        except LockedError as error:
            raise BusyError(str(error)) from error
