from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram import TelegramChannel
from bot.delivery import RetryLater, Undeliverable
from bot.messages import Incoming
from bot.notices import words
from bot.notices.group import GroupNotifier
from bot.notices.model import Dispatch, Medium, Notice
from tests.bot.notices.notes import CASE, EMERGENCY, OVERDUE, dispatch, links, now
from tests.telegram_api import Chat, TelegramApi


class Nowhere:
    async def accept(self, incoming: Incoming) -> bool:
        return True


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@asynccontextmanager
async def notifying(api: TelegramApi) -> AsyncIterator[GroupNotifier]:
    channel = TelegramChannel(api.token, Nowhere(), api_base=api.base)
    try:
        yield GroupNotifier(channel.sender, links(), now)
    finally:
        await channel.close()


def to(group: Chat, notice: Notice = OVERDUE) -> Dispatch:
    return dispatch(Medium.TELEGRAM, str(group.id), notice)


async def test_the_staff_group_is_told_with_the_desks_address_and_no_button(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        remote_id = await notifier.send(to(group))
    (message,) = api.world.said_by_bot(group)
    assert (str(message.id), message.labels) == (remote_id, [])
    assert message.text == words.message(OVERDUE, f"https://bot.example.org/desk/cases/{CASE}", None)


async def test_an_emergency_is_taken_by_a_button_within_telegrams_64_bytes(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        await notifier.send(to(group, EMERGENCY))
    (message,) = api.world.said_by_bot(group)
    assert message.labels == [words.TAKE]
    assert "/take/" not in message.text


async def test_a_flood_limit_is_told_and_a_group_that_is_not_there_will_never_be(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        api.floods(7, group)
        with pytest.raises(RetryLater) as later:
            await notifier.send(to(group))
        assert later.value.seconds is not None and later.value.seconds > 0
        with pytest.raises(Undeliverable, match="chat not found"):
            await notifier.send(dispatch(Medium.TELEGRAM, "-1009999"))
