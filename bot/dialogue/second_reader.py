"""Has a chat model read a message that the rules are unsure of; whatever it does, their reading stands behind it."""

import asyncio
from collections import OrderedDict
from hashlib import blake2b

import structlog
from pydantic import BaseModel

from bot.answers.chat.composer import parsed
from bot.answers.chat.ports import ChatError, Completing, Message, fenced
from bot.answers.chat.prompts import DATA
from bot.redaction import redact
from bot.triage.injection import without_commands
from bot.triage.model import Danger, Intent, Triage
from bot.triage.refiner import Refinement
from knowledge.vocabulary import Category, Urgency

log = structlog.get_logger(__name__)

SECONDS = 3.0  # for one reading: somebody waits, and there is one already
REMEMBERED = 500  # readings, so that a story is sent once though its form is shown often
_QUOTED = 40  # characters of the message that are kept for staff

READ = Message(
    "system",
    f"""你替工会的值班台再读一遍职工发来的消息 message；read 是第一遍的判断，可能不准。{DATA}
规则：
1. 只看消息里写了什么，不猜，不回答。
2. intent 从这些里选一个：{"、".join(Intent)}。诉求是受了委屈要工会出面；求助是要帮扶、要服务；咨询只是问规定。
3. categories 从这些里选一到三个，最主要的在前：{"、".join(Category)}。
4. urgency 从这些里选一个：{"、".join(Urgency)}。有人正有危险才是特急；\
欠薪三个月以上、五个人以上、隐患还在、等钱救命是紧急。
5. danger：有人（包括别人）现在有危险时，从这些里选一个：{"、".join(Danger)}；\
问规定、说过去、打比方（累死了）都是 null。
6. words 是消息里逐字照抄、最能说明你这样判断的一段，2 到 {_QUOTED} 个字。
只输出一个 JSON 对象：\
{{"intent": "诉求", "categories": ["欠薪"], "urgency": "普通", "danger": null, "words": "……"}}""",
)


class _Reading(BaseModel):
    intent: Intent
    categories: list[Category]
    urgency: Urgency
    danger: Danger | None
    words: str


class SecondReader:
    """Implements `Refiner`: names, numbers and what speaks to machines are taken out before anything is sent."""

    def __init__(self, model: Completing, seconds: float = SECONDS) -> None:
        self._model = model
        self._seconds = seconds
        self._read: OrderedDict[bytes, Refinement] = OrderedDict()  # by the digest of what was sent

    async def refine(self, text: str, read: Triage) -> Refinement:
        """Return what the model reads otherwise; an empty refinement where it fails, or quotes what is not there."""
        sent = redact(without_commands(text)[0])
        key = blake2b(sent.encode()).digest()
        if key not in self._read:
            self._read[key] = await self._ask(sent, read)
            if len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return self._read[key]

    async def _ask(self, sent: str, read: Triage) -> Refinement:
        first = {"intent": read.intent, "categories": read.categories, "urgency": read.urgency}
        try:
            async with asyncio.timeout(self._seconds):
                reading = parsed(_Reading, await self._model.complete([READ, fenced({"message": sent, "read": first})]))
        except (ChatError, TimeoutError) as error:
            log.info("triage.not_read_again", reason=str(error) or "no time is left")
            return Refinement()
        words = reading.words.strip()
        if len(words) < 2 or words not in sent:
            log.info("triage.not_read_again", reason="it quotes what is not there")
            return Refinement()
        return Refinement(reading.intent, tuple(reading.categories), reading.urgency, reading.danger, words[:_QUOTED])
