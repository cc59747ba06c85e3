"""The emulator answers as Telegram does; asked over plain HTTP, without aiogram."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.telegram_api import Fault, Person, TelegramApi

pytestmark = pytest.mark.usefixtures("api")


class Bot:
    """A bot of a few lines: calls with JSON and returns status and body."""

    def __init__(self, api: TelegramApi, http: aiohttp.ClientSession, token: str) -> None:
        self.api = api
        self.http = http
        self.token = token

    async def __call__(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.api.base}/bot{self.token}/{method}", json=params) as answer:
            return answer.status, await answer.json()

    async def refused(self, method: str, **params: Any) -> str:
        status, body = await self(method, **params)
        assert (status, body["ok"], body["error_code"]) == (400, False, 400)
        return str(body["description"])


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest.fixture
async def bot(api: TelegramApi) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(api, http, api.token)


@pytest.fixture
def worker(api: TelegramApi) -> Person:
    return api.person("小周")


def keyboard(**button: str) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


async def test_a_wrong_token_is_unauthorized_and_an_unknown_method_not_found(bot: Bot) -> None:
    assert (await bot("getMe"))[1]["result"]["is_bot"] is True
    assert (await Bot(bot.api, bot.http, "1:wrong")("getMe"))[0] == 401
    assert (await Bot(bot.api, bot.http, "nonsense")("getMe"))[0] == 404
    assert (await bot("getEverything"))[0] == 404


async def test_the_three_kinds_of_body_and_the_query_mean_the_same(bot: Bot, worker: Person) -> None:
    url = f"{bot.api.base}/bot{bot.api.token}/sendMessage"
    fields = {"chat_id": str(worker.chat.id), "text": "您好", "reply_markup": '{"inline_keyboard": []}'}
    form = aiohttp.FormData(fields)
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    for how in ({"data": form}, {"data": multipart}, {"json": fields}, {"params": fields}):
        async with bot.http.post(url, **how) as answer:
            assert answer.status == 200
    assert [message.text for message in worker.heard] == ["您好"] * 4


async def test_a_text_may_have_4096_utf16_units_after_parsing_and_must_not_be_empty(bot: Bot, worker: Person) -> None:
    to = {"chat_id": worker.chat.id, "parse_mode": "HTML"}
    assert (await bot("sendMessage", text="<b>" + "&lt;" * 4096 + "</b>", **to))[0] == 200
    assert await bot.refused("sendMessage", text="工" * 4097, **to) == "Bad Request: message is too long"
    assert await bot.refused("sendMessage", text="😀" * 2049, **to) == "Bad Request: message is too long"
    assert await bot.refused("sendMessage", text=" <b> </b>\n", **to) == "Bad Request: message text is empty"
    assert "can't parse entities" in await bot.refused("sendMessage", text="a < b", **to)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "好", "callback_data": "工" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "好", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "好", "url": "http://localhost:8000/desk"}, "Wrong HTTP URL"),
        ({"text": "好", "url": "javascript:alert(1)"}, "Wrong HTTP URL"),
        ({"text": "好"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "x"}, 'Field "text" must be non-empty'),
    ],
)
async def test_a_button_needs_a_label_and_1_to_64_bytes(
    bot: Bot, worker: Person, button: dict[str, str], reason: str
) -> None:
    to = {"chat_id": worker.chat.id, "text": "选"}
    assert reason in await bot.refused("sendMessage", reply_markup=keyboard(**button), **to)
    assert (await bot("sendMessage", reply_markup=keyboard(text="好", callback_data="x" * 64), **to))[0] == 200
    assert (await bot("sendMessage", reply_markup=keyboard(text="好", url="https://a.example/b"), **to))[0] == 200


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, worker: Person) -> None:
    buttons = keyboard(text="好", callback_data="x")
    sent = (await bot("sendMessage", chat_id=worker.chat.id, text="一", reply_markup=buttons))[1]["result"]
    that = {"chat_id": worker.chat.id, "message_id": sent["message_id"]}
    assert "message is not modified" in await bot.refused("editMessageText", text="一", reply_markup=buttons, **that)
    assert (await bot("editMessageText", text="二", reply_markup=buttons, **that))[0] == 200
    assert (await bot("editMessageReplyMarkup", **that))[0] == 200
    assert "message is not modified" in await bot.refused("editMessageReplyMarkup", **that)
    assert (worker.heard[0].text, worker.heard[0].labels) == ("二", [])
    assert "message to edit not found" in await bot.refused("editMessageText", chat_id=worker.chat.id, message_id=999)
    said = (await worker.says("我的话"))["message"]["message_id"]
    assert "can't be edited" in await bot.refused("editMessageText", chat_id=worker.chat.id, message_id=said, text="改")


async def test_a_poll_waits_for_an_update_and_an_offset_acknowledges(bot: Bot, worker: Person) -> None:
    waiting = asyncio.create_task(bot("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    first = await worker.says("一")
    assert (await waiting)[1]["result"] == [first]
    second = await worker.says("二")
    assert (await bot("getUpdates"))[1]["result"] == [first, second]
    assert (await bot("getUpdates", offset=first["update_id"] + 1))[1]["result"] == [second]
    assert (await bot("getUpdates", offset=-1))[1]["result"] == [second]
    assert (await bot("getUpdates", offset=second["update_id"] + 1, timeout=0))[1]["result"] == []
    await bot.api.redeliver(first)
    assert (await bot("getUpdates", offset=second["update_id"] + 1))[1]["result"] == [first]


async def test_a_batch_keeps_to_its_limit_and_to_the_kinds_asked_for(bot: Bot, worker: Person) -> None:
    await bot("getUpdates", allowed_updates=["message"])
    said = [await worker.says(str(number)) for number in range(3)]
    await worker.edits(said[0], "改")
    assert (await bot("getUpdates", limit=2))[1]["result"] == said[:2]
    assert (await bot("getUpdates", offset=said[2]["update_id"]))[1]["result"] == said[2:]


async def test_a_newer_poll_ends_the_one_before_with_409(bot: Bot) -> None:
    older = asyncio.create_task(bot("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert (await bot("getUpdates"))[0] == 200
    status, body = await older
    assert status == 409
    assert "terminated by other getUpdates request" in body["description"]


async def test_a_webhook_gets_updates_with_its_secret_until_it_takes_them(bot: Bot, worker: Person) -> None:
    seen: list[tuple[str | None, str]] = []
    taken = asyncio.Event()
    answers = iter([500, 403, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), text))
        if len(seen) == 4:
            taken.set()
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        assert "HTTPS URL must be provided" in await bot.refused("setWebhook", url="http://example.org")
        assert "unallowed characters" in await bot.refused("setWebhook", url=url, secret_token="秘密")
        assert (await bot("setWebhook", url=url, secret_token="s3cret"))[0] == 200
        assert (await bot("getUpdates"))[0] == 409
        await worker.says("一")
        await worker.says("二")
        await asyncio.wait_for(taken.wait(), 5)
        assert seen == [("s3cret", "一")] * 3 + [("s3cret", "二")]
        assert (await bot("getWebhookInfo"))[1]["result"]["url"] == url
        assert (await bot("deleteWebhook"))[0] == 200
        assert (await bot("getUpdates"))[0] == 200
    finally:
        await runner.cleanup()


async def test_a_tap_can_be_answered_while_it_is_young(bot: Bot, worker: Person) -> None:
    await bot(
        "sendMessage", chat_id=worker.chat.id, text="选", reply_markup=keyboard(text="有帮助", callback_data="ok:1")
    )
    tap = await worker.taps("有帮助")
    update = (await bot("getUpdates"))[1]["result"][0]
    assert (update["callback_query"]["data"], update["callback_query"]["id"]) == ("ok:1", tap.query)
    assert (await bot("answerCallbackQuery", callback_query_id=tap.query, text="谢谢"))[0] == 200
    assert await tap.toast() == "谢谢"
    tap.expires()
    assert "query is too old" in await bot.refused("answerCallbackQuery", callback_query_id=tap.query)
    with pytest.raises(AssertionError, match="no button"):
        await worker.taps("没有的")


async def test_a_flood_is_refused_with_the_seconds_to_wait(bot: Bot, worker: Person) -> None:
    other = bot.api.person("老李")
    bot.api.floods(20, worker.chat)
    status, body = await bot("sendMessage", chat_id=worker.chat.id, text="一")
    assert (status, body["parameters"]) == (429, {"retry_after": 20})
    assert (await bot("sendMessage", chat_id=other.chat.id, text="一"))[0] == 200
    bot.api.floods(0, worker.chat)
    assert (await bot("sendMessage", chat_id=worker.chat.id, text="一"))[0] == 200


async def test_faults_come_as_often_as_asked_for(bot: Bot, worker: Person) -> None:
    to = {"chat_id": worker.chat.id}
    bot.api.breaks("sendMessage", Fault.SERVER_ERROR)
    assert (await bot("sendMessage", text="一", **to))[0] == 500
    for fault in (Fault.CUT, Fault.CUT_AFTER):
        bot.api.breaks("sendMessage", fault)
        with pytest.raises(aiohttp.ClientError):
            await bot("sendMessage", text=fault.value, **to)
    assert [message.text for message in worker.heard] == ["cut after"]
    assert [call.outcome for call in bot.api.calls_of("sendMessage")] == ["500", "cut", "cut after"]
    assert (await bot("sendMessage", text="cut after", **to))[0] == 200
    assert len(worker.heard) == 2, "nothing is taken for a repetition"


async def test_who_blocked_the_bot_and_who_never_met_it_cannot_be_written_to(bot: Bot, worker: Person) -> None:
    worker.blocks()
    status, body = await bot("sendMessage", chat_id=worker.chat.id, text="一")
    assert (status, body["description"]) == (403, "Forbidden: bot was blocked by the user")
    worker.unblocks()
    assert (await bot("sendChatAction", chat_id=worker.chat.id, action="typing"))[0] == 200
    assert "wrong parameter action" in await bot.refused("sendChatAction", chat_id=worker.chat.id, action="sleeping")
    assert await bot.refused("sendMessage", chat_id=99, text="一") == "Bad Request: chat not found"


async def test_a_group_that_became_a_supergroup_tells_its_new_id(bot: Bot) -> None:
    group = bot.api.group()
    new = bot.api.upgrade(group)
    status, body = await bot("sendMessage", chat_id=group.id, text="一")
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new.id})
    assert (await bot("sendMessage", chat_id=new.id, text="一"))[0] == 200


async def test_files_go_up_and_come_down(bot: Bot, worker: Person) -> None:
    form = aiohttp.FormData(
        {"chat_id": str(worker.chat.id), "caption": "清单", "document": "attach://it"}, quote_fields=False
    )
    form.add_field("it", b"%PDF-", filename="清单.pdf")
    async with bot.http.post(f"{bot.api.base}/bot{bot.api.token}/sendDocument", data=form) as answer:
        sent = (await answer.json())["result"]
    assert (sent["caption"], sent["document"]["file_name"]) == ("清单", "清单.pdf")
    photo = (await worker.sends_photo(b"JFIF" * 9))["message"]["photo"][-1]
    for file_id, content in ((sent["document"]["file_id"], b"%PDF-"), (photo["file_id"], b"JFIF" * 9)):
        path = (await bot("getFile", file_id=file_id))[1]["result"]["file_path"]
        async with bot.http.get(f"{bot.api.base}/file/bot{bot.api.token}/{path}") as answer:
            assert await answer.read() == content
    assert "invalid file_id" in await bot.refused("getFile", file_id="AgAD-0")
    assert (await bot("sendPhoto", chat_id=worker.chat.id, photo=photo["file_id"]))[0] == 200
    assert "wrong remote file identifier" in await bot.refused("sendPhoto", chat_id=worker.chat.id, photo="AgAD-0")


async def test_commands_are_lower_case_words(bot: Bot) -> None:
    commands = [{"command": "start", "description": "开始"}]
    assert (await bot("setMyCommands", commands=commands))[0] == 200
    assert (await bot("getMyCommands"))[1]["result"] == commands
    assert "BOT_COMMAND_INVALID" in await bot.refused("setMyCommands", commands=[{"command": "Start"}])
