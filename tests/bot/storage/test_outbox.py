import asyncio
import sqlite3
from pathlib import Path

from bot.dialogue.ports import Conversation, Delivery, Turn
from bot.messages import Attachment, Button, Channel, Incoming, Reply
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.fakes import WAGES, Clock, message


async def answer(storage: Storage, text: str, *replies: Reply, chat: str = "7", channel: Channel) -> None:
    await storage.inbox.accept(message(text, chat=chat, channel=channel))
    (letter,) = await storage.inbox.due(1, ())
    await storage.inbox.finish(letter, Turn(replies, Conversation(channel, chat)))


async def due(storage: Storage, *busy: str) -> list[Delivery]:
    return list(await storage.outbox.due(100, busy, [Channel.TELEGRAM]))


async def test_a_reply_comes_back_as_it_went_in(both: Storage) -> None:
    reply = Reply("工资按月付。", (WAGES,), ((Button("出处1", "src:e:1"),), (Button("👍", "ok:e"),)), notice=True)
    await answer(both, "工资", reply, channel=Channel.TELEGRAM)
    (delivery,) = await due(both)
    assert (delivery.chat, delivery.key, delivery.reply) == ("7", "7/工资", reply)


async def test_the_replies_of_a_chat_are_due_one_after_the_other(both: Storage) -> None:
    await answer(both, "甲", Reply("1"), Reply("2"), chat="a", channel=Channel.TELEGRAM)
    await answer(both, "乙", Reply("3"), chat="b", channel=Channel.TELEGRAM)
    first = await due(both)
    assert [delivery.reply.text for delivery in first] == ["1", "3"]
    await both.outbox.sent(first[0], "m1")
    assert [delivery.reply.text for delivery in await due(both, first[1].lane)] == ["2"]


async def test_a_postponed_reply_holds_back_its_chat_alone(both: Storage, clock: Clock) -> None:
    await answer(both, "甲", Reply("1"), Reply("2"), chat="a", channel=Channel.TELEGRAM)
    await answer(both, "乙", Reply("3"), chat="b", channel=Channel.TELEGRAM)
    first, other = await due(both)
    await both.outbox.postpone(first, 30, "RetryLater", failure=False)
    assert await due(both) == [other]
    clock.forward(seconds=30)
    again = (await due(both))[0]
    assert (again.id, again.attempts, again.failures) == (first.id, 1, 0)
    await both.outbox.postpone(again, 0, "KeyError", failure=True)
    again = (await due(both))[0]
    assert (again.attempts, again.failures) == (2, 1)


async def test_a_dead_letter_is_kept_and_counted_and_lets_the_next_one_pass(storage: Storage, tmp_path: Path) -> None:
    await answer(storage, "甲", Reply("1"), Reply("2"), channel=Channel.TELEGRAM)
    (first,) = await due(storage)
    await storage.outbox.bury(first, "Undeliverable")
    assert [delivery.reply.text for delivery in await due(storage)] == ["2"]
    assert await storage.outbox.counts() == {Status.FAILED: 1, Status.WAITING: 1}
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        row = connection.execute("SELECT payload IS NOT NULL, error FROM outbox WHERE status = 'failed'").fetchone()
    assert row == (1, "Undeliverable")


async def test_replies_of_channels_without_a_sender_wait_for_one(both: Storage) -> None:
    await answer(both, "甲", Reply("1"), channel=Channel.TELEGRAM)
    assert await both.outbox.due(10, (), [Channel.WEB]) == []
    assert len(await due(both)) == 1


async def test_a_page_reads_its_own_replies_with_what_they_answer(both: Storage) -> None:
    await answer(both, "甲", Reply("1"), Reply("2"), chat="a", channel=Channel.WEB)
    await answer(both, "乙", Reply("3"), chat="b", channel=Channel.WEB)
    replies = await both.outbox.after(Channel.WEB, "a")
    assert [(reply.reply.text, reply.question, reply.key) for reply in replies] == [
        ("1", "甲", "a/甲"),
        ("2", "甲", "a/甲"),
    ]
    assert await both.outbox.after(Channel.WEB, "a", replies[0].id) == replies[1:]
    assert await both.outbox.after(Channel.TELEGRAM, "a") == []


async def test_a_page_that_is_opened_again_knows_what_was_tapped_and_what_was_sent(both: Storage) -> None:
    photo = Attachment("photo", "r1", name="工资条.jpg")
    voice = Attachment("voice", "r2")
    for incoming in (
        Incoming(Channel.WEB, "a", "1", action="human"),
        Incoming(Channel.WEB, "a", "2", attachments=(photo, voice)),
    ):
        await both.inbox.accept(incoming)
        (letter,) = await both.inbox.due(1, ())
        await both.inbox.finish(letter, Turn((Reply("好"),), Conversation(Channel.WEB, "a")))
    tapped, sent = await both.outbox.after(Channel.WEB, "a")
    assert (tapped.action, tapped.question, tapped.files) == ("human", "", ())
    assert (sent.action, sent.question, sent.files) == (None, "", ("工资条.jpg", "voice"))


async def test_what_a_page_reads_is_never_sent(both: Storage) -> None:
    await answer(both, "甲", Reply("1"), channel=Channel.WEB)
    assert await both.outbox.counts() == {Status.SHELVED: 1}
    assert await both.outbox.due(10, (), list(Channel)) == []


async def test_a_waiting_page_gets_its_reply_as_soon_as_there_is_one(both: Storage) -> None:
    waiting = [
        asyncio.create_task(both.outbox.wait(Channel.WEB, "a", 0, timeout=30)),
        asyncio.create_task(both.outbox.wait(Channel.WEB, "a", 0, timeout=30)),
    ]
    other = asyncio.create_task(both.outbox.wait(Channel.WEB, "b", 0, timeout=30))
    await asyncio.sleep(0.05)
    await answer(both, "甲", Reply("1"), chat="a", channel=Channel.WEB)
    replies = await asyncio.wait_for(asyncio.gather(*waiting), 3)
    assert [[reply.reply.text for reply in mine] for mine in replies] == [["1"], ["1"]]
    assert not other.done()
    other.cancel()


async def test_a_page_that_waits_in_vain_gets_nothing(both: Storage) -> None:
    assert await both.outbox.wait(Channel.WEB, "a", 0, timeout=0.02) == []


async def test_a_reply_that_no_longer_opens_does_not_stop_the_others(storage: Storage, tmp_path: Path) -> None:
    await answer(storage, "甲", Reply("1"), chat="a", channel=Channel.TELEGRAM)
    await answer(storage, "乙", Reply("2"), chat="b", channel=Channel.TELEGRAM)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute("UPDATE outbox SET payload = x'0100' WHERE id = 1")
    assert [delivery.reply.text for delivery in await due(storage)] == ["2"]
    assert await storage.outbox.counts() == {Status.FAILED: 1, Status.WAITING: 1}
