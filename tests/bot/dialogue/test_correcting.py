"""Who takes something back in the middle of a form is heard, whatever was asked last."""

import pytest

from bot.texts import intake as texts
from tests.bot.talk import Talk

STORY = "我们在沙市万达工地做事，包工头把18个人的工钱吞了，从3月份起一分没得"


async def filled(said: str = "提交") -> Talk:
    worker = Talk()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    if said:
        await worker.send(said)
    return worker


async def test_a_number_taken_back_is_not_what_is_wished_for() -> None:
    worker = await filled("")
    assert "怎么解决" in worker.replies[-1].text
    said = await worker.send("不对，是19个人")
    assert said.startswith(texts.CHANGED)
    assert "怎么解决" in said
    await worker.send("把工钱结清")
    assert "多少人：19" in await worker.send("提交")
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("wish") == "把工钱结清"


async def test_another_employer_named_where_a_name_is_asked_for_is_a_correction() -> None:
    worker = await filled("把工钱结清")
    assert "怎么称呼" in worker.replies[-1].text
    assert (await worker.send("不对，在沙市的恒大名都工地")).startswith(texts.CHANGED)
    assert "恒大名都工地" in await worker.send("提交")


@pytest.mark.parametrize(("said", "asked"), [("人数", "多少人"), ("改一下电话", "电话"), ("单位错了", "哪家单位")])
async def test_what_is_to_be_changed_may_be_said(said: str, asked: str) -> None:
    worker = await filled()
    await worker.click("改一改")
    assert asked in await worker.send(said)


async def test_a_scrap_does_not_become_part_of_the_story() -> None:
    worker = await filled()
    await worker.click("改一改")
    assert texts.WHAT_TO_CHANGE in await worker.send("19")
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("story") == STORY


@pytest.mark.parametrize("asked", ["要是我单位晓得了咋办", "主席会知道是我讲的不"])
async def test_a_worry_about_being_known_is_answered_and_no_part_of_the_story(asked: str) -> None:
    worker = await filled()
    assert texts.WHO_SEES in await worker.send(asked)
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("story") == STORY


async def test_seven_or_eight_are_not_seventy_eight() -> None:
    worker = Talk()
    await worker.send("/report 工会主席分钱不公，在荆州城发集团，从去年腊月起就这样")
    await worker.send("匿名")
    await worker.skip_to("多少人")
    await worker.send("七八个")
    assert "多少人：七八个人" in await worker.send("提交")


async def test_where_a_child_studies_is_not_where_its_mother_works() -> None:
    worker = Talk()
    await worker.send("/apply 金秋助学")
    await worker.send("同意")
    await worker.send("本科，武汉的学校")
    await worker.send("就我一个人挣钱")
    await worker.skip_to("哪家单位")
    await worker.send("随州曾都的齿轮厂")
    assert "曾都区总工会" in await worker.send("提交")


@pytest.mark.parametrize("said", ["算了不办了", "算了，不搞了", "取消"])
async def test_who_gives_it_up_is_understood_at_the_check_too(said: str) -> None:
    worker = await filled()
    assert await worker.send(said) == texts.QUITTED


async def test_a_yes_in_dialect_takes_the_offer_up() -> None:
    worker = Talk()
    await worker.send("老板三个月没发工资，在沙市的华美服装厂")
    assert "您同意吗" in await worker.send("好嘛")
