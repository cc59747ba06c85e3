from typing import Any

import pytest
from aiogram.types import User

from bot.channels.telegram.incoming import message_incoming, tap_incoming
from bot.channels.telegram.updates import Update
from bot.messages import Attachment, Channel, Incoming
from tests.telegram_api import Person, TelegramApi

ME = User(id=700001, is_bot=True, first_name="娘家", username="niangjia_bot")


@pytest.fixture
def api() -> TelegramApi:
    return TelegramApi()


@pytest.fixture
def worker(api: TelegramApi) -> Person:
    return api.person("小周")


def read(raw: dict[str, Any]) -> Incoming | None:
    update = Update.model_validate(raw)
    if update.callback_query:
        return tap_incoming(update.callback_query, update.update_id, ME)
    message = update.message or update.edited_message
    assert message
    return message_incoming(message, update.update_id, ME)


async def test_words_keep_chat_and_update_as_their_address(worker: Person) -> None:
    update = await worker.says("  老板欠薪怎么办 ")
    incoming = read(update)
    assert incoming
    assert (incoming.channel, incoming.chat, incoming.key) == (
        Channel.TELEGRAM,
        str(worker.chat.id),
        str(update["update_id"]),
    )
    assert (incoming.text, incoming.action, incoming.attachments) == ("老板欠薪怎么办", None, ())


async def test_a_photo_comes_in_its_largest_size_with_its_caption(worker: Person) -> None:
    incoming = read(await worker.sends_photo(b"x" * 10, "工资条"))
    assert incoming and incoming.text == "工资条"
    [photo] = incoming.attachments
    assert (photo.kind, photo.size) == ("photo", 10)


async def test_documents_voices_and_places_are_attachments(worker: Person) -> None:
    received = [
        read(await worker.sends_document("合同.pdf", b"%PDF", "application/pdf")),
        read(await worker.sends_voice(b"Ogg", 3)),
        read(await worker.shares_location(30.33, 112.24)),
    ]
    shapes = [(a.kind, a.name, a.mime, a.size) for incoming in received if incoming for a in incoming.attachments]
    assert shapes == [
        ("document", "合同.pdf", "application/pdf", 4),
        ("voice", None, None, 3),
        ("location", None, None, None),
    ]
    assert received[2] and received[2].attachments == (Attachment("location", "30.33,112.24"),)


async def test_a_sticker_is_its_emoji(worker: Person) -> None:
    incoming = read(await worker.sends_sticker("👍"))
    assert incoming and incoming.text == "👍"


async def test_an_edit_is_a_message_with_a_key_of_its_own(worker: Person) -> None:
    first = await worker.says("工姿怎么算")
    second = await worker.edits(first, "工资怎么算")
    incoming = read(second)
    assert incoming and incoming.text == "工资怎么算"
    assert incoming.key == str(second["update_id"]) != str(first["update_id"])


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("大家吃了吗", None),
        ("@niangjia_bot 加班费怎么算", "加班费怎么算"),
        ("加班费怎么算 @NiangJia_Bot", "加班费怎么算"),
        ("@niangjia_bot2 你好", None),
        ("/help", "/help"),
        ("/help@niangjia_bot", "/help"),
        ("/help@other_bot", None),
    ],
)
async def test_in_a_group_only_what_is_addressed_to_the_bot_counts(
    api: TelegramApi, worker: Person, words: str, heard: str | None
) -> None:
    group = api.group()
    incoming = read(await worker.within(group).says(words))
    assert (incoming and incoming.text) == heard
    assert incoming is None or incoming.chat == str(group.id)


async def test_in_a_group_an_answer_to_the_bot_is_addressed_to_it(api: TelegramApi, worker: Person) -> None:
    group = api.group()
    ours = api.world.write(group, api.bot, "您在哪个城市？")
    others = api.world.write(group, {"id": 5, "is_bot": False, "first_name": "老李"}, "吃了吗")
    assert read(await worker.within(group).says("荆州", reply_to=ours)) is not None
    assert read(await worker.within(group).says("吃了", reply_to=others)) is None


async def test_telegrams_own_notices_are_no_messages(api: TelegramApi, worker: Person) -> None:
    assert read(await worker.within(api.group()).joins()) is None


async def test_a_tap_is_its_action(api: TelegramApi, worker: Person) -> None:
    button = [[{"text": "有帮助", "callback_data": "ok:7"}]]
    api.world.write(worker.chat, api.bot, "答", keyboard=button)
    tap = await worker.taps("有帮助")
    incoming = read(tap.update)
    assert incoming and (incoming.action, incoming.text, incoming.chat) == ("ok:7", "", str(worker.chat.id))
    tap.update["callback_query"].pop("message")
    assert read(tap.update) is None
