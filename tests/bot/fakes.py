"""Small working stand-ins for what is not under test."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.answers.model import Answer, AnswerStatus
from bot.dialogue.ports import Delivery
from bot.messages import Channel, Incoming
from knowledge.model import Citation, Statute

WAGES = Citation(
    source="laws/法律/劳动法(2018-12-29).md",
    title="中华人民共和国劳动法",
    quote="工资应当以货币形式按月支付给劳动者本人。不得克扣或者无故拖欠劳动者的工资。",
    start=4000,
    end=4037,
    path=("第五章 工资",),
    law="劳动法",
    article="第五十条",
    statutes=(Statute("劳动法", "第五十条"),),
    issued=datetime(2018, 12, 29, tzinfo=UTC).date(),
)


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Answers:
    """Knows about wages, refuses what speaks of the moon, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: list[tuple[str, str | None, tuple[str, ...]]] = []
        self._failures = failures

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        self.asked.append((question, region, tuple(history)))
        if self._failures:
            self._failures -= 1
            raise ValueError(question)
        if "月亮" in question:
            return Answer(AnswerStatus.REFUSED, "资料里没有这个。", 0.1)
        return Answer(AnswerStatus.ANSWERED, f"答：{question}", 0.9, (WAGES,))


class Ignorant(Answers):
    """Knows nothing."""

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        return Answer(AnswerStatus.REFUSED, "资料里没有这个。", 0.1)


class Messenger:
    """Takes replies and keeps them; `on_send` may raise or wait before one is taken."""

    def __init__(self, on_send: Callable[[Delivery], None] = lambda delivery: None) -> None:
        self.taken: list[Delivery] = []
        self._on_send = on_send

    async def send(self, delivery: Delivery) -> str | None:
        await asyncio.sleep(0)
        self._on_send(delivery)
        self.taken.append(delivery)
        return f"m{delivery.id}"

    def texts(self, chat: str) -> list[str]:
        return [delivery.reply.text for delivery in self.taken if delivery.chat == chat]


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until `condition` holds; fail after a minute."""
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def message(
    text: str = "", *, chat: str = "7", key: str | None = None, channel: Channel = Channel.TELEGRAM
) -> Incoming:
    """Return a message; its text is its key unless one is given."""
    return Incoming(channel, chat, key or f"{chat}/{text}", text)


def tap(action: str, *, chat: str = "7", key: str | None = None, channel: Channel = Channel.TELEGRAM) -> Incoming:
    """Return a tap on the button with this action."""
    return Incoming(channel, chat, key or f"{chat}/tap {action}", action=action)
