"""People and cases for tests."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import reduce

from bot.cases import receipt
from bot.cases.changes import Append, NewClaimant, OpenCase
from bot.cases.deadlines import Times
from bot.cases.lifecycle import Refusal, decide, opened
from bot.cases.model import NOTHING, Actor, Case, CaseKind, Content, Event, Facts, Move, Party, Role, fold
from bot.messages import Channel
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from knowledge.vocabulary import Category, Urgency

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # a Monday at ten in the morning in China

WORKER = Actor.worker(1)
HANDLER = Actor(Party.STAFF, "11111111", Role.HANDLER, "王主任")
TRIAGE = Actor(Party.STAFF, "22222222", Role.TRIAGE)
SUPERVISOR = Actor(Party.STAFF, "33333333", Role.SUPERVISOR)

SHASHI = Content(organization="沙市区总工会", department="rights", reason="人在沙市。")
JINGZHOU = Content(organization="荆州市总工会", department="rights", reason="沙市办不了。")

TIMES = Times(load_calendar(), load_categories().clocks)


def told_content(
    *,
    urgency: Urgency = Urgency.NORMAL,
    kind: CaseKind = CaseKind.GRIEVANCE,
    employer: str = "荆州某某建筑有限公司",
    category: Category = Category.WAGE_ARREARS,
) -> Content:
    return Content(
        kind=kind,
        facts=Facts("工地欠了我三个月的工钱", employer=employer, people=18, wish="把工钱要回来"),
        categories=(category,),
        urgency=urgency,
        region="荆州市",
        organization="沙市区总工会",
        department="rights",
        reason="人在沙市。",
    )


def events_of_new(now: datetime = NOW, content: Content | None = None, claimants: int = 1) -> tuple[Event, ...]:
    return opened(secrets.token_hex(16), content or told_content(), WORKER, now, claimants)


def new_case(now: datetime = NOW, content: Content | None = None) -> Case:
    return fold(events_of_new(now, content))


def claimant(
    chat: str = "7",
    number: int = 1,
    *,
    channel: Channel = Channel.TELEGRAM,
    digits: str | None = None,
    anonymous: bool = True,
    now: datetime = NOW,
    name: str = "",
    telephone: str = "",
) -> NewClaimant:
    return NewClaimant(number, channel, chat, digits or receipt.new(), now, anonymous, name, telephone)


def open_case(now: datetime = NOW, content: Content | None = None, *claimants: NewClaimant) -> OpenCase:
    return OpenCase(events_of_new(now, content, len(claimants) or 1), claimants or (claimant(now=now),))


def done(case: Case, move: Move, actor: Actor, now: datetime = NOW, content: Content = NOTHING) -> Case:
    """Return the case after a move that must be allowed."""
    return reduce(Case.then, events(case, move, actor, now, content), case)


def events(case: Case, move: Move, actor: Actor, now: datetime = NOW, content: Content = NOTHING) -> tuple[Event, ...]:
    found = decide(case, move, actor, now, content)
    assert not isinstance(found, Refusal), found.reason
    return found


def refused(case: Case, move: Move, actor: Actor, content: Content = NOTHING) -> str:
    found = decide(case, move, actor, NOW, content)
    assert isinstance(found, Refusal)
    return found.reason


def appended(
    case: Case, move: Move, actor: Actor, now: datetime = NOW, content: Content = NOTHING, *joined: NewClaimant
) -> Append:
    return Append(case.id, case.seen, events(case, move, actor, now, content), joined)


def dispatched(now: datetime = NOW, content: Content | None = None) -> Case:
    return done(done(new_case(now, content), Move.TRIAGE, TRIAGE, now), Move.DISPATCH, TRIAGE, now, SHASHI)


def in_progress(now: datetime = NOW, content: Content | None = None) -> Case:
    accepted = done(dispatched(now, content), Move.ACCEPT, HANDLER, now)
    return done(accepted, Move.START, HANDLER, now)


def resolved(now: datetime = NOW) -> Case:
    return done(in_progress(now), Move.RESOLVE, HANDLER, now, Content(text="单位答应周五前付清。"))


def later(**passed: float) -> datetime:
    return NOW + timedelta(**passed)
