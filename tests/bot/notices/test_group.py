"""Notices over Telegram, by the emulator of its Bot API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.channels.telegram import TelegramChannel
from bot.delivery import RetryLater, Undeliverable
from bot.messages import Incoming
from bot.notices import words
from bot.notices.buttons import Press
from bot.notices.group import GroupNotifier
from bot.notices.model import Dispatch, Medium, Notice
from tests.bot.notices.notes import CASE, EMERGENCY, OVERDUE, buttons, dispatch, links
from tests.telegram_api import Chat, Fault, TelegramApi

PAGE = f"https://bot.example.org/desk/cases/{CASE}"


class Nowhere:
    async def accept(self, incoming: Incoming) -> bool:
        return True

    async def accept_all(self, messages: Sequence[Incoming]) -> list[bool]:
        return [True for _ in messages]


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@asynccontextmanager
async def notifying(
    api: TelegramApi, public_url: str | None = "https://bot.example.org"
) -> AsyncIterator[GroupNotifier]:
    channel = TelegramChannel(api.token, Nowhere(), api_base=api.base)
    try:
        yield GroupNotifier(channel.board, links(public_url), buttons())
    finally:
        await channel.close()


def to(group: Chat, notice: Notice = OVERDUE, amends: str | None = None) -> Dispatch:
    return replace(dispatch(Medium.TELEGRAM, str(group.id), notice), amends=amends)


async def test_the_staff_group_is_told_with_buttons_that_are_good_there(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        remote_id = await notifier.send(to(group))
    (message,) = api.world.said_by_bot(group)
    assert str(message.id) == remote_id
    assert message.text == words.message(OVERDUE, None, None)
    claim, answer, page = message.keyboard[0]
    assert claim == {"text": words.CLAIM, "callback_data": buttons().action(Press.CLAIM, CASE, str(group.id))}
    assert answer == {"text": words.ANSWER, "callback_data": buttons().action(Press.ANSWER, CASE, str(group.id))}
    assert page == {"text": words.OPEN, "url": PAGE}


@pytest.mark.parametrize("url", ["http://bot.example.org", "https://desk", "http://127.0.0.1:8000"])
async def test_an_address_that_telegram_would_refuse_is_written_out(api: TelegramApi, url: str) -> None:
    group = api.group("值班群")
    async with notifying(api, url) as notifier:
        await notifier.send(to(group))
    (message,) = api.world.said_by_bot(group)
    assert message.labels == [words.CLAIM, words.ANSWER]
    assert f"{url}/desk/cases/{CASE}" in message.text


async def test_an_emergency_is_taken_by_a_button_and_by_no_link_that_others_could_pass_on(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        await notifier.send(to(group, EMERGENCY))
    (message,) = api.world.said_by_bot(group)
    assert message.labels == [words.TAKE, words.ANSWER, words.OPEN]
    assert "/take/" not in message.text


async def test_who_has_taken_it_is_written_into_the_message(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        first = await notifier.send(to(group, EMERGENCY))
        taken = to(group, replace(EMERGENCY, by="王芳"), first)
        assert await notifier.send(taken) == first
        assert await notifier.send(taken) == first, "whoever was killed before it was recorded does it again"
    (message,) = api.world.said_by_bot(group)
    assert "已经接手：王芳" in message.text
    assert message.labels == [words.ANSWER, words.OPEN]


async def test_a_message_that_is_gone_is_followed_by_another(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        first = await notifier.send(to(group, EMERGENCY))
        del api.world.messages[group.id, int(first)]
        await notifier.send(to(group, replace(EMERGENCY, by="王芳"), first))
    (message,) = api.world.said_by_bot(group)
    assert "已经接手：王芳" in message.text


async def test_a_group_that_becomes_a_supergroup_gets_buttons_that_are_good_there(api: TelegramApi) -> None:
    group = api.group("值班群")
    supergroup = api.upgrade(group)
    async with notifying(api) as notifier:
        with pytest.raises(RetryLater) as later:
            await notifier.send(to(group))
        assert later.value.seconds == 0
        await notifier.send(to(group))
    (message,) = api.world.said_by_bot(supergroup)
    assert message.keyboard[0][0]["callback_data"] == buttons().action(Press.CLAIM, CASE, str(supergroup.id))


async def test_a_group_that_put_the_bot_out_gets_nothing_more(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        first = await notifier.send(to(group))
        group.blocked = True
        for late in (to(group), to(group, replace(OVERDUE, by="王芳"), first)):
            with pytest.raises(Undeliverable, match="kicked"):
                await notifier.send(late)


async def test_an_edit_that_fails_for_now_is_tried_again_and_not_written_anew(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        first = await notifier.send(to(group))
        api.breaks("editMessageText", Fault.BAD_GATEWAY)
        with pytest.raises(RetryLater):
            await notifier.send(to(group, replace(OVERDUE, by="王芳"), first))
    assert len(api.world.said_by_bot(group)) == 1


async def test_a_flood_limit_is_told_and_a_group_that_is_not_there_will_never_be(api: TelegramApi) -> None:
    group = api.group("值班群")
    async with notifying(api) as notifier:
        api.floods(7, group)
        with pytest.raises(RetryLater) as later:
            await notifier.send(to(group))
        assert later.value.seconds is not None and later.value.seconds > 0
        with pytest.raises(Undeliverable, match="chat not found"):
            await notifier.send(dispatch(Medium.TELEGRAM, "-1009999"))
