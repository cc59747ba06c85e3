"""Staff, their sessions and the audit, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from bot.audit import CLI, Act, Actor, Entry, Search
from bot.desk.journeys import Journey
from bot.desk.ports import Link, Proofs, Session
from bot.desk.staff import Role, Staff
from bot.pages.limits import Rate
from bot.storage.seal import Seal
from bot.storage.staff_tables import audit, staff
from bot.storage.storage import Storage
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock

INVITED = Entry(CLI, Act.INVITED, "staff/0000000a", "clerk")
DONE = Entry(Actor("0000000a", "clerk"), Act.LOGGED_IN, "staff/0000000a")


def new(clock: Clock, staff_id: str = "0000000a", login: str = "li.ming") -> Staff:
    return Staff(staff_id, login, "李明", Role.CLERK, ("十堰市总工会",), clock.now)


def link(clock: Clock, token: str = "token", days: int = 3) -> Link:
    return Link(token, clock.now + timedelta(days=days))


async def acts(storage: Storage) -> list[str]:
    return [record.entry.act for record in await storage.audit.search(Search())]


async def test_an_account_is_added_once_and_read_as_it_was_written(both: Storage, clock: Clock) -> None:
    assert await both.staff.add(new(clock), link(clock), INVITED)
    assert not await both.staff.add(new(clock, "0000000b"), link(clock, "other"), INVITED)
    assert await both.staff.everybody() == [new(clock)]
    assert await both.staff.by_login("li.ming") == await both.staff.find("0000000a") == new(clock)
    assert await both.staff.find("0000000b") is None
    assert await both.staff.proofs("0000000b") == Proofs()
    assert await acts(both) == [Act.INVITED], "what was not done is not recorded"


async def test_a_link_is_used_by_one_of_those_who_come_at_once(both: Storage, clock: Clock) -> None:
    await both.staff.add(new(clock), link(clock), INVITED)
    assert await both.staff.linked("token", clock.now) == new(clock)
    taken = await asyncio.gather(*(both.staff.join("token", f"第{n}个", f"hash{n}", DONE) for n in range(5)))
    assert sorted(taken) == [False, False, False, False, True]
    found = await both.staff.find("0000000a")
    assert found is not None
    assert (found.joined, found.name) == (True, f"第{taken.index(True)}个")
    assert (await both.staff.proofs("0000000a")).password == f"hash{taken.index(True)}"
    assert await acts(both) == [Act.LOGGED_IN, Act.INVITED]


async def test_an_old_link_and_that_of_a_closed_account_are_not_good(both: Storage, clock: Clock) -> None:
    await both.staff.add(new(clock), link(clock), INVITED)
    clock.forward(days=3)
    assert await both.staff.linked("token", clock.now) is None
    assert not await both.staff.join("token", "x", "hash", DONE)
    await both.staff.reset("0000000a", link(clock, "newer"), DONE)
    assert await both.staff.linked("newer", clock.now) is not None
    await both.staff.disable("0000000a", DONE)
    assert await both.staff.linked("newer", clock.now) is None


async def test_a_second_factor_is_sealed_and_its_steps_and_codes_open_once(both: Storage, clock: Clock) -> None:
    await both.staff.add(new(clock), link(clock), INVITED)
    await both.staff.set_totp("0000000a", "SECRET", 100, ["one", "two"], DONE)
    assert await both.staff.proofs("0000000a") == Proofs(None, "SECRET", 2)
    ((sealed,),) = await both.database.read(staff.select().with_only_columns(staff.c.totp))
    assert b"SECRET" not in sealed
    used = await asyncio.gather(*(both.staff.use_step("0000000a", step) for step in (100, 101, 101)))
    assert sorted(used) == [False, False, True]
    codes = await asyncio.gather(*(both.staff.use_code("0000000a", code, DONE) for code in ("one", "one", "none")))
    assert sorted(codes) == [False, False, True]
    await both.staff.set_codes("0000000a", ["three"], DONE)
    assert not await both.staff.use_code("0000000a", "two", DONE)
    await both.staff.set_totp("0000000a", None, 0, (), DONE)
    assert await both.staff.proofs("0000000a") == Proofs()


async def test_a_session_is_opened_completed_under_another_token_and_ended(both: Storage, clock: Clock) -> None:
    await both.staff.add(new(clock), link(clock), INVITED)

    def session(name: str, whole: bool = True) -> Session:
        return Session(name, new(clock), whole, "Firefox", clock.now, clock.now)

    await both.sessions.open(session("half", whole=False), clock.now, None)
    assert await both.sessions.missed("half", DONE) == 1
    assert await both.sessions.missed("half", DONE) == 2
    assert await both.sessions.missed("gone", DONE) == 0
    await both.sessions.complete("half", "whole", DONE)
    assert await both.sessions.find("half") is None
    assert await both.sessions.find("whole") == session("whole")
    clock.forward(minutes=1)
    await both.sessions.open(session("second"), clock.now - timedelta(hours=1), DONE)
    await both.sessions.open(session("third"), clock.now - timedelta(hours=1), DONE)
    await both.sessions.seen("whole", clock.now + timedelta(minutes=1))
    assert next(each.id for each in await both.sessions.of("0000000a")) == "whole"
    await both.sessions.end("third", DONE)
    await both.sessions.end_others("0000000a", "second", DONE)
    assert [each.id for each in await both.sessions.of("0000000a")] == ["second"]
    clock.forward(minutes=1)
    await both.sessions.open(session("fourth"), clock.now, DONE)
    assert [each.id for each in await both.sessions.of("0000000a")] == ["fourth"], "what is too old is gone"
    await both.staff.disable("0000000a", DONE)
    assert await both.sessions.find("fourth") is None


async def test_an_identity_is_bound_to_one_account_and_uses_up_its_link(both: Storage, clock: Clock) -> None:
    mailed = replace(new(clock), email="li.ming@example.org")
    assert await both.staff.add(mailed, link(clock), INVITED)
    taken = replace(new(clock, "0000000b", "wang.fang"), email=mailed.email)
    assert not await both.staff.add(taken, link(clock, "other"), INVITED)
    assert await both.staff.add(replace(taken, email=None), link(clock, "other"), INVITED)
    assert await both.staff.by_email("li.ming@example.org") == mailed
    assert not await both.staff.bind("0000000a", "identity", "another link", DONE)
    assert await both.staff.bind("0000000a", "identity", "token", DONE)
    assert not await both.staff.bind("0000000b", "identity", "other", DONE)
    assert await both.staff.linked("token", clock.now) is None
    assert await both.staff.linked("other", clock.now) is not None, "what was refused uses up nothing"
    assert await both.staff.by_identity("identity") == replace(mailed, joined=True, by_provider=True)
    assert await both.staff.bind("0000000b", "another", None, DONE)
    assert await both.staff.linked("other", clock.now) is None
    await both.staff.reset("0000000a", link(clock, "newer"), DONE)
    assert await both.staff.by_identity("identity") is None
    assert await acts(both) == [Act.LOGGED_IN] * 3 + [Act.INVITED] * 2


async def test_a_journey_ends_once(both: Storage, clock: Clock) -> None:
    journey = Journey("state", "browser", "nonce", "verifier", None, "/desk/", clock.now)
    await both.journeys.begin(journey)
    ended = await asyncio.gather(*(both.journeys.end("state") for _ in range(3)))
    assert sorted(ended, key=str) == [journey, None, None]


async def test_tries_are_counted_by_all_who_count_at_once_and_given_back_with_time(both: Storage, clock: Clock) -> None:
    bucket = ("account", Rate(4, 1 / 10))
    waits = await asyncio.gather(*(both.throttle.take(bucket) for _ in range(6)))
    assert sorted(waits) == [0, 0, 0, 0, 10, 10]
    assert await both.throttle.take(("another", Rate(1, 1)), bucket) == 10
    assert await both.throttle.take(("another", Rate(1, 1)), bucket) == 1, "the first that is empty is told"
    clock.forward(seconds=10)
    assert [await both.throttle.take(bucket) for _ in range(2)] == [0, 10]
    assert await both.throttle.sweep() == 1, "what is full again is forgotten"
    clock.forward(seconds=40)
    assert await both.throttle.sweep() == 1
    assert [await both.throttle.take(bucket) for _ in range(5)] == [0, 0, 0, 0, 10]


async def test_the_audit_is_one_chain_whoever_records_at_once_and_refuses_changes(url: str, clock: Clock) -> None:
    async with Storage(url, Seal(SECRET), now=clock) as one, Storage(url, Seal(SECRET), now=clock) as two:
        await asyncio.gather(*(each.audit.record(DONE) for each in (one, two) * 8))
        checked = await one.audit.verify()
        assert (checked.records, checked.broken_at) == (16, None)
        for statement in (audit.delete(), audit.update().values(detail="x")):
            with pytest.raises(DatabaseError, match="only ever added to"):
                await one.database.execute(statement)
        assert (await two.audit.verify()).broken_at is None
