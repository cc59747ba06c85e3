"""Whatever is done in whatever order: no case, no event and no deadline is lost."""

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from bot.cases.changes import Append, EraseCase
from bot.cases.deadlines import ahead, clocks
from bot.cases.lifecycle import RULES, Refusal, allowed, decide
from bot.cases.model import SYSTEM, Actor, Case, CaseKind, Content, Event, Facts, Move, State, fold, pressed
from bot.cases.ports import CaseError, Conflict, Queue
from bot.desk.cases.acting import acted, claimed, undoable
from bot.desk.staff import Role, Staff
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases.house import (
    HANDLER,
    NOW,
    SUPERVISOR,
    TIMES,
    TRIAGE,
    WORKER,
    claimant,
    open_case,
    told_content,
)
from tests.bot.fakes import Clock

T = TypeVar("T")

SILENT = {State.MERGED, State.CLOSED, State.WITHDRAWN}  # nobody is waited for, unless a worker asks for more
ACTORS = (WORKER, HANDLER, TRIAGE, SUPERVISOR)
STRAY = {None, State.EMERGENCY, State.WITHDRAWN}  # what seldom happens
OTHERWISE = {Move.TICK, Move.JOIN, Move.ATTACH, Move.END_MERGED}  # what has a rule of its own, or none
CLERK, LEAD = (
    Staff(id, role, "某同志", role, (), NOW) for id, role in (("4" * 8, Role.CLERK), ("5" * 8, Role.SUPERVISOR))
)
MOVES = st.sampled_from([move for move in RULES if move not in OTHERWISE])


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of transactions, and no power cut to outlive


class Cases(RuleBasedStateMachine):
    """Opens, moves, joins, merges, erases, lets time pass and starts again; a model in memory is told the same."""

    ids = Bundle("ids")

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True)
        self.clock = Clock()
        self.clock.now = NOW
        self.known: dict[str, tuple[Event, ...]] = {}
        self.erased: set[str] = set()
        self.start()

    def start(self) -> None:
        url = f"sqlite:///{Path(self.folder.name) / 'niangjia.db'}"
        self.storage = self.run(Storage(url, Seal(b"secret"), now=self.clock).__aenter__())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def read(self, id: str) -> Case:
        case = self.run(self.storage.cases.case(id))
        assert case is not None
        return case

    def remember(self, id: str, events: tuple[Event, ...]) -> None:
        self.known[id] += events

    @rule(
        target=ids,
        kind=st.sampled_from([CaseKind.GRIEVANCE, CaseKind.EMERGENCY]),
        urgency=st.sampled_from(Urgency),
        chat=st.sampled_from(["1", "2", "3"]),
    )
    def a_worker_reports(self, kind: CaseKind, urgency: Urgency, chat: str) -> str:
        change = open_case(self.clock.now, told_content(kind=kind, urgency=urgency), claimant(chat))
        self.run(self.storage.cases.apply([change], self.clock.now))
        id = change.events[0].case
        self.known[id] = change.events
        return id

    @rule(id=ids, other=ids, chance=st.randoms(use_true_random=True))
    def people_act(self, id: str, other: str, chance: Random) -> None:
        """Let whoever may do something do it, one after the other, and mostly what brings the case on."""
        for _ in range(15):
            case = self.read(id)
            possible = [(actor, move) for actor in ACTORS for move in allowed(case, actor) if move not in OTHERWISE]
            onward = [pair for pair in possible if RULES[pair[1]].after not in STRAY]
            some = onward if onward and chance.random() < 0.8 else possible
            if some:
                self.act(case, other, *chance.choice(some))
            self.clock.forward(hours=chance.choice([0, 1, 5]))

    def act(self, case: Case, other: str, actor: Actor, move: Move) -> None:
        content = Content(
            text="说",
            reason="理由",
            basis="依据",
            contact="12333",
            facts=Facts("更正", employer="别的公司") if move is Move.CORRECT else None,
            categories=(Category.SAFETY,) if move is Move.REGRADE else (),
            organization="荆州市总工会",
            department="rights",
            body="court",
            until=self.clock.now + timedelta(days=30),
            parent=other if move is Move.MERGE else "",
            staff="11111111",
            claimant=min(case.claimants, default=None) if move is Move.LEAVE else None,
            score=3,
            undone=pressed(case).number,
        )
        made = decide(case, move, actor, self.clock.now, content)
        if isinstance(made, Refusal):
            return
        try:
            self.run(self.storage.cases.apply([Append(case.id, case.seen, made)], self.clock.now))
        except CaseError:
            assert move is Move.MERGE
            return
        self.remember(case.id, made)
        self.merged_follow()

    def merged_follow(self) -> None:
        """Learn what the system itself added to cases that were merged into the one that moved."""
        for each, events in self.known.items():
            added = self.read(each).events[len(events) :]
            if added:
                assert all(event.actor == SYSTEM and event.before is State.MERGED for event in added)
                self.remember(each, added)

    @rule(id=ids, staff=st.sampled_from([CLERK, LEAD]))
    def somebody_claims(self, id: str, staff: Staff) -> None:
        case = self.read(id)
        change = claimed(case, staff, self.clock.now)
        if isinstance(change, Append):
            self.run(self.storage.cases.apply([change], self.clock.now))
            self.remember(id, change.events)
            assert self.read(id).handler == staff.id

    @rule(id=ids, staff=st.sampled_from([CLERK, LEAD]))
    def somebody_takes_the_last_press_back(self, id: str, staff: Staff) -> None:
        case = self.read(id)
        first = undoable(case, staff, self.clock.now)
        if first is not None:
            change = acted(case, Move.UNDO, staff, self.clock.now, Content(undone=first.number))
            assert isinstance(change, Append)
            self.run(self.storage.cases.apply([change], self.clock.now))
            self.remember(id, change.events)
            assert self.read(id).state is first.before

    @rule(id=ids)
    def another_joins(self, id: str) -> None:
        case = self.read(id)
        number = max(case.claimants, default=0) + case.seen + 1
        made = decide(case, Move.JOIN, Actor.worker(number), self.clock.now, Content(claimant=number))
        if not isinstance(made, Refusal):
            change = Append(id, case.seen, made, (claimant("9", number),))
            self.run(self.storage.cases.apply([change], self.clock.now))
            self.remember(id, made)

    @rule(id=ids, move=MOVES, actor=st.sampled_from(ACTORS))
    def somebody_decides_over_what_is_past(self, id: str, move: Move, actor: Actor) -> None:
        case = self.read(id)
        if case.erased or case.seen == 1:
            return
        past = fold(case.events[:-1], case.number)
        made = decide(past, move, actor, self.clock.now, Content(text="说", reason="理由", staff="1", score=1))
        if not isinstance(made, Refusal):
            try:
                self.run(self.storage.cases.apply([Append(id, past.seen, made)], self.clock.now))
            except Conflict:
                return
            raise AssertionError("an event was stored over one that was not seen")

    @rule(id=ids, really=st.integers(0, 3))
    def it_is_erased(self, id: str, really: int) -> None:
        if id in self.erased or really:
            return
        self.run(self.storage.cases.apply([EraseCase(id, WORKER)], self.clock.now))
        self.erased.add(id)
        self.merged_follow()

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 7, 24 * 40]))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)
        self.run(self.storage.clockwork.ring())
        for each, events in list(self.known.items()):
            added = self.read(each).events[len(events) :]
            assert all(event.actor == SYSTEM for event in added)
            rung = [(event.content.clock, event.content.since, event.content.step) for event in added]
            assert len(rung) == len(set(rung))
            self.remember(each, added)
        assert self.run(self.storage.clockwork.ring()) == 0

    @rule()
    def it_is_started_again(self) -> None:
        self.run(self.storage.__aexit__(None, None, None))
        self.start()

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "storage"):
            return
        cases = {id: self.read(id) for id in self.known}
        for id, case in cases.items():
            self.no_event_is_lost(case, self.known[id])
        self.no_deadline_is_lost([case for case in cases.values() if not case.erased])
        self.every_case_that_waits_is_in_the_queue(
            [case for case in cases.values() if not (case.is_over or case.erased)]
        )

    def no_event_is_lost(self, case: Case, events: tuple[Event, ...]) -> None:
        bare = tuple(replace(event, actor=Actor(event.actor.party), content=Content()) for event in events)
        assert case.erased == (case.id in self.erased)
        assert case.events == (bare if case.erased else events)
        assert [event.number for event in case.events] == list(range(1, case.seen + 1))
        assert [event.before for event in case.events][1:] == [event.after for event in case.events][:-1]

    def no_deadline_is_lost(self, cases: list[Case]) -> None:
        for case in cases:
            assert bool(clocks(case, TIMES)) == (case.state not in SILENT or bool(case.asked))
        alarms = [ahead(case, TIMES)[0][1].at for case in cases if ahead(case, TIMES)]
        assert self.run(self.storage.cases.next_alarm()) == min(alarms, default=None)

    def every_case_that_waits_is_in_the_queue(self, cases: list[Case]) -> None:
        rows = {row.id: row for row in self.run(self.storage.cases.queue(Queue(limit=1000))).rows}
        assert rows.keys() == {case.id for case in cases}
        for case in cases:
            row, running = rows[case.id], clocks(case, TIMES)
            due_at = running[0].due_at if running else None
            assert (row.state, row.due_at, row.claimants) == (case.state, due_at, len(case.claimants))

    def teardown(self) -> None:
        if hasattr(self, "storage"):
            self.run(self.storage.__aexit__(None, None, None))
            self.loop.close()
            self.folder.cleanup()


TestCases = Cases.TestCase
TestCases.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
