"""Many transactions in one commit: how SQLite, which has one writer and waits for the disk at each commit, keeps up."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Work = Callable[[Connection], Any]


class Outcome(NamedTuple):
    """What came of one transaction."""

    result: Any
    error: Exception | None


class Together:
    """Writes one transaction after the other; those that come while some are written are committed together.

    Each stays all or nothing, and is told of only once it is committed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, "writer")
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in its turn and return what it returns; it is carried out even if the caller is cancelled."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await done

    async def close(self) -> None:
        """Let what waits be written."""
        if self._writing is not None:
            await self._writing
        await asyncio.to_thread(self._thread.shutdown)

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                outcomes = await loop.run_in_executor(self._thread, self._commit, [work for work, _ in batch])
            except Exception as error:  # nothing of it is stored
                outcomes = [Outcome(None, error)] * len(batch)
            for (_, done), outcome in zip(batch, outcomes, strict=True):
                if done.cancelled():  # nobody waits for it any more
                    continue
                if outcome.error is None:
                    done.set_result(outcome.result)
                else:
                    done.set_exception(outcome.error)
        self._writing = None

    def _commit(self, works: Sequence[Work]) -> list[Outcome]:
        with self._engine.begin() as connection:
            return [_alone(connection, work) for work in works]


def _alone(connection: Connection, work: Work) -> Outcome:
    """Do `work` so that its failure takes back nothing but its own."""
    plainly = connection.connection.cursor().execute  # for by SQLAlchemy that takes as long as most works
    plainly("SAVEPOINT work")
    try:
        result = work(connection)
    except Exception as error:
        connection.exec_driver_sql("ROLLBACK TO work")  # raises where SQLite gave up all, as on a full disk: all fail
        connection.exec_driver_sql("RELEASE work")
        return Outcome(None, error)
    plainly("RELEASE work")
    return Outcome(result, None)
