import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cases import receipt
from bot.cases.model import Content, Move
from bot.dialogue.ports import Conversation, Turn
from bot.messages import Channel, Reply
from bot.storage.database import DatabaseError
from bot.storage.rekey import SEALED, rekey
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.tables import metadata
from tests.bot.cases.house import WORKER, appended, claimant, open_case
from tests.bot.fakes import Clock, message

FIRST, SECOND, THIRD = b"the first secret", b"the second secret", b"the third secret"


@asynccontextmanager
async def opened(
    url: str, clock: Clock, secret: bytes, old: bytes | None = None
) -> AsyncIterator[tuple[Storage, Seal]]:
    seal = Seal(secret, old)
    async with Storage(url, seal, now=clock) as storage:
        yield storage, seal


async def live(storage: Storage, clock: Clock, digits: str) -> str:
    """Leave something in every sealed place; return the case's id."""
    change = open_case(clock.now, None, claimant(digits=digits))
    await storage.inbox.accept(message("欠薪"))
    (letter,) = await storage.inbox.due(1, ())
    conversation = Conversation(Channel.TELEGRAM, "7", "荆州市")
    await storage.inbox.finish(letter, Turn((Reply("登记好了"),), conversation, changes=(change,)))
    await storage.inbox.accept(message("还在吗"))
    return change.events[0].case


async def everything_is_there(storage: Storage, digits: str, case: str) -> None:
    found = await storage.cases.by_receipt(digits, Channel.WEB, "elsewhere")
    assert found is not None and found.case.id == case and found.case.facts.people == 18
    assert [mine.case.id for mine in await storage.cases.of_chat(Channel.TELEGRAM, "7")] == [case]
    assert [each.reply.text for each in await storage.outbox.after(Channel.TELEGRAM, "7")] == ["登记好了"]
    (letter,) = await storage.inbox.due(1, ())
    assert letter.incoming.text == "还在吗"
    assert letter.conversation.region == "荆州市"
    assert not await storage.inbox.accept(message("还在吗"))  # digests are found as before
    assert len(await storage.notices.shown(["沙市区总工会"])) == 1


async def test_a_secret_is_changed_while_the_bot_runs_and_the_old_one_is_needed_no_more(url: str, clock: Clock) -> None:
    digits = receipt.new()
    async with opened(url, clock, FIRST) as (storage, _):
        case = await live(storage, clock, digits)
    async with opened(url, clock, SECOND, FIRST) as (storage, seal):
        await everything_is_there(storage, digits, case)
        assert await rekey(storage.database, seal) > 4
        assert await rekey(storage.database, seal) == 0
    async with opened(url, clock, SECOND) as (storage, _):
        await everything_is_there(storage, digits, case)
    with pytest.raises(DatabaseError, match="another key"):
        async with opened(url, clock, FIRST):
            pass


async def test_a_change_that_was_broken_off_is_told_and_can_be_ended(url: str, clock: Clock) -> None:
    digits = receipt.new()
    async with opened(url, clock, FIRST) as (storage, _):
        case = await live(storage, clock, digits)
    async with opened(url, clock, SECOND, FIRST):
        pass
    with pytest.raises(DatabaseError, match="niangjia rekey"):
        async with opened(url, clock, SECOND):
            pass
    with pytest.raises(DatabaseError, match="Another change"):
        async with opened(url, clock, THIRD, SECOND):
            pass
    async with opened(url, clock, SECOND, FIRST) as (storage, seal):
        await rekey(storage.database, seal)
    async with opened(url, clock, THIRD, SECOND) as (storage, seal):  # and once more
        await rekey(storage.database, seal)
    async with opened(url, clock, THIRD) as (storage, _):
        await everything_is_there(storage, digits, case)


async def test_what_changes_while_it_is_sealed_anew_is_not_lost(url: str, clock: Clock) -> None:
    async with opened(url, clock, FIRST) as (storage, _):
        change = open_case(clock.now)
        await storage.cases.apply([change], clock.now)
    async with opened(url, clock, SECOND, FIRST) as (storage, seal):

        async def talk() -> None:
            for number in range(10):
                case = await storage.cases.case(change.events[0].case)
                assert case is not None
                said = appended(case, Move.SAY, WORKER, clock.now, Content(text=str(number)))
                await storage.cases.apply([said], clock.now)

        await asyncio.gather(talk(), rekey(storage.database, seal))
        await rekey(storage.database, seal)
    async with opened(url, clock, SECOND) as (storage, _):
        case = await storage.cases.case(change.events[0].case)
        assert case is not None
        assert [event.content.text for event in case.events[1:]] == [str(number) for number in range(10)]


def test_every_sealed_column_is_known(tmp_path: Path) -> None:
    """Whoever adds one must say how it is sealed anew, or that a case's own key seals it."""
    by_case = {"case_events.payload", "case_words.payload", "claimants.payload", "evidence.payload", "seals.lookup"}
    known = {f"{each.table.name}.{each.column.name}" for each in SEALED} | by_case
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.type.python_type is bytes
    }
    assert found == known
