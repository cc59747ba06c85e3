from datetime import timedelta

from bot.cases.changes import EraseCase
from bot.cases.model import SYSTEM, Content, Move
from bot.desk.reports.ports import Asked, Workplace
from bot.dialogue.ports import Feedback, Turn, Verdict
from bot.messages import Channel, Incoming, Reply
from bot.storage.storage import Storage
from knowledge.vocabulary import Category
from tests.bot.cases import house
from tests.bot.cases.house import NOW, TRIAGE, WORKER
from tests.bot.fakes import Clock

UNION = "沙市区总工会"
START, END = NOW - timedelta(days=1), NOW + timedelta(days=1)


async def brought(storage: Storage, chat: str, employer: str, category: Category = Category.WAGE_ARREARS) -> str:
    """Open a case of somebody about an employer, and return its number."""
    content = house.told_content(employer=employer, category=category)
    change = house.open_case(NOW, content, house.claimant(chat, now=NOW))
    await storage.cases.apply([change], NOW)
    case = await storage.cases.case(change.events[0].case)
    assert case is not None
    return case.number


async def test_workers_at_one_employer_are_counted_and_one_who_comes_again_is_one(both: Storage, clock: Clock) -> None:
    numbers = [await brought(both, chat, "荆州某某建筑有限公司") for chat in ("1", "2", "2")]
    numbers.append(await brought(both, "3", "某某建筑", Category.WORK_INJURY))  # the same, however it is written
    await brought(both, "4", "别的公司")
    found = [Workplace(UNION, Category.WAGE_ARREARS, 3, tuple(sorted(numbers, reverse=True)))]
    figures = both.service_figures
    assert await figures.workplaces(None, START, END, 3) == await figures.workplaces((UNION,), START, END, 3) == found
    assert await figures.workplaces(None, START, END, 4) == []
    assert await figures.workplaces(("十堰市总工会",), START, END, 1) == []
    assert await figures.workplaces(None, END, END + timedelta(days=7), 1) == []


async def test_whoever_has_no_account_counts_as_one_more_each_time_and_who_left_does_not(
    both: Storage, clock: Clock
) -> None:
    for _ in range(3):
        await brought(both, "", "荆州某某建筑有限公司")
    await brought(both, "1", "别的公司")
    change = house.open_case(NOW, house.told_content(employer="别的公司"), house.claimant("2", now=NOW))
    await both.cases.apply([change], NOW)
    case = await both.cases.case(change.events[0].case)
    assert case is not None
    await both.cases.apply([house.appended(case, Move.LEAVE, WORKER, NOW, Content(claimant=1))], NOW)
    found = await both.service_figures.workplaces(None, START, END, 1)
    assert [each.workers for each in found] == [3, 1]


async def test_the_last_score_of_each_case_counts_where_and_when_it_was_given(both: Storage, clock: Clock) -> None:
    for chat, scores in (("1", (1, 5)), ("2", (3,)), ("3", ())):
        change = house.open_case(NOW, None, house.claimant(chat, now=NOW))
        await both.cases.apply([change], NOW)
        case = await both.cases.case(change.events[0].case)
        steps = [(Move.TRIAGE, TRIAGE, Content()), (Move.ANSWER, TRIAGE, Content(text="可以。"))]
        steps += [(Move.RATE, WORKER, Content(score=score)) for score in scores]
        for move, actor, content in steps:
            assert case is not None
            await both.cases.apply([house.appended(case, move, actor, NOW, content)], NOW)
            case = await both.cases.case(case.id)
    assert sorted(await both.service_figures.scores(None, START, END)) == [3, 5]
    assert sorted(await both.service_figures.scores(None, START, END)) == [3, 5], "what is kept at hand counts alike"
    assert await both.service_figures.scores(("十堰市总工会",), START, END) == []
    assert await both.service_figures.scores(None, END, END + timedelta(days=7)) == []


async def test_the_score_of_a_case_that_is_erased_no_longer_counts(both: Storage, clock: Clock) -> None:
    clock.now = NOW
    for chat, score in (("1", 2), ("2", 4)):
        change = house.open_case(NOW, None, house.claimant(chat, now=NOW))
        await both.cases.apply([change], NOW)
        steps = [(Move.TRIAGE, TRIAGE, Content()), (Move.ANSWER, TRIAGE, Content(text="可以。"))]
        for move, actor, content in [*steps, (Move.RATE, WORKER, Content(score=score))]:
            case = await both.cases.case(change.events[0].case)
            assert case is not None
            await both.cases.apply([house.appended(case, move, actor, NOW, content)], NOW)
    assert sorted(await both.service_figures.scores(None, START, END)) == [2, 4]
    await both.cases.apply([EraseCase(change.events[0].case, SYSTEM)], NOW)
    assert await both.service_figures.scores(None, START, END) == [2]


async def test_what_was_asked_is_told_with_how_many_asked_and_not_who(both: Storage, clock: Clock) -> None:
    clock.now = NOW
    for key, chat in (("a", "1"), ("b", "1"), ("c", "2")):
        await both.inbox.accept(Incoming(Channel.WEB, chat, key, "原话"))
        (letter,) = await both.inbox.due(1, ())
        kept = Feedback(key, Verdict.REFUSED, f"问题{key}", None)
        await both.inbox.finish(letter, Turn((Reply("好的。"),), letter.conversation, (kept,)))
    asked = await both.service_figures.asked(START, END)
    assert [each.question for each in asked] == ["问题c", "问题b", "问题a"]
    assert asked[1] == Asked("问题b", asked[2].chat, NOW)
    assert asked[0].chat != asked[1].chat
    assert asked[1].chat != "1"
    assert await both.service_figures.asked(END, END + timedelta(days=7)) == []
