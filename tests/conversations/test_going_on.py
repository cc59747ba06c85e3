"""Who is offered the union's help takes it up in their own words, tells on as it comes to mind, and may send voice."""

import pytest

from bot.messages import Attachment
from bot.texts import intake as texts
from tests.conversations.conftest import House

STORY = "昨天送餐被车撞了，腿骨折，平台说我是个体户不管"


@pytest.mark.parametrize("said", ["好嘞", "帮我", "那你帮我办吧", "同意", "那就请工会帮忙", "登记", "中", "麻烦你们了"])
async def test_a_yes_to_the_offer_is_heard_however_it_is_put(house: House, said: str) -> None:
    worker = house.worker()
    assert texts.OFFER in await worker.send(STORY)
    assert "您同意吗" in await worker.send(said)


@pytest.mark.parametrize("said", ["谢谢", "工会", "我想想", "办不了", "得行吗"])
async def test_what_is_no_yes_opens_no_form(house: House, said: str) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.send(said)
    assert worker.conversation.draft is None


async def test_what_is_told_on_after_the_offer_becomes_part_of_the_story(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    for said in ("我在随州曾都区跑美团的", "医药费让平台出"):
        assert await worker.send(said) == texts.GOES_ON
    assert len(worker.answers.asked) == 1, "it is not searched for"
    await worker.send("好")
    draft = worker.conversation.draft
    assert draft is not None
    assert draft.value("story") == f"{STORY}\n我在随州曾都区跑美团的\n医药费让平台出"
    assert draft.value("place") is not None


async def test_a_question_after_the_offer_is_answered(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    assert "答：能报工伤吗" in await worker.send("能报工伤吗")


async def test_another_wrong_after_the_offer_is_answered_too(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    assert "答：" in await worker.send("老板还欠我们两个月工资")


async def test_who_can_only_speak_is_not_asked_to_write_for_ever(house: House) -> None:
    worker = house.worker()
    first, second = (Attachment("voice", f"{name}.oga", mime="audio/ogg") for name in "ab")
    assert await worker.send("", first) == texts.VOICE_WHERE
    await worker.click(texts.REPORT)
    await worker.click(texts.ANONYMOUS)
    assert "出了什么事" in await worker.send("", first)
    told = await worker.send("", second)
    assert told.startswith(texts.VOICE_SUFFICES)
    assert "哪家单位" in told
    for _ in range(2):
        await worker.send("不晓得")
    await worker.send("十堰")
    await worker.skip_to("请您看一遍")
    assert "登记好了" in await worker.click(texts.SEND)
    case = await worker.newest()
    assert case.facts.story == texts.IN_FILES
    assert len(await house.storage.cases.evidence(case.id)) == 2


async def test_who_wants_two_services_is_offered_both_and_a_yes_begins_the_first(house: House) -> None:
    worker = house.worker()
    told = "屋里老婆得了癌症，娃儿考起大学了，金秋助学和困难帮扶我两个都想申请"
    said = await worker.send(told)
    assert texts.offer_apply("申请金秋助学") in said
    assert {"申请金秋助学", "申请困难帮扶"} <= set(worker.labels)
    assert "申请金秋助学" in await worker.send("好")
    draft = worker.conversation.draft
    assert draft is not None
    assert draft.value("story") == told


async def test_a_question_about_a_service_is_no_story(house: House) -> None:
    worker = house.worker()
    await worker.send("我想申请金秋助学")
    await worker.send("好的")
    draft = worker.conversation.draft
    assert draft is not None
    assert (draft.form, draft.value("story")) == ("tuition", None)


async def test_several_questions_of_one_message_are_answered_one_by_one(house: House) -> None:
    worker = house.worker()
    said = await worker.send("加班费怎么算？没签合同能不能要双倍工资？月亮上的人管不管？")
    assert [reply.text.partition("\n")[0] for reply in worker.replies] == [
        "1. 加班费怎么算？",
        "2. 没签合同能不能要双倍工资？",
        "3. 月亮上的人管不管？",
    ]
    assert "答：没签合同能不能要双倍工资" in said
    assert texts.NOT_FOUND in worker.replies[-1].text
    assert worker.answers.asked[1][2] == ("加班费怎么算",), "the second may lean"
    assert await worker.send("加班费怎么算？") == "答：加班费怎么算？"
    assert len(worker.conversation.exchanges) == 4, "each is remembered, with its own sources"


async def test_a_photo_after_a_case_may_be_added_to_it(house: House) -> None:
    worker = house.worker()
    for said in ("/report 老板三个月没发工资，在沙市的华美服装厂", "匿名", "提交", "提交"):
        await worker.send(said)
    photo = Attachment("photo", "a.jpg")
    await worker.send("", photo)
    await worker.click(texts.ADD_FILE)
    assert "收到" in await worker.send("", photo)
    case = await worker.newest()
    assert len(await house.storage.cases.evidence(case.id)) == 1


async def test_who_comes_round_to_it_after_a_question_does_not_tell_the_story_again(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.send("能报工伤吗")
    assert "您同意吗" in await worker.send("还是登记吧")
    draft = worker.conversation.draft
    assert draft is not None
    assert draft.value("story") == STORY


async def test_another_service_named_at_the_check_is_no_part_of_the_story(house: House) -> None:
    worker = house.worker()
    for said in ("/apply 金秋助学", "匿名", "高中二年级", "他爸病了", "冇建过", "随州的齿轮厂"):
        await worker.send(said)
    await worker.skip_to("请您看一遍", 市="随州曾都")
    assert (await worker.send("困难帮扶我也想申请")).startswith(texts.ONE_BY_ONE)
    await worker.send("提交")
    facts = (await worker.newest()).facts
    assert facts.story == "他爸病了"
    assert ("是否建过困难档案", "否") in facts.answers
