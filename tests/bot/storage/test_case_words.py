import asyncio
import random
from contextlib import suppress

import pytest
from sqlalchemy import delete, select, update

from bot.cases.changes import Append, Change, EraseCase, Reach
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import OPEN, SYSTEM, Actor, Case, Content, Facts, Move, pressed
from bot.cases.ports import CaseError
from bot.cases.written import Written
from bot.storage.case_tables import case_words, cases
from bot.storage.case_words import words, words_place
from bot.storage.seal import Cipher, Seal
from bot.storage.storage import Storage
from tests.bot.cases import house
from tests.bot.cases.house import HANDLER, TRIAGE
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock
from tests.bot.storage.casework import opened

MOVES = {Move.NOTE, Move.CORRECT, Move.UNDO, Move.TRIAGE, Move.MERGE}


async def copies(storage: Storage) -> dict[str, Written]:
    """Return what the copies hold that are of how their cases are now."""
    query = select(cases.c.id, cases.c.key, case_words.c.payload).join(case_words, case_words.c.case_id == cases.c.id)
    found = {}
    for row in await storage.database.read(query.where(case_words.c.seen == cases.c.seen)):
        cipher = Cipher(Seal(SECRET).open(row.key, f"cases:{row.id}"))
        found[row.id] = words.open(cipher, row.payload, words_place(row.id))
    return found


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_is_done_the_copies_hold_what_opening_everything_finds(
    both: Storage, clock: Clock, seed: int
) -> None:
    chance = random.Random(seed)
    done = set[Move | type[Change]]()
    mine: list[Case] = []
    for number in range(80):
        clock.forward(minutes=chance.choice((0, 0, 0, 600)))
        if len(mine) < 3:
            person = house.claimant("1", anonymous=chance.random() < 0.5, name=f"张{number}", telephone=f"138{number}")
            mine.append(await opened(both, clock, house.open_case(clock.now, None, person)))
        elif (change := some_change(chance, clock, chance.choice(mine), mine, f"第{number}句")) is not None:
            with suppress(CaseError):  # such as a merge into what is merged itself
                await both.cases.apply([change], clock.now)
                done |= {event.move for event in change.events} if isinstance(change, Append) else {type(change)}
        read = [await both.cases.case(case.id) for case in mine]
        mine = [case for case in read if case is not None and not case.erased]
        opened_whole = {case.id: Written.of(case, await both.cases.claimants(case.id)) for case in mine}
        assert await copies(both) == opened_whole
    assert {Reach, EraseCase, Move.JOIN, Move.LEAVE, *MOVES} - done == set()


def some_change(chance: random.Random, clock: Clock, case: Case, others: list[Case], text: str) -> Change | None:
    """Return a change that is allowed now, if there is one."""
    claimant = chance.choice(sorted(case.claimants) or [1])
    if (kind := chance.random()) < 0.1:
        return Reach(case.id, claimant, chance.random() < 0.5, f"李{text}", f"139{text}")
    if kind < 0.15:
        return EraseCase(case.id, SYSTEM)
    if kind < 0.25 and case.state in OPEN:
        new = max(*case.claimants, *(event.content.claimant or 0 for event in case.events), 1) + 1
        person = house.claimant(f"{new}", new, anonymous=chance.random() < 0.5, name=f"王{text}", now=clock.now)
        return house.appended(case, Move.JOIN, Actor.worker(new), clock.now, Content(claimant=new), person)
    worker, there = Actor.worker(claimant), Content(organization="荆州市总工会", department="rights", reason=text)
    steps = (  # what is seldom allowed comes last, and is taken more often
        (Move.DISPATCH, TRIAGE, there),
        (Move.SAY, worker, Content(text=text)),
        (Move.CORRECT, worker, Content(facts=Facts(f"说的{text}", f"{text}公司", answers=(("尺码", text),)))),
        (Move.LEAVE, worker, Content(claimant=claimant)),
        (Move.TRIAGE, TRIAGE, Content()),
        (Move.NOTE, HANDLER, Content(text=text)),
        (Move.MERGE, TRIAGE, Content(parent=chance.choice(others).id)),
        (Move.UNDO, HANDLER, Content(undone=pressed(case).number)),
    )
    tried = [decide(case, move, actor, clock.now, content) for move, actor, content in steps]
    possible = [events for events in tried if not isinstance(events, Refusal)]
    if not possible:
        return None
    (events,) = chance.choices(possible, [2**place for place in range(len(possible))])
    return Append(case.id, case.seen, events)


async def test_copies_that_are_missing_are_made_beside_whatever_is_written(both: Storage, clock: Clock) -> None:
    made = [await opened(both, clock) for _ in range(25)]
    broken, erased, changed = made[:3]
    await both.database.execute(delete(case_words))
    await both.cases.apply([EraseCase(erased.id, SYSTEM)], clock.now)
    await both.database.execute(update(cases).where(cases.c.id == broken.id).values(key=b"no key at all"))
    said = house.appended(changed, Move.SAY, house.WORKER, clock.now, Content(text="还有一句"))
    filling = asyncio.create_task(both.missing_words.run())
    await both.cases.apply([said], clock.now)
    async with asyncio.timeout(30):
        while len(await copies(both)) < 22:  # noqa: ASYNC110 - the database offers no event
            await asyncio.sleep(0.01)
    filling.cancel()
    with suppress(asyncio.CancelledError):
        await filling
    kept = await copies(both)
    assert set(kept) == {case.id for case in made} - {broken.id, erased.id}
    assert "还有一句" in {text for _, text in kept[changed.id].said}


async def test_no_copy_says_in_clear_what_is_written_in_its_case(both: Storage, clock: Clock) -> None:
    person = house.claimant(anonymous=False, name="欧阳大山", telephone="13987654321")
    await opened(both, clock, house.open_case(clock.now, None, person))
    (row,) = await both.database.read(select(case_words))
    for told in ("欧阳大山", "13987654321", "工钱", "story"):
        assert told.encode() not in row.payload
