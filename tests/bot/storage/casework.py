"""Cases that are opened and moved on either database, and what comes of it."""

from typing import Any

from sqlalchemy import text

from bot.cases.changes import OpenCase
from bot.cases.model import Actor, Case, Content, Move
from bot.messages import Channel
from bot.notices.model import Notice
from bot.storage.storage import Storage
from tests.bot.cases.house import (
    appended,
    open_case,
)
from tests.bot.fakes import Clock

ALL_UNIONS = ("沙市区总工会", "荆州市总工会")


async def opened(both: Storage, clock: Clock, change: OpenCase | None = None) -> Case:
    """Store a new case and return it as it is read."""
    change = change or open_case(clock.now)
    await both.cases.apply([change], clock.now)
    case = await both.cases.case(change.events[0].case)
    assert case is not None
    return case


async def move(
    both: Storage, clock: Clock, case: Case, what: Move, actor: Actor, content: Content | None = None
) -> Case:
    await both.cases.apply([appended(case, what, actor, clock.now, content or Content())], clock.now)
    now = await both.cases.case(case.id)
    assert now is not None
    return now


async def told(both: Storage, chat: str = "7", channel: Channel = Channel.TELEGRAM) -> list[str]:
    return [each.reply.text for each in await both.outbox.after(channel, chat)]


async def called(both: Storage) -> list[Notice]:
    return [shown.notice for shown in reversed(await both.notices.shown(ALL_UNIONS))]


async def rows(both: Storage, query: str) -> list[Any]:
    return list(await both.database.read(text(query)))  # type: ignore[arg-type]
