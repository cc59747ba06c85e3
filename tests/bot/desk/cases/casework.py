"""A desk with the pages of cases, over a real database with cases in it."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter

from bot.answers.model import Answer, AnswerStatus
from bot.audit import Search
from bot.cases.changes import Append, NewClaimant
from bot.cases.deadlines import Times
from bot.cases.model import NOTHING, Actor, Case, CaseKind, Content, Facts, Move
from bot.cases.routing import Directory
from bot.desk.cases.pages import case_pages
from bot.desk.cases.room import CaseRoom
from bot.desk.rooms import Rooms
from bot.desk.staff import Role
from bot.dialogue.referral import Referrer
from bot.storage.storage import Storage
from bot.triage.triager import load_triager
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from knowledge.model import DocumentKind, Passage, ScoredPassage
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house
from tests.bot.desk.office import CITY, Browser, Office, open_office
from tests.bot.fakes import WAGES, Clock

STORY = "工地欠了我三个月的工钱，老板电话也不接"
EMPLOYER = "十堰某某建筑有限公司"
NAME, TELEPHONE = "欧阳大山", "13987654321"


@dataclass
class Index:
    """Knows one article, and remembers what it was asked."""

    asked: list[str] = field(default_factory=list)
    lost_in: str | None = None  # words in which it finds nothing

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        self.asked.append(question)
        if self.lost_in and self.lost_in in question:
            return Answer(AnswerStatus.REFUSED, "没有查到。", 0.1)
        passage = Passage(WAGES.source, WAGES.title, WAGES.quote, WAGES.start, WAGES.end, DocumentKind.STATUTE)
        found = (ScoredPassage(passage, 1.0),)
        return Answer(AnswerStatus.ANSWERED, "单位应当按月付工资。", 0.9, (WAGES,), found)


class Nobody:
    """Is on duty."""

    def on_duty(self, union: str, at: datetime) -> Sequence[object]:
        return ()

    def opens(self, union: str, at: datetime) -> datetime | None:
        return None


@dataclass
class Casework:
    """The running desk with cases."""

    office: Office
    index: Index

    @property
    def storage(self) -> Storage:
        return self.office.storage

    async def opened(
        self,
        *claimants: NewClaimant,
        organization: str = CITY,
        story: str = STORY,
        category: Category = Category.WAGE_ARREARS,
        urgency: Urgency = Urgency.NORMAL,
        kind: CaseKind = CaseKind.GRIEVANCE,
        employer: str = EMPLOYER,
    ) -> Case:
        """Return a new case of a worker."""
        content = Content(
            kind=kind,
            facts=Facts(story, employer=employer, place="十堰", since="今年8月", people=6, wish="把工钱要回来"),
            categories=(category,),
            urgency=urgency,
            region="十堰",
            organization=organization,
            department="rights",
            reason=f"您说的地方是十堰，归{organization}。",
        )
        now = self.office.clock.now
        change = house.open_case(now, content, *(claimants or (house.claimant(now=now),)))
        await self.storage.cases.apply([change], now)
        return await self.again(change.events[0].case)

    async def again(self, id: str) -> Case:
        """Return a case as it is now."""
        case = await self.storage.cases.case(id)
        assert case is not None
        return case

    async def moved(self, case: Case, move: Move, actor: Actor, content: Content = NOTHING) -> Case:
        """Return the case after a move that is stored."""
        now = self.office.clock.now
        await self.storage.cases.apply([Append(case.id, case.seen, house.events(case, move, actor, now, content))], now)
        return await self.again(case.id)

    async def dispatched(self, organization: str = CITY) -> Case:
        """Return a case that a union is to accept."""
        case = await self.moved(await self.opened(organization=organization), Move.TRIAGE, house.TRIAGE)
        content = Content(organization=organization, department="rights", reason="在十堰。")
        return await self.moved(case, Move.DISPATCH, house.TRIAGE, content)

    async def in_progress(self, organization: str = CITY) -> Case:
        """Return a case that is worked on."""
        case = await self.moved(await self.dispatched(organization), Move.ACCEPT, house.HANDLER)
        return await self.moved(case, Move.START, house.HANDLER)

    async def settled(self, case: Case, *, reopened: bool) -> Case:
        """Return a case that was answered and closed, a step every five hours; or opened again, and withdrawn."""
        steps: list[tuple[Move, Actor, Content]] = [
            (Move.TRIAGE, house.TRIAGE, NOTHING),
            (Move.ANSWER, house.TRIAGE, Content(text="可以。")),
            (Move.CONFIRM, house.WORKER, NOTHING),
        ]
        if reopened:
            steps += [(Move.REOPEN, house.WORKER, NOTHING), (Move.WITHDRAW, house.WORKER, NOTHING)]
        for move, actor, content in steps:
            self.office.clock.forward(hours=5)
            case = await self.moved(case, move, actor, content)
        return case


def _case_pages(rooms: Rooms, storage: Storage, room: CaseRoom) -> Sequence[APIRouter]:
    return case_pages(rooms, room)


@asynccontextmanager
async def open_casework(
    folder: Path,
    url: str | None = None,
    pages: Callable[[Rooms, Storage, CaseRoom], Sequence[APIRouter]] = _case_pages,
) -> AsyncIterator[Casework]:
    """Run a desk with cases whose database lies in `folder`, unless `url` names another."""
    organizations, categories, index, clock = load_organizations(home=folder), load_categories(), Index(), Clock()

    def more(rooms: Rooms, storage: Storage) -> Sequence[APIRouter]:
        room = CaseRoom(
            storage.cases,
            storage.evidence,
            storage.figures,
            storage.case_views,
            storage.ready_replies,
            storage.case_drafts,
            index,
            Referrer(load_triager(), Directory(organizations, categories), load_regions(), Nobody()),
            Times(load_calendar(), categories.clocks),
            organizations,
            clock,
        )
        return pages(rooms, storage, room)

    async with open_office(folder, more=more, clock=clock, url=url) as office:
        yield Casework(office, index)


async def somebody(work: Casework, login: str = "clerk", role: Role = Role.CLERK, union: str = CITY) -> Browser:
    """Return the browser of somebody who works here, hired when there is nobody of this name."""
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, role, union)
    return await work.office.admitted(login)


def seen(browser: Browser) -> str:
    """Return the last event that the open page shows."""
    assert browser.page is not None
    found = re.search(r'name="seen" value="(\d+)"', browser.page.text)
    assert found, browser.text
    return found[1]


def offered(browser: Browser) -> set[str]:
    """Return the moves that the open page offers."""
    assert browser.page is not None
    return set(re.findall(r'data-move="(\w+)"', browser.page.text))


async def makes(browser: Browser, case: Case, move: str, **fields: str) -> str:
    """Make a move from the page as it is open, and return where it led."""
    page = await browser.sends(f"/desk/cases/{case.number}/moves/{move}", seen=seen(browser), **fields)
    return page.url.path


async def acts(work: Casework, case: Case) -> list[str]:
    """Return what the audit holds of a case, the newest first."""
    return [record.entry.act for record in await work.storage.audit.search(Search(subject=f"case/{case.id}"))]
