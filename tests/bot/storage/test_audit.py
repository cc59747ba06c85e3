import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.audit import CLI, Act, Actor, Entry, Search
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.fakes import Clock

CLERK = Actor("0a1b2c3d", "clerk")
LOGIN = Entry(CLERK, Act.LOGGED_IN, "staff/0a1b2c3d")
INVITED = Entry(CLI, Act.INVITED, "staff/0a1b2c3d", "clerk")


def alter(folder: Path, *statements: str) -> None:
    """Change the database as somebody with the file would, past what guards it."""
    with sqlite3.connect(folder / "niangjia.db") as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


async def fill(storage: Storage, clock: Clock, count: int = 5) -> None:
    for _ in range(count):
        clock.forward(minutes=1)
        await storage.audit.record(LOGIN)


async def test_records_are_numbered_and_found_newest_first(storage: Storage, clock: Clock) -> None:
    await storage.audit.record(INVITED)
    begun = clock.now
    await fill(storage, clock, 2)
    found = await storage.audit.search(Search())
    assert [(record.number, record.entry) for record in found] == [(3, LOGIN), (2, LOGIN), (1, INVITED)]
    assert found[0].at == clock.now
    older = await storage.audit.search(Search(), before=found[1].number)
    assert [record.number for record in older] == [1]
    for search, numbers in (
        (Search(actor="cli"), [1]),
        (Search(act=Act.LOGGED_IN), [3, 2]),
        (Search(subject="staff/0a1b2c3d"), [3, 2, 1]),
        (Search(hash=found[1].hash[:12]), [2]),
        (Search(hash="%"), []),
        (Search(until=clock.now), [2, 1]),
        (Search(since=clock.now), [3]),
        (Search(actor="cli", since=clock.now), []),
        (Search(until=begun), []),
        (Search(among=frozenset({"0a1b2c3d"})), [3, 2, 1]),
        (Search(among=frozenset({"ffffffff"})), []),
    ):
        assert [record.number for record in await storage.audit.search(search)] == numbers, search


async def test_an_untouched_chain_is_whole_and_so_is_an_empty_one(storage: Storage, clock: Clock) -> None:
    empty = await storage.audit.verify()
    assert (empty.records, empty.broken_at) == (0, None)
    await fill(storage, clock)
    checked = await storage.audit.verify()
    assert (checked.records, checked.broken_at) == (5, None)
    (newest,) = await storage.audit.search(Search(), limit=1)
    assert checked.head == newest.hash


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit SET detail = 'admin' WHERE number = 3", 3),
        ("UPDATE audit SET actor = 'someone' WHERE number = 1", 1),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE number = 2", 2),
        ("UPDATE audit SET act = 'unheard of' WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 5", 5),
        ("UPDATE audit_head SET number = 4", 4),
        ("UPDATE audit_head SET hash = 'x'", 5),
    ],
)
async def test_whatever_is_tampered_with_is_found(
    storage: Storage, clock: Clock, tmp_path: Path, statement: str, broken_at: int
) -> None:
    await fill(storage, clock)
    alter(tmp_path, statement)
    assert (await storage.audit.verify()).broken_at == broken_at


async def test_a_long_chain_is_checked_to_its_end(
    storage: Storage, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.audit._BATCH", 2)
    await fill(storage, clock)
    assert (await storage.audit.verify()).broken_at is None
    alter(tmp_path, "UPDATE audit SET detail = 'x' WHERE number = 5")
    assert (await storage.audit.verify()).broken_at == 5


async def test_a_check_goes_on_from_where_the_last_one_got_to(both: Storage, clock: Clock) -> None:
    await fill(both, clock)
    first = await both.audit.check(CLERK, whole=False)
    assert (first.since, first.records, first.broken_at) == (1, 5, None)
    await fill(both, clock)
    second = await both.audit.check(CLERK, whole=False)
    assert (second.since, second.records, second.broken_at) == (6, 11, None)
    (newest,) = await both.audit.search(Search(), limit=1)
    assert (newest.entry.act, newest.entry.actor, newest.entry.detail) == (Act.AUDIT_VERIFIED, CLERK, "checked 11")
    assert (await both.audit.check(CLERK, whole=True)).since == 1


async def test_an_older_record_that_was_changed_is_found_by_the_whole_check(
    storage: Storage, clock: Clock, tmp_path: Path
) -> None:
    await fill(storage, clock)
    await storage.audit.check(CLERK, whole=False)
    alter(tmp_path, "UPDATE audit SET actor = 'someone' WHERE number = 2")
    assert (await storage.audit.check(CLERK, whole=False)).broken_at is None
    assert (await storage.audit.check(CLERK, whole=True)).broken_at == 2
    (newest,) = await storage.audit.search(Search(), limit=1)
    assert newest.entry.detail == "broken 2"


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE audit SET subject = 'proof/' || printf('%032d', 0) WHERE number = 6",
        "UPDATE audit SET detail = 'checked 3' WHERE number = 6",
        "UPDATE audit SET detail = 'checked all' WHERE number = 6",
        "UPDATE audit SET hash = printf('%064d', 0) WHERE number = 5",
        "DELETE FROM audit WHERE number = 5",
    ],
)
async def test_a_proof_that_does_not_hold_spares_nothing_the_check(
    storage: Storage, clock: Clock, tmp_path: Path, forged: str
) -> None:
    await fill(storage, clock)
    await storage.audit.check(CLERK, whole=False)
    alter(tmp_path, forged, "UPDATE audit SET actor = 'someone' WHERE number = 2")
    checked = await storage.audit.check(CLERK, whole=False)
    assert (checked.since, checked.broken_at) == (1, 2)


async def test_the_database_refuses_changes(storage: Storage, tmp_path: Path) -> None:
    await storage.audit.record(LOGIN)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        for statement in ("UPDATE audit SET detail = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
                connection.execute(statement)


async def test_those_who_record_at_the_same_time_share_one_chain(database_url: str, clock: Clock) -> None:
    async with Storage(database_url, Seal(b"k"), now=clock) as one, Storage(database_url, Seal(b"k"), now=clock) as two:
        await asyncio.gather(*(each.audit.record(LOGIN) for each in (one, two) * 10))
        checked = await one.audit.verify()
    assert (checked.records, checked.broken_at) == (20, None)
