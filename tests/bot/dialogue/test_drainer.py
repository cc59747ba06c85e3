import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog

from bot.delivery import RetryLater, Undeliverable
from bot.dialogue import drainer as module
from bot.dialogue.drainer import FAILURES, Drainer
from bot.dialogue.ports import Conversation, Delivery, Turn
from bot.messages import Channel, Reply
from bot.storage.outbox import SqlOutbox
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.fakes import Clock, Messenger, eventually, message


async def queue(storage: Storage, chat: str, *replies: str) -> None:
    await storage.inbox.accept(message(" ".join(replies), chat=chat))
    (letter,) = await storage.inbox.due(1, ())
    await storage.inbox.finish(letter, Turn(tuple(map(Reply, replies)), Conversation(Channel.TELEGRAM, chat)))


async def deliver_once(storage: Storage, messenger: Messenger) -> None:
    for delivery in await storage.outbox.due(100, (), [Channel.TELEGRAM]):
        await Drainer(storage.outbox, {Channel.TELEGRAM: messenger}).deliver(delivery)


@asynccontextmanager
async def running(storage: Storage, messenger: Messenger) -> AsyncIterator[None]:
    task = asyncio.create_task(Drainer(storage.outbox, {Channel.TELEGRAM: messenger}).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def settled(storage: Storage) -> None:
    async def nothing_waits() -> bool:
        return Status.WAITING not in await storage.outbox.counts()

    await eventually(nothing_waits)


async def test_replies_go_out_once_and_in_order(storage: Storage) -> None:
    messenger = Messenger()
    async with running(storage, messenger):
        for number in range(10):
            for chat in ("a", "b", "c"):
                await queue(storage, chat, f"{number}", f"{number}…")
        await settled(storage)
    expected = [text for number in range(10) for text in (f"{number}", f"{number}…")]
    assert [messenger.texts(chat) for chat in ("a", "b", "c")] == [expected] * 3


async def test_a_flood_limit_is_obeyed_while_other_chats_go_on(storage: Storage, clock: Clock) -> None:
    limited = True

    def flood(delivery: Delivery) -> None:
        if limited and delivery.chat == "a":
            raise RetryLater("flood", seconds=30)

    messenger = Messenger(flood)
    await queue(storage, "a", "1", "2")
    await queue(storage, "b", "3")
    await deliver_once(storage, messenger)
    limited = False
    clock.forward(seconds=29.9)
    await deliver_once(storage, messenger)
    assert messenger.texts("a") == []
    assert messenger.texts("b") == ["3"]
    clock.forward(seconds=0.1)
    await deliver_once(storage, messenger)
    await deliver_once(storage, messenger)
    assert messenger.texts("a") == ["1", "2"]


async def test_an_outage_of_days_loses_nothing(storage: Storage, clock: Clock) -> None:
    out = True

    def outage(delivery: Delivery) -> None:
        if out:
            raise RetryLater("no network")

    messenger = Messenger(outage)
    await queue(storage, "a", "1")
    for _ in range(50):
        await deliver_once(storage, messenger)
        clock.forward(hours=1)
    assert await storage.outbox.counts() == {Status.WAITING: 1}
    out = False
    await deliver_once(storage, messenger)
    assert messenger.texts("a") == ["1"]


async def test_what_will_never_arrive_is_a_dead_letter_and_the_next_one_goes_out(storage: Storage) -> None:
    def blocked(delivery: Delivery) -> None:
        if delivery.reply.text == "1":
            raise Undeliverable("the chat blocked the bot")

    messenger = Messenger(blocked)
    await queue(storage, "a", "1", "2")
    async with running(storage, messenger):
        await settled(storage)
    assert messenger.texts("a") == ["2"]
    assert await storage.outbox.counts() == {Status.FAILED: 1, Status.DONE: 1}


async def test_an_error_that_nobody_foresaw_is_tried_again_a_few_times_and_its_words_stay_out_of_the_log(
    storage: Storage, clock: Clock
) -> None:
    tried = 0

    def broken(delivery: Delivery) -> None:
        nonlocal tried
        tried += 1
        raise KeyError(delivery.reply.text)

    await queue(storage, "a", "一个秘密")
    with structlog.testing.capture_logs() as logs:
        for _ in range(FAILURES + 2):
            await deliver_once(storage, Messenger(broken))
            clock.forward(minutes=6)
    assert tried == FAILURES
    assert await storage.outbox.counts() == {Status.FAILED: 1}
    assert logs[-1]["event"] == "reply.dead"
    assert "秘密" not in str(logs)


async def test_a_send_that_cannot_be_recorded_is_not_repeated(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_backoff", lambda attempts: 0.01)
    record, refusals = SqlOutbox.sent, 3

    async def unwilling(self: SqlOutbox, delivery: Delivery, remote_id: str | None) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise OSError("disk full")
        await record(self, delivery, remote_id)

    monkeypatch.setattr(SqlOutbox, "sent", unwilling)
    messenger = Messenger()
    await queue(storage, "a", "1", "2")
    async with running(storage, messenger):
        await settled(storage)
    assert messenger.texts("a") == ["1", "2"]
    assert refusals == 0


async def test_being_stopped_waits_for_a_send_under_way_so_that_it_is_recorded(storage: Storage) -> None:
    class Slow(Messenger):
        sending = asyncio.Event()

        async def send(self, delivery: Delivery) -> str | None:
            self.sending.set()
            await asyncio.sleep(0.05)
            return await super().send(delivery)

    messenger = Slow()
    await queue(storage, "a", "1")
    async with running(storage, messenger):
        await messenger.sending.wait()
    assert messenger.texts("a") == ["1"]
    assert await storage.outbox.counts() == {Status.DONE: 1}


def test_waiting_grows_to_five_minutes_and_differs_between_chats() -> None:
    waits = [[module._backoff(attempts) for _ in range(20)] for attempts in (0, 3, 50)]
    for tries, longest in zip(waits, (1, 8, 300), strict=True):
        assert all(longest / 2 <= wait <= longest for wait in tries)
        assert len(set(tries)) > 1
