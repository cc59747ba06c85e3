"""Notices on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from bot.cases.changes import NoticeKind
from bot.delivery import RetryLater
from bot.dialogue.drainer import Drainer
from bot.notices.model import Address, Dispatch, Kind, Medium, Notice
from bot.notices.ports import Addressee
from bot.storage.database import Database
from bot.storage.notice_tables import notices as table
from bot.storage.notices import SUPERSEDED, SqlNotices
from bot.storage.retention import Retention
from bot.storage.seal import Seal
from bot.storage.tables import Status
from knowledge.vocabulary import Category, Urgency
from tests.bot.fakes import Clock, eventually

UNION, OTHER = "荆州市总工会", "沙市区总工会"
NEW = Notice(Kind.NEW_CASE, UNION, Urgency.URGENT, "JZ-2026-000123", Category.WAGE_ARREARS)
EMERGENCY = Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, "JZ-2026-000124")
ROBOT = Address(Medium.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", entry="值班群")
MAIL = Address(Medium.EMAIL, "wangfang@example.org", entry="王芳")
MEDIA = [Medium.WECOM, Medium.EMAIL]


class Board:
    """Calls the same whatever it is, each an hour after the one before."""

    def __init__(self, *called: Address) -> None:
        self.called = called or (ROBOT, MAIL)

    def addressees(self, notice: Notice, at: datetime) -> tuple[Addressee, ...]:
        return tuple(Addressee(each, at + timedelta(hours=place)) for place, each in enumerate(self.called))


class Carrier:
    """Takes dispatches and keeps them, but for the first `refusals`."""

    def __init__(self, refusals: int = 0) -> None:
        self.taken: list[Dispatch] = []
        self.refusals = refusals

    async def send(self, dispatch: Dispatch) -> str | None:
        if self.refusals:
            self.refusals -= 1
            raise RetryLater("flood", seconds=0)
        self.taken.append(dispatch)
        return "x" * 80


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def notices(database: Database, clock: Clock) -> SqlNotices:
    return SqlNotices(database, Seal(b"s" * 32), clock, Board())


async def store(database: Database, notices: SqlNotices, *stored: Notice) -> None:
    for notice in stored:
        await database.write(partial(store_one, notices, notice))
    notices.announce()


def store_one(notices: SqlNotices, notice: Notice, connection: Connection) -> None:
    notices.store(connection, notice)


async def due(notices: SqlNotices, *busy: str) -> list[tuple[Notice, Address]]:
    return [(found.notice, found.address) for found in await notices.due(100, busy, MEDIA)]


def test_whatever_the_cases_call_staff_for_is_a_kind_of_notice() -> None:
    assert {kind.value for kind in NoticeKind} == {kind.value for kind in Kind} - {Kind.TRIAL, Kind.TAKEN}


async def test_a_notice_lies_on_the_desk_and_is_on_its_way_to_everybody_at_their_time(
    database: Database, notices: SqlNotices, clock: Clock
) -> None:
    await store(database, notices, NEW)
    assert await notices.counts() == {Status.SHELVED: 1, Status.WAITING: 2}
    (shown,) = await notices.shown([UNION])
    assert (shown.notice, shown.at) == (NEW, clock.now)
    assert await due(notices) == [(NEW, ROBOT)]
    clock.forward(hours=1)
    assert await due(notices) == [(NEW, ROBOT), (NEW, MAIL)]


async def test_the_desk_shows_the_newest_first_and_only_those_of_ones_unions(
    database: Database, notices: SqlNotices
) -> None:
    other = Notice(Kind.REPLY, OTHER, case="JZ-2026-000999")
    await store(database, notices, NEW, EMERGENCY, other)
    assert [shown.notice for shown in await notices.shown([UNION])] == [EMERGENCY, NEW]
    assert [shown.notice for shown in await notices.shown([UNION, OTHER], limit=1)] == [other]
    newest, oldest = await notices.shown([UNION])
    assert await notices.shown([UNION], after=oldest.id) == [newest]
    assert await notices.shown([]) == []


async def test_nobody_in_the_roster_leaves_the_notice_on_the_desk(database: Database, clock: Clock) -> None:
    notices = SqlNotices(database, Seal(b"s" * 32), clock)
    await store(database, notices, NEW, Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, EMERGENCY.case, call=2))
    assert await notices.counts() == {Status.SHELVED: 1}


async def test_a_transaction_that_fails_calls_nobody(database: Database, notices: SqlNotices) -> None:
    def fails(connection: Connection) -> None:
        notices.store(connection, NEW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fails)
    assert await notices.counts() == {}


async def test_an_emergency_is_not_held_back_by_what_waits_for_the_same_address(
    database: Database, notices: SqlNotices
) -> None:
    await store(database, notices, NEW)
    (held,) = await notices.due(1, (), MEDIA)
    await notices.postpone(held, 600, "RetryLater", failure=False)
    await store(database, notices, NEW, EMERGENCY)
    assert await due(notices) == [(EMERGENCY, ROBOT)]


async def test_a_repeated_call_takes_the_place_of_those_that_still_wait(
    database: Database, notices: SqlNotices
) -> None:
    again = Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, EMERGENCY.case, call=2)
    other = Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, "JZ-2026-000777")
    await store(database, notices, other, EMERGENCY, again)
    assert [shown.notice for shown in await notices.shown([UNION])] == [EMERGENCY, other]
    assert await due(notices) == [(other, ROBOT)]
    busy = (await notices.due(1, (), MEDIA))[0]
    await notices.sent(busy, "1")
    assert await due(notices) == [(again, ROBOT)]
    assert len(await database.read(select(table).where(table.c.error == SUPERSEDED))) == 2
    assert Status.FAILED not in await notices.counts()


async def test_calls_that_wait_are_taken_back_when_somebody_takes_the_emergency(
    database: Database, notices: SqlNotices
) -> None:
    await store(database, notices, NEW, EMERGENCY)
    assert EMERGENCY.case is not None
    await database.write(lambda connection: notices.hush(connection, EMERGENCY.case or ""))
    assert await due(notices) == [(NEW, ROBOT)]
    assert [shown.notice for shown in await notices.shown([UNION])] == [EMERGENCY, NEW]


async def test_the_rows_tell_neither_addresses_nor_names(database: Database, notices: SqlNotices) -> None:
    await store(database, notices, NEW)
    rows = repr(await database.read(select(table)))
    for secret in ("key=1", "wangfang", "王芳", "值班群"):
        assert secret not in rows
    assert "JZ-2026-000123" in rows


async def test_a_row_that_does_not_open_or_names_a_union_that_is_gone_does_not_stop_the_others(
    database: Database, notices: SqlNotices, clock: Clock
) -> None:
    await store(database, notices, NEW)
    clock.forward(hours=1)
    await database.execute(update(table).where(table.c.channel == Medium.WECOM).values(payload=b"\x01\x00"))
    assert await due(notices) == [(NEW, MAIL)]
    assert (await notices.counts())[Status.FAILED] == 1


async def test_the_drainer_carries_notices_with_patience(database: Database, notices: SqlNotices, clock: Clock) -> None:
    carrier = Carrier(refusals=3)
    task = asyncio.create_task(Drainer(notices, dict.fromkeys(MEDIA, carrier), what="notice").run())
    await store(database, notices, NEW, EMERGENCY)
    clock.forward(hours=1)
    notices.announce()

    async def nothing_waits() -> bool:
        return Status.WAITING not in await notices.counts()

    await eventually(nothing_waits)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    told = {(taken.notice.kind, taken.address.entry) for taken in carrier.taken}
    assert told == {(kind, entry) for kind in (Kind.NEW_CASE, Kind.EMERGENCY) for entry in ("值班群", "王芳")}
    assert len(carrier.taken) == 4


async def test_what_is_old_and_settled_is_blanked_and_what_waits_is_kept(
    database: Database, notices: SqlNotices, clock: Clock
) -> None:
    await store(database, notices, NEW)
    clock.forward(days=31)
    assert await Retention(database, clock, timedelta(days=30)).sweep() == 1
    assert await notices.shown([UNION]) == []
    assert await due(notices) == [(NEW, ROBOT), (NEW, MAIL)]


async def test_who_takes_a_case_is_not_held_up_by_a_notice_that_does_not_open(
    database: Database, notices: SqlNotices
) -> None:
    await store(database, notices, EMERGENCY)
    (called,) = await notices.due(100, (), MEDIA)
    await notices.sent(called, "x")
    await database.execute(update(table).where(table.c.status == Status.DONE).values(payload=b"of another key"))
    await database.write(partial(take, notices))
    assert {row.kind for row in await database.read(select(table.c.kind))} == {Kind.EMERGENCY}


async def test_what_waits_when_somebody_takes_the_case_says_so(
    database: Database, notices: SqlNotices, clock: Clock
) -> None:
    await store(database, notices, NEW)
    await database.write(partial(claim, notices))
    clock.forward(hours=1)
    assert {notice.by for notice, _ in await due(notices)} == {"王芳"}


@pytest.mark.parametrize("notice", [NEW, EMERGENCY])
async def test_what_is_under_way_when_somebody_takes_the_case_is_put_right_as_soon_as_it_has_arrived(
    database: Database, clock: Clock, notice: Notice
) -> None:
    group = Address(Medium.TELEGRAM, "-100", entry="值班群")
    notices = SqlNotices(database, Seal(b"s" * 32), clock, Board(group))
    await store(database, notices, notice)
    (flying,) = await notices.due(100, (), [Medium.TELEGRAM])
    await database.write(partial(take if notice is EMERGENCY else claim, notices))
    assert await notices.due(100, [flying.lane], [Medium.TELEGRAM]) == []
    await notices.sent(flying, "77")
    (amending,) = await notices.due(100, (), [Medium.TELEGRAM])
    assert (amending.amends, amending.notice.by, amending.notice.kind) == ("77", "王芳", notice.kind)
    await notices.sent(amending, "77")
    assert await notices.due(100, (), [Medium.TELEGRAM]) == []


async def test_a_call_under_way_that_cannot_be_put_right_is_followed_by_who_took_the_emergency(
    database: Database, notices: SqlNotices, clock: Clock
) -> None:
    await store(database, notices, EMERGENCY, NEW)
    flying = await notices.due(100, (), MEDIA)
    await database.write(partial(take, notices))
    await database.write(partial(claim, notices))
    for dispatch in flying:
        await notices.sent(dispatch, None)
    (followed,) = await notices.due(100, (), MEDIA)
    assert (followed.notice.kind, followed.notice.by, followed.address) == (Kind.TAKEN, "王芳", ROBOT)


def claim(notices: SqlNotices, connection: Connection) -> None:
    assert NEW.case is not None
    notices.taken(connection, NEW.case, "王芳", emergency=False)


def take(notices: SqlNotices, connection: Connection) -> None:
    assert EMERGENCY.case is not None
    notices.taken(connection, EMERGENCY.case, "王芳", emergency=True)
