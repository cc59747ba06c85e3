import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.dialogue import lanes
from bot.dialogue.lanes import Lanes
from tests.bot.fakes import eventually


@dataclass(frozen=True)
class Job:
    lane: str
    number: int


class Queue:
    """Holds jobs until they are handled; `due` is as slow as a database."""

    def __init__(self, *jobs: Job) -> None:
        self.jobs = list(jobs)
        self.wake = asyncio.Event()
        self.errors = 0

    async def due(self, limit: int, busy: Collection[str]) -> list[Job]:
        if self.errors:
            self.errors -= 1
            raise OSError("disk full")
        heads: dict[str, Job] = {}
        for job in self.jobs:
            heads.setdefault(job.lane, job)
        await asyncio.sleep(0.002)  # what was read may be out of date by now
        return [job for job in heads.values() if job.lane not in busy][:limit]

    async def left(self, count: int) -> None:
        async def reached() -> bool:
            return len(self.jobs) == count

        await eventually(reached)


@asynccontextmanager
async def running(
    queue: Queue, handle: Callable[[Job], Awaitable[None]], width: int = 4, grace: float = 5.0
) -> AsyncIterator[None]:
    task = asyncio.create_task(Lanes(queue.due, handle, queue.wake, width=width, poll=0.01, grace=grace).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_every_item_is_handled_once_and_in_order_within_its_lane() -> None:
    queue = Queue(*(Job(f"chat {i % 5}", i) for i in range(100)))
    handled: list[Job] = []

    async def handle(job: Job) -> None:
        await asyncio.sleep(0.001)
        handled.append(job)
        queue.jobs.remove(job)

    async with running(queue, handle):
        await queue.left(0)
    assert len(handled) == 100
    for lane in range(5):
        assert [job.number for job in handled if job.lane == f"chat {lane}"] == list(range(lane, 100, 5))


async def test_lanes_run_side_by_side_but_no_more_than_the_width() -> None:
    queue = Queue(*(Job(f"chat {i}", i) for i in range(12)))
    running_now = most = 0

    async def handle(job: Job) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        await asyncio.sleep(0.01)
        running_now -= 1
        queue.jobs.remove(job)

    async with running(queue, handle, width=4):
        await queue.left(0)
    assert most == 4


async def test_a_slow_lane_does_not_hold_up_the_others() -> None:
    queue = Queue(Job("slow", 0), *(Job("quick", i) for i in range(20)))
    never = asyncio.Event()

    async def handle(job: Job) -> None:
        if job.lane == "slow":
            await never.wait()
        queue.jobs.remove(job)

    async with running(queue, handle, width=2, grace=0.01):
        await queue.left(1)
    assert queue.jobs == [Job("slow", 0)]


async def test_an_error_in_the_queue_or_the_work_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_PAUSE", 0.001)
    queue = Queue(Job("a", 0), Job("b", 1))
    queue.errors = 2
    failures = {"a": 2}

    async def handle(job: Job) -> None:
        if failures.get(job.lane):
            failures[job.lane] -= 1
            raise ValueError
        queue.jobs.remove(job)

    async with running(queue, handle):
        await queue.left(0)
    assert failures == {"a": 0}


async def test_work_under_way_may_end_when_it_is_stopped() -> None:
    queue = Queue(Job("a", 0), Job("a", 1))
    begun = asyncio.Event()

    async def handle(job: Job) -> None:
        begun.set()
        await asyncio.sleep(0.02)
        queue.jobs.remove(job)

    async with running(queue, handle):
        await begun.wait()
    assert queue.jobs == [Job("a", 1)]


async def test_work_that_does_not_end_is_cancelled_after_the_grace() -> None:
    queue = Queue(Job("a", 0))
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def handle(job: Job) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with running(queue, handle, grace=0.01):
        await begun.wait()
    assert cancelled.is_set()
