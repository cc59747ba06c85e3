"""A grievance with a photo over Telegram, and what staff say to it later."""

from datetime import UTC, datetime
from pathlib import Path

from bot.cases.changes import Tell
from bot.cases.ports import Queue
from bot.messages import Reply
from tests.bot.channels.telegram.house import house
from tests.telegram_api import Fault, Message, Person, TelegramApi

PHOTO = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(1_000)
TOLD = ("老板拖欠我们三个月工资，一共18个人，要求结清", "荆州城南工地", "荆州", "今年8月开始", "18人", "把工资结清")


async def register(api: TelegramApi, worker: Person) -> Message:
    """Register a grievance with a photo; return the receipt."""
    await worker.asks("/report")
    await worker.taps("可以，但不留姓名")
    asked = await worker.receives()
    for words in TOLD:
        if "✅ 提交" in asked.labels:
            break
        asked = await worker.asks(words)
    await worker.sends_photo(PHOTO)
    await worker.receives()
    await worker.taps("✅ 提交")
    return await worker.receives()


async def test_a_photo_and_what_staff_say_reach_each_other(tmp_path: Path) -> None:
    async with TelegramApi() as api, house(tmp_path, api.base, api.token) as storage:
        worker = api.person()
        api.breaks("download", Fault.SERVER_ERROR)  # the first time: it is fetched again
        assert "回执号" in (await register(api, worker)).text
        (row,) = (await storage.cases.queue(Queue())).rows
        (photo,) = await storage.cases.evidence(row.id)
        assert await storage.evidence.read(photo.kept) == PHOTO
        await storage.cases.apply((Tell(row.id, Reply("请再发一张考勤表。")),), datetime.now(UTC))
        assert (await worker.receives()).text == "请再发一张考勤表。"
