"""What the messenger tells staff of their own accord: what is due, and what somebody has in hand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.desk.messenger import words
from bot.notices import words as notices
from tests.bot.desk.messenger.house import (
    EMPLOYER,
    NAME,
    STORY,
    TELEPHONE,
    WORDS,
    House,
    handed,
    housing,
    last_said,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One bot for all tests of the module; each has its own people and cases."""
    async with housing(tmp_path_factory.mktemp("due")) as house:
        yield house


async def test_what_is_due_soon_and_overdue_comes_with_buttons_to_the_group_and_the_handler(house: House) -> None:
    staff, person = await house.colleague("in.time")
    case = await handed(house, staff.id)
    for said in ("快到了", "超过"):
        for _ in range(40):
            house.clock.forward(hours=2)
            await house.storage.clockwork.ring()
            if [each for each in house.api.world.said_by_bot(person.chat) if said in each.text]:
                break
            house.storage.notices.announce()
        for chat in (house.group, person.chat):
            assert (await house.told(case, said, chat)).labels == [notices.ANSWER, notices.OPEN]


async def test_a_short_list_of_ones_own_cases_each_to_be_replied_to(house: House) -> None:
    staff, person = await house.colleague("lister")
    cases = [await handed(house, staff.id) for _ in range(6)]
    await person.says("我的案件")
    await house.api.sight.until(lambda: any("还有 1 件" in each.text for each in person.heard))
    assert "您手上有 6 件在办" in "".join(each.text for each in person.heard)
    listed = [each for each in person.heard if each.labels == [notices.ANSWER, notices.OPEN]]
    shown = [each for each in cases if any(each.number in message.text for message in listed)]
    assert (len(listed), len(shown)) == (5, 5)
    await person.says(WORDS, reply_to=next(each for each in listed if shown[0].number in each.text))
    await house.told(shown[0], "已转给职工", person.chat)
    assert (await house.again(shown[0])).events[-1].content.text == WORDS
    for secret in (NAME, TELEPHONE, STORY, EMPLOYER):
        assert not [each.text for each in person.heard if secret in each.text]


async def test_the_list_is_not_shown_in_the_group(house: House) -> None:
    _, person = await house.colleague("open.hearted")
    await person.within(house.group).says("/queue@niangjia_bot")
    await last_said(house, words.NOT_IN_GROUP)
