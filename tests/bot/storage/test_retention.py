import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.answers.model import AnswerStatus
from bot.cases.model import Move, fold
from bot.dialogue.ports import Conversation, Exchange, Turn
from bot.messages import Channel, Reply
from bot.storage.case_tables import cases
from bot.storage.retention import Retention
from bot.storage.storage import Storage
from tests.bot.cases.house import WORKER, appended, open_case
from tests.bot.fakes import Clock, message


def kept(folder: Path) -> dict[str, int]:
    """Return how many rows of each table still hold what was said."""
    with sqlite3.connect(folder / "niangjia.db") as connection:
        columns = (("inbox", "payload"), ("outbox", "payload"), ("conversations", "memory"))
        return {
            table: connection.execute(f"SELECT count({column}) FROM {table}").fetchone()[0] for table, column in columns
        }


async def converse(storage: Storage, channel: Channel = Channel.WEB) -> None:
    await storage.inbox.accept(message("问", channel=channel))
    (letter,) = await storage.inbox.due(1, ())
    exchanges = (Exchange("e", "问", "答", AnswerStatus.ANSWERED),)
    await storage.inbox.finish(letter, Turn((Reply("答"),), Conversation(channel, "7", "十堰", exchanges)))


async def test_words_and_memories_go_after_thirty_days(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    await converse(storage)
    clock.forward(days=29)
    assert await storage.retention.sweep() == 0
    assert kept(tmp_path) == {"inbox": 1, "outbox": 1, "conversations": 1}  # a form may wait in the memory
    clock.forward(days=2)
    assert await storage.retention.sweep() == 3
    assert kept(tmp_path) == {"inbox": 0, "outbox": 0, "conversations": 0}
    assert await storage.outbox.after(Channel.WEB, "7") == []


async def test_a_case_is_erased_a_year_after_its_end(both: Storage, clock: Clock) -> None:
    ended, going = open_case(clock.now), open_case(clock.now)
    await both.cases.apply([ended, going], clock.now)
    case = fold(ended.events)
    await both.cases.apply([appended(case, Move.WITHDRAW, WORKER, clock.now)], clock.now)
    clock.forward(days=364)
    await both.retention.sweep()
    kept = await both.cases.case(case.id)
    assert kept is not None and not kept.erased
    clock.forward(days=2)
    await both.retention.sweep()
    for id, gone in ((case.id, True), (going.events[0].case, False)):
        found = await both.cases.case(id)
        assert found is not None and found.erased is gone


async def test_a_case_that_does_not_open_keeps_no_other_from_going(both: Storage, clock: Clock) -> None:
    broken, whole = open_case(clock.now), open_case(clock.now)
    await both.cases.apply([broken, whole], clock.now)
    for each in (broken, whole):
        await both.cases.apply([appended(fold(each.events), Move.WITHDRAW, WORKER, clock.now)], clock.now)
    id = broken.events[0].case
    await both.database.execute(update(cases).where(cases.c.id == id).values(key=b"no key at all", ended_at=clock.now))
    clock.forward(days=366)
    await both.retention.sweep()
    found = await both.cases.case(whole.events[0].case)
    assert found is not None and found.erased


async def test_one_sweep_that_fails_keeps_no_other_from_sweeping(storage: Storage, clock: Clock) -> None:
    async def fails() -> int:
        raise OSError("the disk is away")

    async def sweeps() -> int:
        return 3

    retention = Retention(storage.database, clock, timedelta(days=30), (fails, sweeps))
    assert await retention.sweep() == 3


async def test_an_update_is_known_even_after_its_words_are_gone(storage: Storage, clock: Clock) -> None:
    await converse(storage)
    clock.forward(days=31)
    await storage.retention.sweep()
    assert not await storage.inbox.accept(message("问", channel=Channel.WEB))


async def test_what_still_waits_is_kept_however_old(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    await converse(storage, Channel.TELEGRAM)  # its reply waits for a sender
    await storage.inbox.accept(message("还没轮到"))
    clock.forward(days=90)
    await storage.retention.sweep()
    assert kept(tmp_path) == {"inbox": 1, "outbox": 1, "conversations": 0}
    (letter,) = await storage.inbox.due(1, ())
    assert letter.incoming.text == "还没轮到"


@pytest.mark.parametrize("failed", ["inbox", "outbox"])
async def test_failures_go_in_time_too(storage: Storage, clock: Clock, tmp_path: Path, failed: str) -> None:
    await converse(storage, Channel.TELEGRAM)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute(f"UPDATE {failed} SET status = 'failed'")
    clock.forward(days=31)
    await storage.retention.sweep()
    assert kept(tmp_path)[failed] == 0
