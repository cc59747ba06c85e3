"""Staff's accounts in a messenger, and what their handlers are told there, on both databases."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.audit import CLI, Act, Entry, Search
from bot.desk.messenger.ports import Pairing
from bot.desk.ports import Link
from bot.desk.staff import Role, Staff
from bot.notices.model import Address, Dispatch, Kind, Medium, Notice
from bot.notices.ports import Addressee
from bot.storage.case_rows import handler_digest
from bot.storage.messenger_tables import staff_messengers
from bot.storage.notice_tables import notices as table
from bot.storage.notices import SUPERSEDED, SqlNotices
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from knowledge.vocabulary import Category, Urgency
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock

UNION, CASE, ACCOUNT = "荆州市总工会", "JZ-2026-000123", "7316549820"
OVERDUE = Notice(Kind.OVERDUE, UNION, Urgency.URGENT, CASE, Category.WAGE_ARREARS, claimed=True)
EMERGENCY = Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, CASE, Category.WORK_INJURY)
GROUP = Address(Medium.TELEGRAM, "-1001", entry="值班群")
ROBOT = Address(Medium.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", entry="微信群")
MEDIA = [Medium.TELEGRAM, Medium.WECOM]


class Board:
    """Calls a group and a robot's, an hour later unless it is an emergency."""

    def addressees(self, notice: Notice, at: datetime) -> tuple[Addressee, ...]:
        due = at if notice.kind is Kind.EMERGENCY else at + timedelta(hours=1)
        return (Addressee(GROUP, due), Addressee(ROBOT, due))


def li_ming(clock: Clock, id: str = "0000000a") -> Staff:
    return Staff(id, f"li.{id}", "李明", Role.CLERK, (UNION,), clock.now)


async def hired(storage: Storage, staff: Staff) -> Staff:
    link = Link(staff.id, staff.created_at + timedelta(days=3))
    await storage.staff.add(staff, link, Entry(CLI, Act.INVITED, staff.subject))
    return staff


async def linked(storage: Storage, clock: Clock, account: str = ACCOUNT) -> Staff:
    staff = await hired(storage, li_ming(clock))
    await storage.messengers.offer(staff.id, Pairing("code", clock.now + timedelta(minutes=10)))
    assert await storage.messengers.pair("code", account) == staff
    return staff


def on_board(storage: Storage, clock: Clock) -> SqlNotices:
    return SqlNotices(storage.database, Seal(SECRET), clock, Board(), storage.messengers)


async def stored(storage: Storage, notices: SqlNotices, notice: Notice, handler: str | None = None) -> None:
    await storage.database.write(lambda connection: notices.store(connection, notice, handler))


async def carried(notices: SqlNotices) -> list[Dispatch]:
    """Send all that is due and return it, with ids that rise."""
    sent: list[Dispatch] = []
    while found := await notices.due(100, (), MEDIA):
        for dispatch in found:
            await notices.sent(dispatch, str(100 + dispatch.id) if dispatch.channel is Medium.TELEGRAM else None)
            sent.append(dispatch)
    return sent


async def taken(storage: Storage, notices: SqlNotices, by: str, *, emergency: bool) -> list[Dispatch]:
    """Return what is sent because somebody took the case."""

    def work(connection: Connection) -> None:
        if emergency:
            notices.hush(connection, CASE)
        notices.taken(connection, CASE, by, emergency=emergency)

    await storage.database.write(work)
    return await carried(notices)


async def test_a_code_links_for_one_of_those_who_come_at_once(both: Storage, clock: Clock) -> None:
    staff = await hired(both, li_ming(clock))
    await both.messengers.offer(staff.id, Pairing("code", clock.now + timedelta(minutes=10)))
    found = await asyncio.gather(*(both.messengers.pair("code", f"account {number}") for number in range(5)))
    (winner,) = [number for number, each in enumerate(found) if each is not None]
    known = [await both.messengers.staff_of(f"account {number}") for number in range(5)]
    assert [number for number, each in enumerate(known) if each is not None] == [winner]
    acts = [each.entry.act for each in await both.audit.search(Search())]
    assert acts == [Act.MESSENGER_LINKED, Act.INVITED]


async def test_an_account_goes_over_to_whoever_links_it_last(both: Storage, clock: Clock) -> None:
    first = await linked(both, clock)
    second = await hired(both, li_ming(clock, "0000000b"))
    await both.messengers.offer(second.id, Pairing("other", clock.now + timedelta(minutes=10)))
    assert await both.messengers.pair("other", ACCOUNT) == second
    assert await both.messengers.staff_of(ACCOUNT) == second
    assert await both.messengers.since(first.id) is None


@pytest.mark.parametrize("ends", ["disable", "reset", "part"])
async def test_nobodys_account_acts_after_its_end(both: Storage, clock: Clock, ends: str) -> None:
    staff = await linked(both, clock)
    entry = Entry(CLI, Act.CHANGED, staff.subject)
    if ends == "disable":
        await both.staff.disable(staff.id, entry)
    elif ends == "reset":
        await both.staff.reset(staff.id, Link("new", clock.now + timedelta(days=3)), entry)
    else:
        await both.messengers.part(staff.id, entry)
    assert await both.messengers.staff_of(ACCOUNT) is None
    assert await both.database.read(select(staff_messengers)) == []


async def test_the_handler_is_told_in_private_when_the_unions_hours_begin(both: Storage, clock: Clock) -> None:
    staff = await linked(both, clock)
    notices = on_board(both, clock)
    await stored(both, notices, OVERDUE, handler_digest(Seal(SECRET), staff.id))
    assert await carried(notices) == []
    clock.forward(hours=1)
    assert {each.address.target for each in await carried(notices)} == {GROUP.target, ROBOT.target, ACCOUNT}
    assert ACCOUNT not in repr(await both.database.read(select(table)))


async def test_a_handler_who_is_on_duty_in_private_is_told_once(both: Storage, clock: Clock) -> None:
    staff = await linked(both, clock, GROUP.target)
    notices = on_board(both, clock)
    await stored(both, notices, OVERDUE, handler_digest(Seal(SECRET), staff.id))
    clock.forward(hours=1)
    assert [each.address.target for each in await carried(notices)].count(GROUP.target) == 1


async def test_of_an_emergency_messages_are_put_right_and_robots_told_once(both: Storage, clock: Clock) -> None:
    notices = on_board(both, clock)
    for call in (1, 2):
        await stored(both, notices, Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, CASE, call=call))
        await carried(notices)
    sent = await taken(both, notices, "李明", emergency=True)
    messages = [each for each in sent if each.channel is Medium.TELEGRAM]
    assert [each.notice.kind for each in messages] == [Kind.EMERGENCY, Kind.EMERGENCY]
    assert len({each.amends for each in messages}) == 2 and None not in {each.amends for each in messages}
    (told,) = [each for each in sent if each.channel is Medium.WECOM]
    assert (told.notice.kind, told.amends) == (Kind.TAKEN, None)
    assert {each.notice.by for each in sent} == {"李明"}
    assert {shown.notice.kind for shown in await notices.shown([UNION])} == {Kind.EMERGENCY}


async def test_a_call_that_never_went_out_is_not_put_right(both: Storage, clock: Clock) -> None:
    notices = on_board(both, clock)
    await stored(both, notices, EMERGENCY)
    assert await taken(both, notices, "李明", emergency=True) == []
    assert {row.error for row in await both.database.read(select(table).where(table.c.error.is_not(None)))} == {
        SUPERSEDED
    }


async def test_a_claim_puts_messages_right_and_says_nothing_to_robots(both: Storage, clock: Clock) -> None:
    notices = on_board(both, clock)
    await stored(both, notices, OVERDUE)
    clock.forward(hours=1)
    (first,) = [each for each in await carried(notices) if each.channel is Medium.TELEGRAM]
    (claimed,) = await taken(both, notices, "李明", emergency=False)
    assert (claimed.amends, claimed.notice.by, claimed.notice.kind) == (str(100 + first.id), "李明", Kind.OVERDUE)
    (released,) = await taken(both, notices, "", emergency=False)
    assert (released.amends, released.notice.by) == (claimed.amends, "")
