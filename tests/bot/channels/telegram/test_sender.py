from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import pytest

from bot import texts
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.rendering import LIMIT
from bot.delivery import RetryLater, Undeliverable
from bot.dialogue.ports import Delivery
from bot.messages import Button, Channel, Reply
from knowledge.errors import NiangjiaError
from knowledge.model import Citation
from tests.bot.channels.telegram.test_channel import Shelf
from tests.telegram_api import Chat, Fault, Person, TelegramApi

Send = Callable[..., Awaitable[str | None]]


@pytest.fixture
async def channel(api: TelegramApi) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(api.token, Shelf(), api_base=api.base)
    yield channel
    await channel.close()


@pytest.fixture
def send(channel: TelegramChannel, worker: Person) -> Send:
    numbers = count(1)

    async def send(reply: Reply, to: Chat | None = None, number: int | None = None) -> str | None:
        delivery = Delivery(
            id=number or next(numbers),
            lane="x",
            channel=Channel.TELEGRAM,
            chat=str((to or worker.chat).id),
            reply=reply,
            key="1",
        )
        return await channel.sender.send(delivery)

    return send


def outcomes(api: TelegramApi) -> list[str]:
    return [call.outcome for call in api.calls_of("sendMessage")]


async def test_a_reply_shows_its_words_its_sources_and_its_buttons(send: Send, worker: Person) -> None:
    article = Citation("laws/a.md", "劳动合同法", "原文", 0, 2, law="劳动合同法", article="第八十五条")
    remote_id = await send(Reply("工资 < 2010 元 & 加班", (article,), ((Button("有帮助", "ok:1"),),)))
    message = await worker.receives()
    assert message.text == "工资 < 2010 元 & 加班\n\n依据：①《劳动合同法》第八十五条"
    assert message.entity_texts("bold") == [texts.SOURCES]
    assert (message.labels, str(message.id)) == (["有帮助"], remote_id)


async def test_a_long_reply_takes_several_messages_with_the_buttons_under_the_last(send: Send, worker: Person) -> None:
    await send(Reply("劳动者有权拿到报酬。" * 1000, buttons=((Button("有帮助", "ok:1"),),)))
    assert [message.labels for message in worker.heard] == [[], [], ["有帮助"]]
    assert "".join(message.text for message in worker.heard) == "劳动者有权拿到报酬。" * 1000
    assert all(message.text.endswith("。") for message in worker.heard)


async def test_a_flood_limit_is_handed_on_and_what_went_before_it_does_not_go_again(
    api: TelegramApi, send: Send, worker: Person
) -> None:
    reply = Reply("工" * (LIMIT + 10))
    api.breaks("sendMessage", Fault.NONE)
    api.breaks("sendMessage", Fault.FLOOD)
    with pytest.raises(RetryLater) as later:
        await send(reply, number=7)
    assert later.value.seconds == 1
    await send(reply, number=7)
    assert [len(message.text) for message in worker.heard] == [LIMIT, 10]
    await send(reply, number=8)
    assert len(worker.heard) == 4, "another reply starts anew"


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.CUT, Fault.CUT_AFTER])
async def test_what_may_pass_is_tried_again_later(api: TelegramApi, send: Send, worker: Person, fault: Fault) -> None:
    api.breaks("sendMessage", fault)
    with pytest.raises(RetryLater) as later:
        await send(Reply("工资的秘密"), number=1)
    assert later.value.seconds is None
    assert "秘密" not in str(later.value) and api.token not in str(later.value)
    await send(Reply("工资的秘密"), number=1)
    assert outcomes(api) == [fault.value, "ok"]


async def test_a_server_that_is_away_is_tried_again_later(api: TelegramApi, send: Send) -> None:
    await api.stop()
    with pytest.raises(RetryLater):
        await send(Reply("您好"))


async def test_a_chat_that_is_closed_to_us_is_undeliverable(api: TelegramApi, send: Send, worker: Person) -> None:
    worker.blocks()
    with pytest.raises(Undeliverable, match="blocked by the user"):
        await send(Reply("您好"))
    with pytest.raises(Undeliverable, match="chat not found"):
        await send(Reply("您好"), to=Chat(99, "private", "没来过"))


async def test_a_refused_token_is_no_fault_of_the_reply(api: TelegramApi, send: Send) -> None:
    api.token = "700001:another"
    with pytest.raises(RetryLater, match="TELEGRAM_BOT_TOKEN") as later:
        await send(Reply("您好"))
    assert later.value.seconds == 60


async def test_a_group_that_became_a_supergroup_is_followed(api: TelegramApi, send: Send) -> None:
    group = api.group()
    new = api.upgrade(group)
    await send(Reply("一"), to=group)
    await send(Reply("二"), to=group)
    assert [message.text for message in api.world.said_by_bot(new)] == ["一", "二"]
    assert outcomes(api) == ["400", "ok", "ok"]


async def test_html_that_telegram_cannot_read_goes_as_plain_text(api: TelegramApi, send: Send, worker: Person) -> None:
    api.breaks("sendMessage", Fault.UNREADABLE)
    await send(Reply("a < b", buttons=((Button("有帮助", "ok:1"),),)))
    message = await worker.receives()
    assert (message.text, message.labels) == ("a < b", ["有帮助"])
    assert [call.params.get("parse_mode") for call in api.calls_of("sendMessage")] == ["HTML", None]


async def test_a_notice_that_no_tap_waits_for_is_a_quiet_message(send: Send, worker: Person) -> None:
    assert await send(Reply("谢谢您", notice=True)) is not None
    message = await worker.receives()
    assert (message.text, message.silent) == ("谢谢您", True)


async def test_typing_is_shown_and_its_failure_troubles_nobody(
    api: TelegramApi, channel: TelegramChannel, worker: Person
) -> None:
    await channel.sender.typing(str(worker.chat.id))
    assert api.methods.actions == [(worker.chat.id, "typing")]
    worker.blocks()
    await channel.sender.typing(str(worker.chat.id))
    assert [call.outcome for call in api.calls_of("sendChatAction")] == ["ok", "403"]


def test_what_is_no_token_is_said_so() -> None:
    with pytest.raises(NiangjiaError, match="TELEGRAM_BOT_TOKEN"):
        TelegramChannel("my token", Shelf(), api_base="http://127.0.0.1:1")
