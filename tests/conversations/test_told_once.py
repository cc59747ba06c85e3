"""What was told once is asked for by nobody again, and what is added or put right finds its way to the case."""

from collections.abc import Sequence

from bot.answers.model import Answer, AnswerStatus
from bot.cases.model import Content, Move
from bot.texts import intake as texts
from bot.texts import mine as mine_texts
from tests.bot.fakes import Answers
from tests.bot.talk import Talk
from tests.conversations.conftest import House

STORY = "我们18个人在沙市万达工地做事，包工头欠我们三个月工资"


async def registered(house: House) -> Talk:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    await worker.send("提交")
    assert "登记好了" in await worker.send("提交")
    return worker


async def test_who_asks_for_help_after_telling_of_a_wrong_does_not_tell_it_again(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.send("请工会帮忙")
    assert worker.conversation.draft is not None
    assert worker.conversation.draft.value("story") == STORY


async def test_a_question_before_the_form_is_no_story(house: House) -> None:
    worker = house.worker()
    await worker.send("加班费怎么算")
    await worker.send("请工会帮忙")
    await worker.send("同意")
    assert "出了什么事" in worker.replies[-1].text


async def test_what_has_become_a_case_is_not_told_once_more(house: House) -> None:
    worker = house.worker()
    await worker.send(STORY)
    await worker.click(texts.REPORT)
    await worker.send("同意")
    await worker.send("提交")
    await worker.send("提交")
    assert "登记" not in await worker.send("好的")  # no yes to the offer, which was taken up
    await worker.send("请工会帮忙")
    await worker.send("同意")
    assert "出了什么事" in worker.replies[-1].text


class Literal(Answers):
    """Finds nothing but what is called by its name."""

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        found = await super().answer(question, region=region, history=history)
        return found if question.startswith("欠薪") else Answer(AnswerStatus.REFUSED, "资料里没有这个。", 0.1)


async def test_a_story_that_finds_nothing_is_asked_with_its_matter_named() -> None:
    worker = Talk(answers=Literal())
    said = await worker.send(STORY)
    assert said.startswith(f"答：欠薪，{STORY.replace('沙市', '某地')}")
    assert texts.OFFER in said
    assert worker.feedback == []
    await worker.send("加班费怎么算")
    assert worker.answers.asked[-1][0] == "加班费怎么算"  # a question is asked as it is, once


async def test_where_a_wrong_happened_chooses_the_rules_but_is_not_searched_for() -> None:
    worker = Talk()
    for told, searched, region in [
        (STORY, STORY.replace("沙市", "某地"), "荆州市"),
        ("十堰这边的电子厂两年都不给我们交社保", "某地这边的电子厂两年都不给我们交社保", "十堰"),
        ("十堰市总工会不帮我们讨欠薪，老板不给工资", "十堰市总工会不帮我们讨欠薪，老板不给工资", "十堰"),
        ("十堰的驿站在哪里", "十堰的驿站在哪里", None),
    ]:
        await worker.send(told)
        assert worker.answers.asked[-1][:2] == (searched, region)


async def test_a_second_wrong_that_no_document_answers_is_heard_too(house: House) -> None:
    worker = house.worker()
    await worker.send("老板不发工资，说等月亮圆了再说，我们气得很")
    await worker.click(texts.REPORT)
    await worker.send("先不办了")
    assert await worker.send("老板又说等月亮圆了才给我们钱，太欺负人了，工资不发") == texts.HEARD


async def test_what_is_put_right_in_the_list_of_questions_leads_back_to_the_check(house: House) -> None:
    worker = house.worker()
    await worker.send(f"/report {STORY}")
    await worker.send("同意")
    await worker.send("提交")
    await worker.click(texts.EDIT)
    said = await worker.send("人数是19个人")
    assert "多少人：19" in said
    assert texts.WHICH not in said


async def test_who_adds_something_writes_to_the_case_whose_receipt_they_have_shown(house: House) -> None:
    worker = await registered(house)
    case = await worker.newest()
    elsewhere = house.worker("8")
    assert await elsewhere.send("我想补充") != mine_texts.SAY_ON
    receipt = "".join(filter(str.isdigit, worker.replies[0].text.partition("回执号：")[2].partition("\n")[0]))
    await elsewhere.send(receipt)
    assert await elsewhere.send("我想再补充，老板姓刘") == mine_texts.SAID
    assert await elsewhere.send("外号刘胖子") == mine_texts.SAID_ON  # how to end is told once
    assert [event.content.text for event in (await worker.newest()).events if event.move is Move.SAY] == [
        "我想再补充，老板姓刘",
        "外号刘胖子",
    ]
    await elsewhere.send("说完了")
    assert await elsewhere.send("我还要补充几句") == mine_texts.SAY_ON
    assert (await worker.newest()).id == case.id


async def test_a_next_step_is_told_as_long_as_it_is_the_unions(house: House) -> None:
    worker = await registered(house)
    await worker.send("我的事")
    assert "下一步最晚" in await worker.click("欠薪")
    await worker.staff(Move.TRIAGE)
    await worker.staff(Move.ANSWER, Content(text="下周三前结清"))
    await worker.send("我的事")
    said = await worker.click("欠薪")
    assert "等您说行不行" in said
    assert "下一步最晚" not in said


async def test_the_number_of_people_is_shown_and_can_be_put_right(house: House) -> None:
    worker = await registered(house)
    await worker.send("我的事")
    await worker.click("欠薪")
    await worker.click(mine_texts.CORRECT)
    assert "“多少人”现在写的是：18" in await worker.click("多少人")
    assert worker.labels == [mine_texts.KEEP]
    assert await worker.send("好多哦") == mine_texts.NO_NUMBER
    assert await worker.send("是19个人") == mine_texts.CORRECTED
    await worker.send("我的事")
    await worker.click("欠薪")
    assert "多少人：19" in await worker.click(mine_texts.EXPORT)
