import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

import pytest
import structlog

from bot import texts
from bot.answers.model import Answer
from bot.delivery import RetryLater
from bot.dialogue import worker as module
from bot.dialogue.ports import Answering, Letter, Letters, Presence, Turn
from bot.dialogue.worker import Worker
from bot.messages import Channel
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.fakes import Answers, Clock, eventually, message, tap
from tests.bot.talk import dialogue

ATTEMPTS = len(module.AGAIN) + 1


def worker_of(letters: Letters, answers: Answering, patience: float = 60.0, **presences: Presence) -> Worker:
    by_channel = {Channel(name): presence for name, presence in presences.items()}
    return Worker(letters, dialogue(answers), by_channel, patience=patience)


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return condition()

    await eventually(holds)


async def settled(storage: Storage) -> None:
    async def nothing_waits() -> bool:
        return Status.WAITING not in await storage.inbox.counts()

    await eventually(nothing_waits)


async def replies(storage: Storage, chat: str = "7", channel: Channel = Channel.WEB) -> list[str]:
    return [reply.reply.text for reply in await storage.outbox.after(channel, chat)]


async def test_a_conversation_goes_through_the_storage(storage: Storage) -> None:
    answers = Answers()
    async with running(worker_of(storage.inbox, answers)):
        for text in ("/region 十堰", "工资", "多久发"):
            await storage.inbox.accept(message(text, channel=Channel.WEB))
        await settled(storage)
    assert await replies(storage) == [texts.region_chosen("十堰市总工会"), "答：工资", "答：多久发"]
    assert answers.asked == [("工资", "十堰", ()), ("多久发", "十堰", ("工资",))]


async def test_buttons_work_after_a_restart(storage: Storage) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    async with running(worker_of(storage.inbox, Answers())):
        await settled(storage)
    (answer,) = await storage.outbox.after(Channel.WEB, "7")
    source = answer.reply.buttons[0][0].action
    await storage.inbox.accept(tap(source, channel=Channel.WEB))
    async with running(worker_of(storage.inbox, Answers())):
        await settled(storage)
    (detail,) = await storage.outbox.after(Channel.WEB, "7", answer.id)
    assert "第五十条" in detail.reply.text


async def test_hundreds_of_waiting_messages_are_all_answered_in_order(storage: Storage) -> None:
    for number in range(300):
        await storage.inbox.accept(message(f"第{number}问", chat=str(number % 30), channel=Channel.WEB))
    async with running(worker_of(storage.inbox, Answers())):
        await settled(storage)
    for chat in range(30):
        assert await replies(storage, str(chat)) == [f"答：第{number}问" for number in range(chat, 300, 30)]


async def test_a_message_that_fails_once_is_answered_after_all(storage: Storage, clock: Clock) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    worker = worker_of(storage.inbox, Answers(failures=1))
    await work_once(storage, worker)
    assert await replies(storage) == []
    clock.forward(seconds=1)
    await work_once(storage, worker)
    assert await replies(storage) == ["答：工资"]


async def test_a_message_that_keeps_failing_gets_an_apology_and_is_kept(storage: Storage, clock: Clock) -> None:
    await storage.inbox.accept(message("/region 十堰", channel=Channel.WEB))
    worker = worker_of(storage.inbox, Answers(failures=ATTEMPTS))
    await work_once(storage, worker)
    await storage.inbox.accept(message("一个秘密", channel=Channel.WEB))
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    with structlog.testing.capture_logs() as logs:
        for _ in range(ATTEMPTS):
            await work_once(storage, worker)
            clock.forward(seconds=10)
    await work_once(storage, worker)
    assert await replies(storage) == [texts.region_chosen("十堰市总工会"), texts.APOLOGY, "答：工资"]
    assert await storage.inbox.counts() == {Status.DONE: 2, Status.FAILED: 1}
    assert [entry["event"] for entry in logs] == ["message.failed"] * ATTEMPTS
    assert "秘密" not in str(logs)


class Away:
    """Hands nothing over until it is back."""

    def __init__(self) -> None:
        self.back = False

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        if not self.back:
            raise RetryLater("the messenger is away", 30.0)
        return await Answers().answer(question, region=region, history=history)


async def test_a_messenger_that_is_away_is_waited_for_longer(storage: Storage, clock: Clock) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    away = Away()
    worker = worker_of(storage.inbox, away)
    for pause in module.AWAY[:-1]:
        await work_once(storage, worker)
        clock.forward(seconds=max(pause, 30) - 0.5)
        assert await storage.inbox.due(1, ()) == []  # no sooner than was asked for
        clock.forward(seconds=0.5)
    assert await replies(storage) == []
    away.back = True
    await work_once(storage, worker)
    assert await replies(storage) == ["答：工资"]


async def test_a_messenger_that_stays_away_is_given_up(storage: Storage, clock: Clock) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    worker = worker_of(storage.inbox, Away())
    for pause in (*module.AWAY, 0):
        await work_once(storage, worker)
        clock.forward(seconds=max(pause, 30))
    assert await replies(storage) == [texts.APOLOGY]


async def test_an_answer_that_never_comes_is_given_up(storage: Storage, clock: Clock) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    worker = worker_of(storage.inbox, Stalled(), patience=0.01)
    for _ in range(ATTEMPTS):
        await work_once(storage, worker)
        clock.forward(seconds=10)
    assert await replies(storage) == [texts.APOLOGY]


async def test_a_slow_answer_is_announced_and_a_quick_one_is_not(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TYPING_AFTER", 0.05)
    monkeypatch.setattr(module, "_TYPING_EVERY", 0.01)
    shown = Shown()
    await storage.inbox.accept(message("工资", chat="quick"))
    await work_once(storage, worker_of(storage.inbox, Answers(), telegram=shown))
    await storage.inbox.accept(message("工资", chat="slow"))
    slow = asyncio.create_task(work_once(storage, worker_of(storage.inbox, Stalled(), telegram=shown)))
    await until(lambda: len(shown.chats) >= 3)
    slow.cancel()
    assert set(shown.chats) == {"slow"}


async def test_a_presence_that_fails_costs_no_answer(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TYPING_AFTER", 0.0)
    broken = Shown(error=OSError("no network"))
    await storage.inbox.accept(message("工资"))
    await work_once(storage, worker_of(storage.inbox, Stalled(0.05), telegram=broken))
    assert broken.chats == ["7"]
    assert await replies(storage, channel=Channel.TELEGRAM) == ["答：工资"]


@pytest.mark.parametrize("step", ["taken", "answer", "finish", "finished"])
async def test_dying_at_any_step_loses_nothing_and_doubles_nothing(storage: Storage, step: str) -> None:
    await storage.inbox.accept(message("工资", channel=Channel.WEB))
    halted = Halted(storage.inbox, step)
    answers = Stalled() if step == "answer" else Answers()
    dying = asyncio.create_task(worker_of(halted, answers).run())
    await until(lambda: halted.reached or (isinstance(answers, Stalled) and answers.reached))
    await kill(dying)
    async with running(worker_of(storage.inbox, Answers())):
        await settled(storage)
    assert await replies(storage) == ["答：工资"]


async def work_once(storage: Storage, worker: Worker) -> None:
    for letter in await storage.inbox.due(1, ()):
        await worker.work(letter)


async def kill(task: asyncio.Task[None]) -> None:
    """End the worker and all that it has under way at once, without the grace that it is given when stopped."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    assert task.done()


class Stalled(Answers):
    """Answers only after `seconds`, by default never."""

    def __init__(self, seconds: float = 3600.0) -> None:
        super().__init__()
        self.reached = False
        self._seconds = seconds

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]):  # type: ignore[no-untyped-def]
        self.reached = True
        await asyncio.sleep(self._seconds)
        return await super().answer(question, region=region, history=history)


class Shown:
    def __init__(self, error: Exception | None = None) -> None:
        self.chats: list[str] = []
        self._error = error

    async def typing(self, chat: str) -> None:
        self.chats.append(chat)
        if self._error:
            raise self._error


class Halted:
    """The real letters, which come to a halt at one step."""

    def __init__(self, letters: Letters, step: str) -> None:
        self.reached = False
        self.arrived = letters.arrived
        self._letters = letters
        self._step = step

    async def due(self, limit: int, busy: Collection[str]) -> Sequence[Letter]:
        letters = await self._letters.due(limit, busy)
        await self._halt("taken")
        return letters

    async def finish(self, letter: Letter, turn: Turn, *, error: str | None = None) -> None:
        await self._halt("finish")
        await self._letters.finish(letter, turn, error=error)
        await self._halt("finished")

    async def postpone(self, letter: Letter, seconds: float, error: str) -> None:
        await self._letters.postpone(letter, seconds, error)

    async def _halt(self, step: str) -> None:
        if step == self._step:
            self.reached = True
            await asyncio.Event().wait()
