import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.cases.changes import Append, EraseCase
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import ENDED, SYSTEM, Actor, Case, Content, Move, State
from bot.cases.ports import Queue
from bot.desk.cases.ports import Tally
from bot.storage.case_figures import SqlFigures
from bot.storage.case_tables import case_events
from bot.storage.storage import Storage
from knowledge.vocabulary import Category
from tests.bot.cases import house
from tests.bot.cases.house import HANDLER, NOW, SHASHI, TRIAGE, WORKER
from tests.bot.fakes import Clock

UNION, OWED = "沙市区总工会", Category.WAGE_ARREARS
BOUNDS = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


async def opened(storage: Storage, at: datetime, content: Content | None = None) -> Case:
    change = house.open_case(at, content)
    await storage.cases.apply([change], at)
    return await again(storage, change.events[0].case)


async def again(storage: Storage, id: str) -> Case:
    case = await storage.cases.case(id)
    assert case is not None
    return case


async def moved(storage: Storage, case: Case, *steps: tuple[Move, Actor, Content]) -> Case:
    for move, actor, content in steps:
        await storage.cases.apply([house.appended(case, move, actor, NOW, content)], NOW)
        case = await again(storage, case.id)
    return case


async def test_what_was_done_is_counted_where_and_when_it_was_done(both: Storage, clock: Clock) -> None:
    october = datetime(2026, 10, 8, tzinfo=UTC)
    case = await opened(both, october)
    await opened(both, october)
    await opened(both, NOW, house.told_content(category=Category.WORK_INJURY))
    await opened(both, datetime(2026, 9, 30, tzinfo=UTC))
    answered = ((Move.TRIAGE, TRIAGE, Content()), (Move.ANSWER, TRIAGE, Content(text="可以。")))
    case = await moved(both, case, *answered, (Move.CONFIRM, WORKER, Content()), (Move.REOPEN, WORKER, Content()))
    await moved(both, case, (Move.WITHDRAW, WORKER, Content()))
    assert list(await both.figures.tallies(None, BOUNDS)) == [
        Tally(UNION, Category.WORK_INJURY, 1, taken_in=1, overdue=1),
        Tally(UNION, OWED, 0, taken_in=2, overdue=1),
        Tally(UNION, OWED, 1, closed=2, satisfied=1, reopened=1),
    ]
    assert list(await both.figures.tallies((UNION,), BOUNDS)) == list(await both.figures.tallies(None, BOUNDS))
    assert list(await both.figures.tallies((), BOUNDS)) == []


async def test_what_was_done_is_left_out_before_the_stretch_that_it_is_asked_from(both: Storage, clock: Clock) -> None:
    october = datetime(2026, 10, 8, tzinfo=UTC)
    for at in (october, NOW):
        case = await opened(both, at)
        change = house.appended(case, Move.WITHDRAW, WORKER, at)
        await both.cases.apply([change], at)
    assert list(await both.figures.tallies(None, BOUNDS)) == [
        Tally(UNION, OWED, 0, taken_in=1, closed=1),
        Tally(UNION, OWED, 1, taken_in=1, closed=1),
    ]
    assert list(await both.figures.tallies(None, BOUNDS, 1)) == [
        Tally(UNION, OWED, 0, taken_in=1),
        Tally(UNION, OWED, 1, taken_in=1, closed=1),
    ]


async def test_parts_of_a_queue_are_counted_as_they_are_shown(both: Storage, clock: Clock) -> None:
    clock.now = NOW
    case = await opened(both, NOW)
    await opened(both, NOW, house.told_content(category=Category.WORK_INJURY))
    claimed = (Move.ASSIGN, HANDLER, Content(staff="11111111"))
    await moved(both, case, (Move.TRIAGE, TRIAGE, Content()), (Move.DISPATCH, TRIAGE, SHASHI), claimed)
    parts = [
        Queue(),
        Queue(handler="11111111"),
        Queue(unclaimed=True),
        Queue(states=frozenset({State.DISPATCHED})),
        Queue(due_after=NOW, due_before=house.later(days=1, hours=1)),
        Queue(overdue=True),
    ]
    whole = Queue((UNION,))
    counts = await both.cases.counts(whole, parts)
    shown = [
        len((await both.cases.queue(Queue((UNION,), part.states, handler=part.handler, unclaimed=part.unclaimed))).rows)
        for part in parts[:4]
    ]
    assert list(counts[:4]) == shown == [2, 1, 1, 1]
    assert counts[5] == 0
    assert await both.cases.counts(Queue((UNION,), category=OWED), parts[:3]) == (1, 1, 0)
    assert [row.claimed for row in (await both.cases.queue(Queue(category=OWED))).rows] == [True]


async def test_a_count_is_kept_until_something_happens_or_is_overdue(both: Storage, clock: Clock) -> None:
    clock.now = NOW
    case = await opened(both, NOW)
    first = await both.figures.tallies(None, BOUNDS)
    assert await both.figures.tallies(None, BOUNDS) is first
    assert list(first) == [Tally(UNION, OWED, 1, taken_in=1)]
    await moved(both, case, (Move.REGRADE, TRIAGE, Content(categories=(Category.SAFETY,))))
    (regraded,) = await both.figures.tallies(None, BOUNDS)
    assert regraded == Tally(UNION, Category.SAFETY, 1, taken_in=1)
    clock.forward(days=9)
    (late,) = await both.figures.tallies(None, BOUNDS)
    assert late == Tally(UNION, Category.SAFETY, 1, taken_in=1, overdue=1)


async def test_an_overdue_case_that_is_erased_while_another_becomes_overdue_is_noticed(
    both: Storage, clock: Clock
) -> None:
    clock.now = NOW
    first = await opened(both, NOW, house.told_content(category=Category.WORK_INJURY))
    clock.forward(days=9)
    await opened(both, clock.now)
    assert [tally.overdue for tally in await both.figures.tallies(None, BOUNDS)] == [1, 0]
    await both.cases.apply([EraseCase(first.id, SYSTEM)], clock.now)
    clock.forward(days=9)
    assert [tally.overdue for tally in await both.figures.tallies(None, BOUNDS)] == [0, 1]


async def test_what_is_told_long_after_it_happened_is_counted(both: Storage, clock: Clock) -> None:
    clock.now = house.later(days=9)
    case = await opened(both, NOW)
    await both.figures.tallies(None, BOUNDS)
    change = house.appended(case, Move.WITHDRAW, WORKER, NOW)
    await both.cases.apply([change], NOW)
    await opened(both, datetime(2026, 10, 8, tzinfo=UTC))
    assert list(await both.figures.tallies(None, BOUNDS)) == [
        Tally(UNION, OWED, 0, taken_in=1, overdue=1),
        Tally(UNION, OWED, 1, taken_in=1, closed=1),
    ]


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_what_is_kept_is_what_is_counted_anew_and_adds_up_to_the_events(
    both: Storage, clock: Clock, seed: int
) -> None:
    """Let chance open, move, regrade, end, reopen and erase cases, and look at the figures in between."""
    chance, clock.now = random.Random(seed), NOW
    bounds = (NOW, house.later(days=30), house.later(days=60), house.later(days=365))
    mine: list[str] = []
    erased: set[str] = set()
    for _ in range(60):
        clock.forward(hours=chance.choice((0, 1, 30, 90)))
        if not mine or chance.random() < 0.2:
            category = chance.choice((OWED, Category.SAFETY))
            mine.append((await opened(both, clock.now, house.told_content(category=category))).id)
        elif (chosen := chance.choice(mine)) not in erased:
            case = await again(both, chosen)
            if chance.random() < 0.1:
                erased.add(chosen)
                await both.cases.apply([EraseCase(chosen, SYSTEM)], clock.now)
            else:
                steps = [decide(case, move, actor, clock.now, content) for move, actor, content in STEPS]
                possible = [events for events in steps if not isinstance(events, Refusal)]
                (events,) = chance.choices(possible, [2**place for place in range(len(possible))])
                await both.cases.apply([Append(case.id, case.seen, events)], clock.now)
        for asked in ((None, bounds, 0), ((UNION,), bounds, 1)):
            kept = await both.figures.tallies(*asked)
            assert kept == await SqlFigures(both.database, clock).tallies(*asked)
    told = Counter[str]()
    for tally in await both.figures.tallies(None, bounds):
        told.update({name: getattr(tally, name) for name in ("taken_in", "closed", "satisfied", "reopened")})
    expected = Counter[str]()
    rows = await both.database.read(select(case_events))
    for row in rows:
        closing = row.after in ENDED and row.before not in {*ENDED, None}
        expected.update(taken_in=row.move == Move.OPEN, closed=closing, reopened=row.move == Move.REOPEN)
        expected.update(satisfied=closing and row.move == Move.CONFIRM)
    assert told == expected
    assert all(expected.values()), expected


# Those that lead further come last, and are taken more often.
STEPS: tuple[tuple[Move, Actor, Content], ...] = (
    (Move.WITHDRAW, WORKER, Content()),
    (Move.NOTE, HANDLER, Content(text="又打了电话。")),
    (Move.REGRADE, TRIAGE, Content(categories=(Category.WORK_INJURY,))),
    (Move.TRIAGE, TRIAGE, Content()),
    (Move.DISPATCH, TRIAGE, Content(organization="荆州市总工会", department="rights", reason="人在荆州。")),
    (Move.ANSWER, TRIAGE, Content(text="可以。")),
    (Move.REOPEN, WORKER, Content(text="没有解决。")),
    (Move.CONFIRM, WORKER, Content()),
)
