"""Workers on their phones, from the first word to the last, whatever happens to the bot meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import product
from math import inf
from random import Random
from re import compile as pattern

from bot import texts
from bot.notices import words
from bot.texts import cases as news
from bot.texts import intake, mine
from tests.soak.clerk import QUESTION, RESULT
from tests.telegram_api import TelegramApi
from tests.telegram_api.driver import Person
from tests.telegram_api.updates import Update
from tests.telegram_api.world import Chat, Message

PHOTO = b"\xff\xd8\xff a photo of a pay slip, number "
_RECEIPT = pattern(r"(?:\d{4} ){3}\d{4}")
_NAMES = "鸿盛华金新祥瑞泰和兴"


@dataclass
class Story:
    """What one person did, and what must be found of it afterwards."""

    chat: str
    receipts: list[str] = field(default_factory=list)  # one of each case
    told: str = ""  # what only this one's grievance says
    said: list[str] = field(default_factory=list)  # to staff
    photos: list[bytes] = field(default_factory=list)
    end: str = ""  # the state that the case ends in


class Worker:
    """Somebody who reads what comes, and answers."""

    def __init__(self, api: TelegramApi, person: Person, random: Random, sent: list[Update]) -> None:
        self.story = Story(str(person.chat.id))
        self.awaits = ""  # what is to be heard next
        self._api = api
        self._person = person
        self._random = random
        self._sent = sent
        self._spoke = 0  # the newest message when this one last said something

    async def says(self, text: str) -> None:
        await self._send(lambda: self._person.says(text))

    async def shows(self, photo: bytes) -> None:
        self.story.photos.append(photo)
        await self._send(lambda: self._person.sends_photo(photo))

    async def taps(self, label: str) -> None:
        async def tap() -> Update:
            return (await self._person.taps(label)).update

        await self._send(tap)

    async def hears(self, said: str, *, before: bool = False) -> Message:
        """Wait for a message with these words since this one last spoke, or `before` too."""
        since = 0 if before else self._spoke
        found: list[Message] = []

        def seen() -> bool:
            found[:] = [each for each in self._person.heard if each.id > since and said in each.text]
            return bool(found)

        self.awaits = said
        await self._api.sight.until(seen, patience=inf)  # however many deaths the reply outlives
        return found[-1]

    async def _send(self, act: Callable[[], Awaitable[Update]]) -> None:
        self._spoke = max((message.id for message in self._person.heard), default=0)
        update = await act()
        self._sent.append(update)
        if self._random.random() < 0.1:  # Telegram missed that it was acknowledged
            await self._api.redeliver(update)

    # --- what people do ---

    async def reports(self, employer: str) -> None:
        """Hand in a grievance with a photo, hastily."""
        self.story.told = employer
        await self.says(f"/report 单位不给交社保，荆州公安县{employer}，从去年开始就没交")
        await self.hears("您同意吗")
        await self.taps(intake.ANONYMOUS)
        await self.hears("多少人")
        await self.says("就我一个")
        await self.hears("最希望怎么解决")
        await self.shows(PHOTO + self.story.chat.encode())
        await self.hears("照片或文件收到了")
        await self.taps(intake.SKIP)
        await self.hears("请您看一遍")
        await self.taps(intake.SEND)
        if self._random.random() < 0.3:
            await self.taps(intake.SEND)  # nothing happened yet, so once more
        await self._registered("您的回执号")

    async def settles(self) -> None:
        """Answer what staff ask, and say that it is settled."""
        await self.reports(_employer(int(self.story.chat)))
        await self.hears(QUESTION, before=True)
        self.story.said.append("有，我拍了照")
        await self.says(self.story.said[-1])
        await self.hears("您的回复转过去了")
        await self.taps(mine.DONE)
        await self.hears(mine.ENDED)
        await self.hears(RESULT, before=True)
        await self._looks()
        await self.taps(news.SETTLED)
        await self.hears(mine.SETTLED)
        await self.taps(mine.STARS[4])
        await self.hears(mine.RATED)
        self.story.end = "closed"

    async def withdraws(self) -> None:
        """Think better of it."""
        await self.reports(_employer(int(self.story.chat)))
        await self._looks()
        await self.taps(mine.WITHDRAW)
        await self.hears(mine.WITHDRAW_SURE)
        await self.taps(mine.SURE_WITHDRAW)
        await self.hears(mine.WITHDRAWN)
        self.story.end = "withdrawn"

    async def hesitates(self) -> None:
        """Begin, stop, and ask something instead."""
        await self.says("/report 加班不给钱，在十堰张湾的大洋超市")
        await self.hears("您同意吗")
        await self.taps(intake.QUIT)
        await self.hears(intake.QUITTED)
        await self.says("产假有多少天？")
        await self.hears("答：产假")
        await self.taps(texts.HELPFUL)

    async def calls_for_help(self) -> None:
        """Be in danger, and say where."""
        await self.says("我手被机器绞进去了，还在里面，快救命")
        await self.hears("120")
        await self._registered("凭这个号")
        self.story.said.append("在荆州公安县的纸箱厂里")
        await self.says(self.story.said[-1])
        await self.hears("公安县总工会")

    async def _looks(self) -> None:
        await self.says("/my")
        overview = await self.hears(mine.LIST)
        await self.taps(overview.labels[0])
        await self.hears("现在：")

    async def _registered(self, said: str) -> None:
        found = _RECEIPT.search((await self.hears(said)).text)
        assert found is not None
        self.story.receipts.append(found[0].replace(" ", ""))


async def takes(api: TelegramApi, colleague: Person, group: Chat, sent: list[Update]) -> None:
    """Take every emergency that the group is called to, until cancelled."""
    there = colleague.within(group)
    seen = 0

    def calls() -> list[Message]:
        return [each for each in there.heard if each.id > seen and words.TAKE in each.labels]

    while True:
        await api.sight.until(calls, patience=inf)
        for call in calls():
            seen = call.id
            sent.append((await there.taps(words.TAKE, on=call)).update)


def _employer(number: int) -> str:
    """Return a name of its own for each, so that none is offered to join another's."""
    chosen = list(product(_NAMES, repeat=3))[number % len(_NAMES) ** 3]
    return f"{''.join(chosen)}纸箱厂"
