"""An emergency from the case to the group that is called, until somebody takes it: real storage, robots and page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.cases import receipt
from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.lifecycle import opened
from bot.cases.model import Actor, CaseKind, Content, Facts
from bot.dialogue.drainer import Drainer
from bot.messages import Channel
from bot.notices import words
from bot.notices.duty import Duty
from bot.notices.duty_file import DutyFile
from bot.notices.links import TAKE_PATH, Links
from bot.notices.notifiers import open_notifiers
from bot.notices.taking import Taking, build_take
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.tables import Status
from knowledge.calendar import load_calendar
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Category, Urgency
from tests.bot.fakes import Clock, eventually
from tests.bot.notices.notes import UNION, buttons, sign
from tests.bot.notices.robot_server import SECRET, RobotServer, refusal, robots

STORY = "我叫王建国，手卷进机器了，电话 13800000000"
ROSTER = """\
people:
  - name: 值班群
    unions: [{union}]
    channel: wecom
    address: {wecom}
    hours: always
    deputy: 副班群
  - name: 副班群
    unions: [湖北省总工会]
    channel: dingtalk
    address: {dingtalk}
    secret: {secret}
    hours: {{sun: "00:00-00:01"}}
"""


class House:
    """A deployment, its robots' groups, and a browser."""

    def __init__(self, storage: Storage, server: RobotServer, clock: Clock, browser: httpx2.AsyncClient) -> None:
        self.storage = storage
        self.server = server
        self.clock = clock
        self.browser = browser

    async def alarm(self) -> None:
        now = self.clock.now
        content = Content(
            kind=CaseKind.EMERGENCY,
            facts=Facts(story=STORY),
            categories=(Category.WORK_INJURY,),
            urgency=Urgency.EMERGENCY,
            region="荆州市",
            organization=UNION,
            department="rights",
            reason="danger",
        )
        events = opened("c" * 32, content, Actor.worker(1), now)
        who = NewClaimant(1, Channel.TELEGRAM, "7", receipt.new(), now)
        await self.storage.cases.apply([OpenCase(events, (who,))], now)

    async def passes(self, minutes: float) -> None:
        self.clock.forward(minutes=minutes)
        await self.storage.clockwork.ring()
        await self.settled()

    async def settled(self) -> None:
        async def nothing_waits() -> bool:
            return Status.WAITING not in await self.storage.notices.counts()

        self.storage.notices.announce()
        await eventually(nothing_waits)

    @property
    def wecom(self) -> list[str]:
        return [told["content"] for told in self.server.wecom if words.TAKE in told["content"]]

    @property
    def dingtalk(self) -> list[str]:
        return [told["text"]["content"] for told in self.server.dingtalk]


@asynccontextmanager
async def housing(folder: Path, clock: Clock) -> AsyncIterator[House]:
    async with robots() as server:
        server.clock = lambda: clock.now.timestamp()
        roster = ROSTER.format(union=UNION, wecom=server.wecom_url, dingtalk=server.dingtalk_url, secret=SECRET)
        (folder / "duty.yaml").write_text(roster, "utf8")
        duty = Duty(DutyFile(folder / "duty.yaml"), load_organizations(), load_calendar().is_working)
        links = Links("https://bot.example.org", sign)
        url = f"sqlite:///{folder / 'niangjia.db'}"
        async with (
            Storage(url, Seal(b"s" * 32), addressing=duty, now=clock) as storage,
            open_notifiers(links, buttons(), clock, mail=None, writer=None) as notifiers,
        ):
            page = build_take(Taking(links, duty, storage.cases, clock))
            app = Starlette(routes=[Mount(TAKE_PATH.rstrip("/"), page)])
            browser = httpx2.AsyncClient(transport=httpx2.ASGITransport(app))
            drainer = asyncio.create_task(Drainer(storage.notices, notifiers, what="notice").run())
            try:
                async with browser:
                    yield House(storage, server, clock, browser)
            finally:
                drainer.cancel()
                await asyncio.gather(drainer, return_exceptions=True)


@pytest.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    async with housing(tmp_path, clock) as house:
        yield house


def link_in(text: str) -> str:
    return text.partition(f"{words.TAKE}：")[2].splitlines()[0]


async def test_an_emergency_is_called_again_and_wider_until_somebody_takes_it(house: House) -> None:
    await house.alarm()
    await house.passes(0)
    assert len(house.wecom) == 1 and house.dingtalk == []
    await house.passes(5)
    assert len(house.wecom) == 2
    assert "第 2 次呼叫" in house.wecom[1]
    assert len(house.dingtalk) == 1  # the deputy, whatever their hours

    link = link_in(house.wecom[1])
    assert words.TAKE in (await house.browser.get(link)).text  # as a messenger's preview does
    await house.passes(5)
    assert len(house.wecom) == 3

    assert words.TAKEN in (await house.browser.post(link)).text
    assert words.ALREADY in (await house.browser.post(link_in(house.dingtalk[0]))).text
    await house.passes(5)
    await house.passes(60)
    assert len(house.wecom) == 3


async def test_nothing_of_the_story_leaves_with_a_notice(house: House) -> None:
    await house.alarm()
    await house.passes(0)
    await house.passes(5)
    for text in (*house.wecom, *house.dingtalk):
        for word in ("王建国", "13800000000", "机器"):
            assert word not in text
    shown = await house.storage.notices.shown([UNION])
    assert shown and all(STORY not in repr(notice) for notice in shown)


async def test_after_an_outage_only_the_newest_call_goes_out(house: House) -> None:
    house.server.fault = refusal(-1)
    await house.alarm()
    await house.storage.clockwork.ring()
    house.clock.forward(minutes=5)
    await house.storage.clockwork.ring()
    house.server.fault = None
    await house.passes(1)
    assert ["第 2 次呼叫" in text for text in house.wecom] == [True]
