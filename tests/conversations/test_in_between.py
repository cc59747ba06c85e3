"""What people say between the lines: courtesies, doubts, other questions, and a change of mind."""

from bot.cases.model import Content, KeptFile, Move, State
from bot.cases.ports import EvidenceFull
from bot.messages import Attachment, Channel, Incoming
from bot.texts import intake as texts
from bot.texts import mine as mine_texts
from tests.bot.casebook import Shelf
from tests.conversations.conftest import House

STORY = "老板三个月没发工资，在沙市的华美服装厂"


async def test_a_greeting_and_thanks_in_a_form_are_answered_and_the_form_goes_on(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    for courtesy, words in (("在吗", texts.HERE), ("谢谢", texts.WELCOME)):
        said = await worker.send(courtesy)
        assert said.startswith(words)
        assert "记什么" not in said  # what is kept was told once
    assert "多少人" in await worker.send("可以")
    said = await worker.send("你好")
    assert said.startswith(texts.HERE)
    assert "多少人" in said


async def test_nobody_is_kept_at_a_question_that_they_cannot_answer(house: House) -> None:
    worker = house.worker()
    await worker.send("/report")
    await worker.send("真名")
    await worker.send("老板欠薪")
    assert await worker.send("不知道") == texts.NEEDED
    assert "哪个市" in await worker.send("不晓得")
    await worker.send("不知道")
    assert "什么时候" in await worker.send("不知道")
    await worker.send("好久了")
    assert "多少人" in await worker.send("好久好久了")  # in the worker's own words
    await worker.send("没有")
    await worker.send("没有")
    await worker.send("没有")
    summary = await worker.send("没有")
    assert "单位：还不清楚" in summary
    assert "从什么时候开始：好久好久了" in summary
    assert "登记好了" in await worker.send("没问题")
    assert (await worker.newest()).organization == "湖北省总工会"


async def test_a_question_about_the_form_is_answered_from_the_form(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    assert texts.WHO_SEES in await worker.send("留电话会不会被老板知道？")
    assert "多少人" in worker.replies[-1].text
    assert worker.answers.asked == []


async def test_an_early_hand_in_leaves_out_what_may_be_left_out(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    summary = await worker.send("提交")
    assert "请您看一遍" in summary
    assert "怎么称呼" not in summary
    assert texts.BY_CHAT in summary


async def test_who_wants_to_stay_unnamed_after_all_leaves_neither_name_nor_number(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    await worker.send("一个人")
    await worker.send("能不能把工资结清？")  # a wish, though put as a question
    await worker.send("小王")
    assert texts.BY_NOBODY in await worker.send("我想匿名")
    await worker.send("提交")
    case = await worker.newest()
    assert case.facts.wish == "能不能把工资结清？"
    (seen,) = await house.storage.cases.claimants(case.id)
    assert (seen.anonymous, seen.name, seen.telephone) == (True, "", "")


async def test_a_number_told_in_the_story_of_somebody_unnamed_is_pointed_out(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}，电话13800001234")
    await worker.send("匿名")
    assert texts.PHONE_IN_STORY in await worker.send("提交")


async def test_a_correction_is_read_for_what_it_corrects(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    await worker.send("提交")
    assert "从什么时候开始：4个月" in await worker.send("不对，是4个月")
    assert "怎么称呼：老陈" in await worker.send("就叫我老陈")
    said = await worker.send("谢谢")
    assert texts.UNSENT in said  # and not the whole once more
    assert STORY not in said


async def test_a_yes_takes_the_offer_up_and_it_is_made_once(house: House) -> None:
    worker = house.worker()
    assert texts.OFFER in await worker.send("老板不发工资，怎么办，我们都急死了")
    assert await worker.send("不用") == texts.DECLINED
    assert texts.OFFER not in await worker.send("他还扣了我押金不退给我")
    assert texts.REPORT in worker.labels  # a button is left
    other = house.worker("8")
    await other.send(STORY)
    assert "登记“请工会帮忙”" in await other.send("好的")
    await other.send("可以")
    assert other.conversation.draft is not None
    assert other.conversation.draft.value("story") == STORY


async def test_an_offer_comes_back_after_a_while_unless_it_was_declined(house: House) -> None:
    worker = house.worker()
    told = [await worker.send(f"老板扣了我{month}月的工资不给") for month in range(1, 5)]
    assert [texts.OFFER in said for said in told] == [True, False, False, True]


async def test_half_a_sentence_is_not_taken_for_a_story(house: House) -> None:
    worker = house.worker()
    assert texts.HEARD not in await worker.send("月亮年底")
    assert await worker.send("提交") == texts.NOTHING_OPEN


async def test_a_grievance_that_no_document_answers_is_heard_all_the_same(house: House) -> None:
    worker = house.worker()
    assert await worker.send("老板不发工资，说等月亮圆了再说，我们气得很") == texts.HEARD
    assert texts.REPORT in worker.labels


async def test_a_pure_question_gets_no_offer(house: House) -> None:
    worker = house.worker()
    assert texts.OFFER not in await worker.send("加班费怎么算")
    assert texts.REPORT not in worker.labels


async def test_who_asks_what_to_do_about_a_wrong_of_their_own_is_offered_help(house: House) -> None:
    assert texts.OFFER in await house.worker().send("老板欠我两个月工资怎么办")
    assert texts.OFFER not in await house.worker("8").send("单位要是欠薪怎么办")


async def test_a_form_left_for_days_is_remembered_and_does_not_swallow_a_new_question(house: House) -> None:
    worker = house.worker()
    await worker.send("/report 老板不发工资")
    await worker.send("同意")
    house.clock.forward(days=3)
    assert "“请工会帮忙”填到一半" in await worker.send("你好")
    said = await worker.send("加班费怎么算")
    assert "答：加班费怎么算" in said
    assert "哪家单位" in said
    assert "哪个市" in await worker.send("华美服装厂")


async def test_another_form_does_not_silently_replace_the_open_one(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    assert "填到一半" in await worker.send("/apply 体检")
    assert "多少人" in await worker.click(texts.RESUME)
    await worker.send("/my")
    assert texts.RESUME in worker.labels
    await worker.send("/apply 体检")
    assert "申请健康体检" in await worker.click(texts.FRESH)
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.form == "health-check"


async def test_what_is_written_under_a_photo_belongs_to_the_story(house: House) -> None:
    worker = house.worker()
    await worker.send("/report 老板不发工资")
    await worker.send("同意")
    assert "哪家单位" in await worker.send("这是欠条", Attachment("photo", "note.jpg", "欠条.jpg"))
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("story") == "老板不发工资\n这是欠条"
    assert "哪家单位" in await worker.send("", Attachment("voice", "a.ogg", None))


async def test_a_photo_that_our_disk_has_no_room_for_is_told_so_and_the_form_goes_on(house: House) -> None:
    class Full(Shelf):
        async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
            raise EvidenceFull("no room")

    worker = house.worker(shelf=Full())
    await worker.send("/report 老板不发工资")
    await worker.send("同意")
    said = await worker.send("这是欠条", Attachment("photo", "note.jpg", "欠条.jpg"))
    assert said.startswith(texts.FILE_NO_ROOM)
    assert "哪家单位" in said
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("story") == "老板不发工资\n这是欠条"


async def test_plain_words_do_what_commands_do(house: House) -> None:
    worker = house.worker(channel=Channel.WEB)
    assert "登记“请工会帮忙”" in await worker.send("请工会帮忙")
    await worker.send("算了")
    assert await worker.send("有进展吗") == mine_texts.NONE
    assert await worker.send("我的回执丢了") == mine_texts.LOST
    assert await worker.send("1234 5678 9012 345") == mine_texts.TYPO


async def test_whether_it_was_settled_may_be_said_in_words(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("匿名")
    await worker.send("提交")
    await worker.send("提交")
    await worker.staff(Move.TRIAGE)
    await worker.staff(Move.ANSWER, Content(text="单位明天补发。"))
    await worker.send("还没有解决")
    assert (await worker.newest()).state is State.REOPENED
    await worker.staff(Move.TRIAGE)
    await worker.staff(Move.ANSWER, Content(text="补发了。"))
    assert await worker.send("解决了，谢谢") == mine_texts.SETTLED
    assert (await worker.newest()).state is State.CLOSED


async def test_thanks_are_no_correction(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("匿名")
    await worker.send("提交")
    await worker.send("提交")
    await worker.send("我的事")
    await worker.click("欠薪")
    await worker.click("更正")
    await worker.click("单位")
    assert await worker.send("谢谢") == mine_texts.ENDED
    assert (await worker.newest()).facts.employer == "沙市的华美服装厂"


async def test_who_wants_to_found_a_union_is_offered_that_and_no_alarm_for_many(house: House) -> None:
    worker = house.worker()
    assert texts.OFFER not in await worker.send("我们公司想成立工会")
    await worker.click("申请建工会")
    for said in ("实名", "荆州楚天物流公司", "二十来个人"):
        await worker.send(said)
    assert "单位多少人：二十来个人" in await worker.send("提交")
    assert "1 个工作日" in await worker.send("提交")


async def test_who_looks_after_their_cases_in_a_form_adds_nothing_to_the_story(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("匿名")
    await worker.send("提交")
    assert mine_texts.NONE not in await worker.send("我的事")  # beside an open form it would be no answer
    assert "请您看一遍" in await worker.click(texts.RESUME)
    await worker.click("提交")
    assert (await worker.newest()).facts.story == STORY


async def test_danger_in_the_middle_of_a_form_is_heard_out_before_the_form_goes_on(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    await worker.send("车间着火了，还有人在里面")
    await worker.send("在随州曾都的厂里")
    emergency = await worker.newest()
    assert (emergency.state, emergency.organization) == (State.EMERGENCY, "曾都区总工会")
    assert "多少人" in await worker.click("说完了")
    assert worker.conversation.focus is None
    assert "怎么解决" in await worker.send("一个人")


async def test_who_goes_on_with_the_form_after_an_alarm_is_back_in_it(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("匿名")
    await worker.send("车间着火了，还有人在里面")
    assert await worker.send("不知道") == mine_texts.SAID_ALARM, "which may be the answer to staff"
    assert "怎么解决" in await worker.send("跳过")
    assert worker.conversation.focus is None
    assert (await worker.newest()).state is State.EMERGENCY, "nobody has called it off"


async def test_an_application_is_not_told_of_courts(house: House) -> None:
    worker = house.worker()
    await worker.send("/apply 入会")
    await worker.send("同意")
    for said in ("送外卖", "美团", "荆州沙市", "小刘", "没有"):
        await worker.send(said)
    assert "仲裁" not in await worker.send("提交")
