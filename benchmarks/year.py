"""A year of an invented province: its cases, what the bot was asked, and the colleagues at the desk."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.audit import CLI
from bot.cases.changes import OpenCase
from bot.cases.model import Actor, Content, Event, Facts, Move
from bot.desk.accounts import Accounts
from bot.desk.credentials import Passwords
from bot.desk.staff import Role, reach
from bot.dialogue.ports import Verdict
from bot.messages import Channel
from bot.storage.case_tables import claimants
from bot.storage.seal import Seal
from bot.storage.sealed import Address, Sealed
from bot.storage.storage import Storage
from bot.storage.tables import Status, feedback, inbox
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house

RARE, NAME, TELEPHONE = "紫色的三轮车", "欧阳大山", "13987654321"  # stand in every 40th case
ENDED = 0.7  # of all cases
BATCH = 100  # cases that are stored at a time
MESSAGES, QUESTIONS, COLLEAGUES = 30_000, 2_000, 150
_SAID = "老板说下个月一定给，我们等了又等，工地上的机器都拉走了，打电话也不接，不知道该找谁。"
_ASKED = ("怎么领", "有多少", "找谁要", "要什么材料", "多久能办", "哪里可以办", "不给怎么办", "什么时候发")
_MATTERS = ("加班费", "高温补贴", "产假工资", "工伤赔偿", "体检", "困难帮扶", "互助保障", "年休假", "驿站", "入会")
_PLACES = ("在十堰", "在荆州", "在工地上", "厂里", "送外卖的", "", "跑运输的", "超市里")

Step = tuple[Move, Actor, Content]


@dataclass(frozen=True, slots=True)
class Year:
    """How much there is, and where."""

    cases: int
    own: int  # of the unions of `city`, the others lie with all other unions
    city: str
    end: datetime


async def fill(storage: Storage, seal: Seal, year: Year) -> None:
    """Store the cases and what was asked."""
    chance = random.Random(7)
    organizations = load_organizations()
    within = sorted(reach([year.city], organizations))
    beyond = [name for name in organizations.organizations if name not in within]
    unions = [chance.choice(within) for _ in range(year.own)]
    unions += [chance.choice(beyond) for _ in range(year.cases - year.own)]
    chance.shuffle(unions)
    for start in range(0, year.cases, BATCH):
        batch = unions[start : start + BATCH]
        changes = [_case(union, start + place, year.end, chance) for place, union in enumerate(batch)]
        await storage.cases.apply(changes, year.end)
    rows = [_message(year.end, chance) for _ in range(MESSAGES)]
    questions = [_question(seal, year.end, chance) for _ in range(QUESTIONS)]

    def work(connection: Connection) -> None:
        connection.execute(inbox.insert(), rows)
        connection.execute(feedback.insert(), questions)
        connection.execute(claimants.update().values(joined_at=claimants.c.consent_at))  # not all of them today

    await storage.database.write(work)


async def staffed(storage: Storage, end: datetime) -> None:
    """Invite colleagues of all unions."""
    organizations = load_organizations()
    accounts = Accounts(storage.staff, Passwords(), organizations, lambda: end)
    unions = list(organizations.organizations)
    for number in range(COLLEAGUES):
        login, union = f"colleague{number}", unions[number % len(unions)]
        await accounts.invite(CLI, login=login, name=f"同事{number}", role=Role.CLERK, unions=[union])


def _case(union: str, number: int, end: datetime, chance: random.Random) -> OpenCase:
    """Return a case of a union with what happened to it; three of a hundred are opened anew."""
    rare = number % 40 == 0
    ended = chance.random() < ENDED
    days = chance.uniform(30, 340) if ended else chance.uniform(0, 60)
    story = f"第 {number} 件：" + _SAID * chance.randrange(2, 6) + (f"还有一辆{RARE}。" if rare else "")
    employer = f"十堰第{chance.randrange(3_000)}建筑有限公司"
    content = Content(
        facts=Facts(story, employer=employer, place="十堰", wish="把工钱要回来"),
        categories=(chance.choice(list(Category)),),
        urgency=chance.choices(list(Urgency), (90, 9, 1))[0],
        region="十堰",
        organization=union,
        department="rights",
        reason="在十堰。",
    )
    began = end - timedelta(days=days)
    steps = _steps(union, ended=ended, again=chance.random() < 0.03)
    name, telephone = (NAME, TELEPHONE) if rare else (f"张{number}", f"138{number:08}")
    person = house.claimant(f"{number}", anonymous=False, now=began, name=name, telephone=telephone)
    return OpenCase(tuple(_events(content, began, steps, min(days, 20) / 12)), (replace(person, number=1),))


def _steps(union: str, *, ended: bool, again: bool) -> Iterator[Step]:
    """Yield what happened to a case after it was opened."""
    where, text = Content(organization=union, department="rights", reason="在十堰。"), Content(text=_SAID)
    yield Move.TRIAGE, house.TRIAGE, Content()
    yield Move.DISPATCH, house.TRIAGE, where
    yield Move.ACCEPT, house.HANDLER, Content()
    yield Move.START, house.HANDLER, Content()
    yield Move.SAY, house.WORKER, text
    yield Move.SAY, house.HANDLER, Content(text="我们这两天就去找单位，有了消息马上告诉您。")
    if ended:
        yield Move.RESOLVE, house.HANDLER, Content(text="单位已经补齐。")
        yield Move.CONFIRM, house.WORKER, Content()
        yield Move.RATE, house.WORKER, Content(score=len(union) % 5 + 1)
        if again:
            yield Move.REOPEN, house.WORKER, text


def _events(content: Content, at: datetime, steps: Iterator[Step], days: float) -> Sequence[Event]:
    case = house.new_case(at, content)
    for move, actor, said in steps:
        at += timedelta(days=days)
        case = house.done(case, move, actor, at, said)
    return case.events


def _message(end: datetime, chance: random.Random) -> dict[str, object]:
    at = end - timedelta(minutes=chance.randrange(500_000))
    return {
        "channel": Channel.TELEGRAM,
        "chat": secrets.token_hex(16),
        "key": secrets.token_hex(16),
        "status": Status.DONE,
        "payload": None,
        "attempts": 1,
        "due_at": at,
        "created_at": at,
        "finished_at": at,
    }


def _question(seal: Seal, end: datetime, chance: random.Random) -> dict[str, object]:
    question = "".join(map(chance.choice, (_PLACES, _MATTERS, _ASKED)))
    chat = Address(Channel.WEB, f"{chance.randrange(800):032x}")
    return {
        "channel": chat.channel,
        "chat": chat.chat,
        "exchange": secrets.token_hex(16),
        "verdict": chance.choice((Verdict.REFUSED, Verdict.UNHELPFUL)),
        "region": None,
        "question": Sealed(seal, feedback, str).close(question, chat),
        "created_at": end - timedelta(minutes=chance.randrange(60_000)),
    }
