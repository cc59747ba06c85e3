"""Five weeks in which next to nobody does anything, while the bot dies again and again: every alarm rings all the same.

The clock is moved by the test, now before the eyes of a living bot, now while there is none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from re import compile as pattern
from typing import Any

from bot.cases.clockwork import due
from bot.cases.deadlines import CALL_EVERY
from bot.cases.model import Alarm, Case, CaseKind, Content, Event, Move, State, fold
from bot.cases.ports import Queue
from bot.cases.telling import told
from bot.messages import Channel
from bot.notices import words
from bot.notices.duty_file import DUTY_FILE
from bot.notices.model import Kind, Medium
from bot.storage.notices import SUPERSEDED
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.traces import news_key
from knowledge.organizations import load_organizations
from tests.bot.cases.house import HANDLER, NOW, SHASHI, TIMES, TRIAGE, appended, claimant, open_case
from tests.bot.fakes import eventually
from tests.soak import clerk
from tests.soak.books import Books
from tests.soak.lives import Lives, nothing_waits
from tests.soak.mortal import SECRET, Life
from tests.soak.moved import MovedClock
from tests.telegram_api import Message, Person, TelegramApi
from tests.telegram_api.updates import Update

CASES = 2  # of each kind that stands still
HELP = "我手被机器绞进去了，还在里面，快救命，在荆州沙市区的纸箱厂"
UNANSWERED = timedelta(minutes=27), timedelta(hours=3)  # until somebody takes the one emergency, and the other
END = timedelta(days=35)
# Until when the clock takes steps of which length.
PACES = (
    (timedelta(minutes=30), (timedelta(minutes=2), timedelta(minutes=6))),
    (timedelta(hours=4), (timedelta(minutes=15), timedelta(hours=1))),
    (timedelta(days=3), (timedelta(hours=6), timedelta(hours=18))),
    (END, (timedelta(hours=36), timedelta(hours=96))),
)

_ROSTER = "people:\n  - {{name: 值班群, unions: [湖北省总工会], channel: telegram, address: {group}, hours: always}}\n"
_NUMBER = pattern(r"[A-Z]{2,6}-\d{4}-\d{6}")
_NOTICES = {Alarm.WARN: Kind.WARNING, Alarm.OVERDUE: Kind.OVERDUE, Alarm.UNREACHED: Kind.UNREACHED}
_ACTORS = {Move.TRIAGE: TRIAGE, Move.DISPATCH: TRIAGE}
_ACCEPTED = ((Move.TRIAGE, Content()), (Move.DISPATCH, SHASHI), (Move.ACCEPT, Content()), (Move.START, Content()))
_STANDING: tuple[tuple[tuple[Move, Content], ...], ...] = (
    (),  # nobody looks at it
    (*_ACCEPTED, (Move.ASK_WORKER, Content(text="合同在吗？"))),  # who never answers
    (*_ACCEPTED, (Move.RESOLVE, Content(text="单位答应下月补上。"))),  # and is asked whether it is settled
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A case that stands still, and its worker."""

    id: str
    worker: Person


class Month:
    """Moves the clock, kills the bot, and looks at the end whether everything rang, when it was to."""

    def __init__(self, api: TelegramApi, database: str, home: Path, random: Random) -> None:
        self.books = Books(api, Seal(SECRET))
        self.rung: Counter[Alarm] = Counter()
        self._lives = Lives(api, self.books, random)
        self._api = api
        self._random = random
        self._clock = MovedClock(home / "clock", NOW)
        self._group = api.group("值班群")
        self._on_duty = api.person("王芳")
        self._sent: list[Update] = []
        self._standing: list[Standing] = []
        self._taken: set[str] = set()  # the emergencies' numbers
        self._settled: list[datetime] = []  # moments at which everything had rung and was sent
        (home / DUTY_FILE).write_text(_ROSTER.format(group=self._group.id), "utf8")
        self._life = Life(database, home, api.base, api.token, clock=self._clock)

    async def run(self, kills: int) -> None:
        """Let five weeks pass and the bot die so often, and hold every alarm to account."""
        async with self._lives.storage(self._life) as storage:
            await clerk.links(storage, str(self._on_duty.chat.id))
            await self._open(storage)
        self._sent += [await self._api.person().says(HELP) for _ in UNANSWERED]
        moments, at = tuple(self._moments()), 0
        for stop in sorted(self._random.choices(range(len(moments)), k=kills)):
            async with self._lives.one(self._life) as process:
                await self._pass(moments[at:stop], process)
                await self._come_to(moments[stop])
                await self._lives.death(process, messages=3, longest=0.3, overdue=1)
            at = stop + self._random.randint(0, 1)  # whether there is time to ring before the clock moves on
        async with self._lives.one(self._life) as process:
            await self._pass((*moments[at:], NOW + END), process)
        async with self._lives.storage(self._life) as storage:
            await self._close(storage)

    def _moments(self) -> Iterator[datetime]:
        passed = timedelta()
        for end, (shortest, longest) in PACES:
            while passed < end:
                yield NOW + passed
                passed += self._random.uniform(shortest / longest, 1) * longest

    async def _open(self, storage: Storage) -> None:
        """Bring cases to where they wait for somebody."""
        for steps in _STANDING * CASES:
            worker = self._api.person()
            change = open_case(NOW, None, claimant(str(worker.chat.id)))
            id = change.events[0].case
            await storage.cases.apply([change], NOW)
            for move, content in steps:
                case = await _case(storage, id)
                await storage.cases.apply([appended(case, move, _ACTORS.get(move, HANDLER), NOW, content)], NOW)
            self._standing.append(Standing(id, worker))

    # --- as time goes by ---

    async def _come_to(self, moment: datetime) -> None:
        """Move the clock; whoever is on duty takes an emergency when it has been called for long."""
        self._clock.set(moment)
        if len(self._taken) == len(UNANSWERED) or moment <= NOW + UNANSWERED[len(self._taken)]:
            return
        there = self._on_duty.within(self._group)
        for call in (each for each in there.heard if words.TAKE in each.labels):
            number = _number(call)
            if number not in self._taken:
                self._taken.add(number)
                self._sent.append((await there.taps(words.TAKE, on=call)).update)
                return

    async def _pass(self, moments: Sequence[datetime], process: BaseProcess) -> None:
        """Move the clock on and on, and wait each time until everything has rung and was sent."""
        async with self._lives.storage(self._life) as storage:

            async def rung() -> bool:
                assert process.is_alive(), "it died by itself"
                if not await nothing_waits(storage, len(self._sent)):  # so no case is to come
                    return False
                following = await storage.cases.next_alarm()
                now = self._clock()  # only here: what rang until that look bears moments up to this one
                if following is not None and following <= now:
                    return False
                if not await nothing_waits(storage, len(self._sent)):
                    return False
                self._settled.append(now)
                return True

            for moment in moments:
                await self._come_to(moment)
                await eventually(rung)

    # --- when it is over ---

    async def _close(self, storage: Storage) -> None:
        notes = await self.books.balance(storage, self._sent)
        rows = (await storage.cases.queue(Queue(limit=100))).rows
        assert len(rows) == len(self._standing) + len(UNANSWERED)
        for case in [await _case(storage, row.id) for row in rows]:
            self._check_rung(case)
            self._check_called(case, [row for row in notes if row.case_number == case.number])
        for standing in self._standing:
            await self._check_told(storage, standing)

    def _check_rung(self, case: Case) -> None:
        """Make sure that at each moment all rang that was due, in one, and nothing ever rang twice."""
        alarms = [event for event in case.events if event.content.alarm is not None]
        assert (
            max(Counter((each.content.clock, each.content.since, each.content.step) for each in alarms).values()) == 1
        )
        for moment in {each.at for each in alarms}:
            rung = [each for each in alarms if each.at == moment]
            before = fold(case.events[: rung[0].number - 1])
            assert list(due(before, moment, TIMES, load_organizations())[0]) == rung
        for moment in self._settled:
            assert due(_until(case, moment), moment, TIMES, load_organizations()) == ((), ())
        self.rung += Counter(each.content.alarm for each in alarms if each.content.alarm)

    def _check_called(self, case: Case, notes: Sequence[Any]) -> None:
        """Make sure that staff were called as often as it rang, and to an emergency until somebody took it."""
        rung = Counter(event.content.alarm for event in case.events)
        told = Counter((row.kind, row.channel) for row in notes)
        for alarm, kind in _NOTICES.items():
            assert told[kind, Medium.DESK] == told[kind, Medium.TELEGRAM] == rung[alarm]
        assert told[Kind.EMERGENCY, Medium.TELEGRAM] == rung[Alarm.CALL]
        calls = [row for row in notes if (row.kind, row.channel) == (Kind.EMERGENCY, Medium.TELEGRAM)]
        assert all(row.remote_id or row.error == SUPERSEDED for row in calls)
        if case.kind is not CaseKind.EMERGENCY:
            return
        assert case.acknowledged
        moments = [event.at for event in case.events if event.content.alarm is Alarm.CALL]
        taken = next(event.at for event in case.events if event.move is Move.ACKNOWLEDGE)
        assert all(later - sooner >= CALL_EVERY for sooner, later in pairwise(moments))
        assert moments[-1] <= taken
        arrived = [row.created_at for row in calls if row.remote_id]
        for moment in (each for each in self._settled if each < taken):
            assert any(moment - CALL_EVERY < each <= moment for each in arrived), f"nobody was called at {moment}"

    async def _check_told(self, storage: Storage, standing: Standing) -> None:
        """Make sure that the worker was told of each event once, or once more where a death interrupted."""
        case = await _case(storage, standing.id)
        news = [each for event in case.events for each in told(_at(case, event), (event,), load_organizations())]
        stored = await storage.outbox.after(Channel.TELEGRAM, str(standing.worker.chat.id))
        assert [reply.key for reply in stored] == [news_key(case.id, str(each.event)) for each in news]
        heard = [each for each in standing.worker.heard if each.id not in self.books.interrupted]
        assert len(heard) == len(news)
        assert case.state in (State.REGISTERED, State.WAITING_WORKER, State.FOLLOW_UP)


def _number(call: Message) -> str:
    found = _NUMBER.search(call.text)
    assert found is not None
    return found[0]


async def _case(storage: Storage, id: str) -> Case:
    case = await storage.cases.case(id)
    assert case is not None
    return case


def _until(case: Case, moment: datetime) -> Case:
    return fold(tuple(event for event in case.events if event.at <= moment))


def _at(case: Case, event: Event) -> Case:
    return fold(case.events[: event.number])
