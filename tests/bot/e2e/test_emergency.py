"""Somebody is in danger: the worker gets numbers at once, the staff's group is called, and a colleague takes it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.messenger import words as staff_words
from bot.desk.staff import Role
from bot.notices import words
from knowledge.embedder import Embedder
from tests.bot.e2e.hiring import first_link, hiring, links
from tests.bot.e2e.serving import serving
from tests.library import index, write
from tests.telegram_api import TelegramApi

ROSTER = """\
people:
  - name: 值班群
    unions: [湖北省总工会, 荆州市总工会]
    channel: telegram
    address: {group}
    hours: always
"""


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as api:
        yield api


@pytest.fixture
def home(tmp_path: Path, encoder: Embedder) -> Path:
    home = tmp_path / "home"
    index(home, write(tmp_path / "papers", {"甲.md": "# 甲\n\n工资按月付。\n"}), encoder)
    return home


async def test_danger_calls_the_group_and_a_colleague_takes_it(home: Path, telegram: TelegramApi) -> None:
    worker, colleague = telegram.person("小周"), telegram.person("王芳")
    group = telegram.group("值班群")
    (home / "duty.yaml").write_text(ROSTER.format(group=group.id), "utf8")
    on_duty = colleague.within(group)
    async with (
        serving(home, TELEGRAM_BOT_TOKEN=telegram.token, TELEGRAM_API_BASE=telegram.base) as bot,
        hiring(bot.url, await first_link(bot), ("wang.fang", Role.CLERK, "荆州市总工会")) as desk,
    ):
        told = await worker.asks("我在荆州，手卷进机器里了，流了好多血，快救命")
        assert "120" in told.text
        call = await on_duty.receives()
        assert call.labels == [words.TAKE, words.ANSWER]
        assert "【特急】" in call.text and "机器" not in call.text
        refused = await on_duty.taps(words.TAKE)
        assert await refused.toast() == staff_words.NOT_LINKED
        await links(desk["wang.fang"], colleague)
        taken, late = await on_duty.taps(words.TAKE), await on_duty.taps(words.TAKE)
        assert await taken.toast() == words.TAKEN
        assert await late.toast() == staff_words.quicker("同志")
        await telegram.sight.until(lambda: call.edits)
        assert "已经接手：同志" in call.text
        assert call.labels == [words.ANSWER]
