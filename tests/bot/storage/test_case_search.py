from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from bot.cases.changes import EraseCase, Reach
from bot.cases.model import Actor, CaseKind, Content, Facts, Move, State
from bot.cases.ports import Queue
from bot.desk.cases.sought import find, patterns
from bot.storage.case_tables import case_words
from bot.storage.storage import Storage
from tests.bot.cases import house
from tests.bot.cases.house import HANDLER, NOW, SHASHI, TRIAGE, WORKER
from tests.bot.fakes import Clock
from tests.bot.storage.casework import move, opened

EVERYTHING = Queue(None, frozenset(State))


async def found(storage: Storage, asked: str) -> list[str]:
    """Return the cases in which the words stand."""
    sought = patterns(asked)
    return [case.id for case, written in await storage.cases.holding(EVERYTHING, sought) if find(case, written, sought)]


@pytest.fixture(params=["copied", "not copied"])
def copied(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "copied"


async def test_every_word_that_was_said_of_a_case_is_found_and_no_other(both: Storage, copied: bool) -> None:
    facts = Facts("说的甲词", "丙词公司", place="在丁词", wish="要戊词", answers=(("尺码", "己词"),))
    told = replace(house.told_content(kind=CaseKind.APPLICATION), facts=facts, reason="因为庚词")
    change = house.open_case(NOW, told, house.claimant(anonymous=False, name="欧阳大山", telephone="13987654321"))
    case = change.events[0].case
    await both.cases.apply([change], NOW)
    for what, actor, content in (
        (Move.TRIAGE, TRIAGE, Content()),
        (Move.DISPATCH, TRIAGE, SHASHI),
        (Move.ACCEPT, HANDLER, Content()),
        (Move.START, HANDLER, Content()),
        (Move.NOTE, HANDLER, Content(text='记下 "ＡＢc\x01" 辛词')),
        (Move.WAIT_EMPLOYER, HANDLER, Content(reason="等着壬词")),
        (Move.CORRECT, WORKER, Content(facts=replace(facts, story="更正成乙词"))),
        (Move.RESUME, HANDLER, Content()),
        (Move.RESOLVE, HANDLER, Content(text="办成癸词")),
    ):
        now = await both.cases.case(case)
        assert now is not None
        await both.cases.apply([house.appended(now, what, actor, NOW, content)], NOW)
    if not copied:
        await both.database.execute(delete(case_words))
    for asked in (*"乙丙丁戊己庚辛壬癸", "大山", "1398", "人在沙市", "abC", "１３９", "\x01", '"', '"abc'):
        assert await found(both, asked) == [case], asked
    assert await found(both, "乙词 辛词 大山") == [case]
    for asked in ("子词", "乙词 子词", "甲", "story", "people", "丙词公司在", "尺码"):
        assert await found(both, asked) == [], asked


async def test_words_are_found_page_by_page(both: Storage, clock: Clock, copied: bool) -> None:
    clock.now = NOW
    cases = [await opened(both, clock, house.open_case(house.later(hours=number))) for number in range(3)]
    if not copied:
        await both.database.execute(delete(case_words).where(case_words.c.case_id == cases[1].id))
    sought = patterns("三个月的工钱")
    pages = [await both.cases.holding(replace(EVERYTHING, limit=2, offset=offset), sought) for offset in (0, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert {case.number for page in pages for case, _ in page} == {case.number for case in cases}


async def test_what_is_put_right_or_taken_away_is_found_no_more(both: Storage, clock: Clock) -> None:
    people = (
        house.claimant("1", anonymous=False, name="欧阳大山", telephone="13987654321"),
        house.claimant("2", 2, anonymous=False, name="皇甫清风"),
    )
    case = await opened(both, clock, house.open_case(clock.now, None, *people))
    await both.cases.apply([Reach(case.id, 1, False, "尉迟明月", "13612345678")], clock.now)
    assert await found(both, "尉迟明月 1361") == [case.id]
    for gone in ("大山", "1398"):
        assert await found(both, gone) == [], gone
    await both.cases.apply([Reach(case.id, 1, True, "尉迟明月", "13612345678")], clock.now)
    assert await found(both, "明月") == []
    case = await move(both, clock, case, Move.LEAVE, Actor.worker(2), Content(claimant=2))
    assert await found(both, "皇甫") == []
    assert await found(both, "工钱") == [case.id]
    await both.cases.apply([EraseCase(case.id, WORKER)], clock.now)
    assert await found(both, "工钱") == []


async def test_a_copy_that_another_version_left_behind_is_not_trusted(both: Storage, clock: Clock) -> None:
    """As where a version that keeps no copies goes on writing until all replicas are upgraded."""
    case = await opened(both, clock)
    before = await both.database.read(case_words.select())
    await move(both, clock, case, Move.NOTE, HANDLER, Content(text="后来的甲词"))
    await both.database.execute(update(case_words).values(seen=before[0].seen, payload=before[0].payload))
    assert await found(both, "甲词") == [case.id]
    assert await both.missing_words.fill() == 1
    assert await both.missing_words.fill() == 0
    assert await found(both, "甲词") == [case.id]
