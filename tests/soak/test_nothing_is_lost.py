"""The bot is killed without warning while people write to it, again and again, and nothing is lost.

`make soak` kills 200 times, and 50 times while alarms ring; SOAK_SEED=… repeats the moments of a run, whose seed
stands in what a failure shows.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom

import pytest

from bot.cases.model import Alarm
from tests.bot.storage import postgres
from tests.soak.month import Month
from tests.soak.reaper import Reaper
from tests.telegram_api import TelegramApi

KILLS = int(os.environ.get("SOAK_KILLS", "20"))
SEED = int(os.environ.get("SOAK_SEED", SystemRandom().randrange(10**6)))


_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what dies here is a process, not the disk


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="niangjia-soak-", dir=_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{home / 'niangjia.db'}"
        return
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: no initdb found")
    with postgres.server() as url:
        yield url


async def test_killed_at_any_moment_it_loses_nothing_and_doubles_only_what_it_could_not_know_of(
    database: str, home: Path
) -> None:
    print(f"SOAK_SEED={SEED}")
    async with TelegramApi() as api:
        reaper = Reaper(api, database, home, Random(SEED))
        await reaper.run(KILLS)
    receipts = sum(len(story.receipts) for story in reaper.stories)
    print(
        f"{KILLS} kills, {len(reaper.stories)} people, {len(reaper.sent)} messages, {receipts} cases, "
        f"{len(reaper.books.interrupted)} messages twice"
    )
    assert receipts > 0


async def test_through_five_weeks_of_deaths_every_alarm_rings_once_and_reaches_whom_it_calls(
    database: str, home: Path
) -> None:
    print(f"SOAK_SEED={SEED}")
    async with TelegramApi() as api:
        month = Month(api, database, home, Random(SEED))
        await month.run(max(KILLS // 4, 1))
    print(f"{max(KILLS // 4, 1)} kills, rung: {dict(month.rung)}, {len(month.books.interrupted)} messages twice")
    assert month.rung.keys() == set(Alarm)
