"""A reply that is nothing but a date says since when, whatever was asked, and the form goes on."""

import pytest

from bot.texts import intake as texts
from tests.conversations.conftest import House

STORY = "包工头不给我们结工钱，在沙市的万达工地"


@pytest.mark.parametrize("said", ["上个月15号", "2026年3月", "就是从今年3月开始的"])
async def test_a_date_is_no_story(house: House, said: str) -> None:
    worker = house.worker()
    await worker.send("/report")
    await worker.send("同意")
    told = await worker.send(said)
    assert told.startswith(texts.NOTED)
    assert "出了什么事" in told
    await worker.send(STORY)
    await worker.skip_to("请您看一遍")
    summary = worker.replies[-1].text
    assert f"从什么时候开始：{said}" in summary
    assert f"事情经过：{STORY}" in summary


@pytest.mark.parametrize("question", ["哪家单位", "怎么解决", "怎么称呼", "留个电话", "多少人"])
async def test_a_date_is_no_reply_to_another_question_either(house: House, question: str) -> None:
    worker = house.worker()
    await worker.send("/report 老板不给结工钱")
    await worker.send("同意")
    await worker.skip_to(question, 单位="万达工地", 哪个市="沙市")
    told = await worker.send("上个月15号")
    assert told.startswith(texts.NOTED)
    assert question in told
    draft = worker.conversation.draft
    assert draft is not None
    assert draft.value("since") == "上个月15号"


async def test_a_date_before_the_consent_is_no_story(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("上个月15号")
    draft = worker.conversation.draft
    assert draft is not None
    assert (draft.value("story"), draft.value("since")) == (STORY, "上个月15号")
