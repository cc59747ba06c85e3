"""A bot in the staff's group, with the real storage, worker and drainers, behind the emulator of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.audit import CLI, Search
from bot.cases.changes import Append
from bot.cases.deadlines import Times
from bot.cases.model import NOTHING, Actor, Case, CaseKind, Content, Facts, Move
from bot.cases.routing import Directory
from bot.channels.telegram import TelegramChannel
from bot.desk.accounts import Accounts
from bot.desk.cases.room import CaseRoom
from bot.desk.credentials import Passwords
from bot.desk.messenger.linking import Linking, start
from bot.desk.messenger.staffroom import Staffroom
from bot.desk.staff import Role, Staff
from bot.dialogue.dialogue import Surroundings, build_dialogue
from bot.dialogue.drainer import Drainer
from bot.dialogue.referral import Referrer
from bot.dialogue.worker import Worker
from bot.messages import Channel
from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile
from bot.notices.notifiers import open_notifiers
from bot.notices.taking import Taking
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.triage.triager import load_triager
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house as people
from tests.bot.desk.office import PASSWORD, QUICK
from tests.bot.fakes import Answers, Clock
from tests.bot.notices.notes import buttons, links
from tests.telegram_api import Chat, Message, Person, TelegramApi

UNION, OTHER = "十堰市总工会", "随州市总工会"
NAME, TELEPHONE, STORY, EMPLOYER = "欧阳大山", "13987654321", "工地欠了我三个月的工钱", "十堰某某建筑有限公司"
ROSTER = "people: [{{name: 值班群, unions: [{union}], channel: telegram, address: '{group}', hours: always}}]"
WORDS = "您好，我们已经联系单位，周五前给您回话。"


@dataclass
class House:
    """The running bot, and who is there."""

    api: TelegramApi
    storage: Storage
    accounts: Accounts
    linking: Linking
    taking: Taking
    clock: Clock
    group: Chat

    async def hire(self, login: str, role: Role = Role.CLERK, union: str = UNION) -> Staff:
        """Add somebody at the desk."""
        _, token = await self.accounts.invite(CLI, login=login, name=f"{login}同志", role=role, unions=[union])
        return await self.accounts.join(token, f"{login}同志", PASSWORD, PASSWORD)

    async def colleague(self, login: str, role: Role = Role.CLERK, union: str = UNION) -> tuple[Staff, Person]:
        """Add somebody at the desk who has linked their account."""
        staff, person = await self.hire(login, role, union), self.api.person(login)
        told = await person.asks(f"/start {start(await self.linking.code(staff))}")
        assert f"绑定好了，{staff.name}" in told.text
        return staff, person

    async def opened(self, worker: Person, urgency: Urgency = Urgency.NORMAL, union: str = UNION) -> Case:
        """Return a new case of a worker, by name."""
        now = self.clock.now
        content = Content(
            kind=CaseKind.EMERGENCY if urgency is Urgency.EMERGENCY else CaseKind.GRIEVANCE,
            facts=Facts(STORY, employer=f"{EMPLOYER}{worker.chat.id}", place="十堰", wish="把工钱要回来"),
            categories=(Category.WAGE_ARREARS,),
            urgency=urgency,
            region="十堰",
            organization=union,
            department="rights",
            reason=f"归{union}。",
        )
        who = people.claimant(str(worker.chat.id), now=now, anonymous=False, name=NAME, telephone=TELEPHONE)
        change = people.open_case(now, content, who)
        await self.storage.cases.apply([change], now)
        await self.storage.clockwork.ring()
        return await self.again(change.events[0].case)

    async def again(self, case: Case | str) -> Case:
        """Return a case as it is now."""
        found = await self.storage.cases.case(case if isinstance(case, str) else case.id)
        assert found is not None
        return found

    async def moved(self, case: Case, move: Move, actor: Actor, content: Content = NOTHING) -> Case:
        """Return the case after a move at the desk."""
        case, now = await self.again(case), self.clock.now
        await self.storage.cases.apply(
            [Append(case.id, case.seen, people.events(case, move, actor, now, content))], now
        )
        return await self.again(case)

    async def told(self, case: Case, said: str = "", chat: Chat | None = None) -> Message:
        """Wait for a message about a case with these words in the staff's group, or in another chat."""
        chat = chat or self.group
        found: list[Message] = []

        def seen() -> bool:
            heard = self.api.world.said_by_bot(chat)
            found[:] = [each for each in heard if case.number in each.text and said in each.text]
            return bool(found)

        await self.api.sight.until(seen)
        return found[-1]

    async def acts(self, case: Case) -> list[tuple[str, str]]:
        """Return what the audit says was done to a case, and by whom, oldest first."""
        records = await self.storage.audit.search(Search(subject=f"case/{case.id}"))
        return [(each.entry.act, each.entry.actor.id) for each in reversed(records)]


def room_of(storage: Storage, duty: Duty, now: Callable[[], datetime]) -> CaseRoom:
    """Return what the desk's cases have at hand."""
    organizations, categories = load_organizations(), load_categories()
    return CaseRoom(
        storage.cases,
        storage.evidence,
        storage.figures,
        storage.case_views,
        storage.ready_replies,
        storage.case_drafts,
        Answers(),
        Referrer(load_triager(), Directory(organizations, categories), load_regions(), duty),
        Times(load_calendar(), categories.clocks),
        organizations,
        now,
    )


@asynccontextmanager
async def housing(home: Path) -> AsyncIterator[House]:
    """Run the bot until the block ends."""
    organizations, clock = load_organizations(), Clock()
    async with TelegramApi() as api:
        group = api.group("值班群")
        (home / DUTY_FILE).write_text(ROSTER.format(union=UNION, group=group.id), "utf8")
        duty = Duty(DutyFile(home / DUTY_FILE), organizations, load_calendar().is_working)
        url = f"sqlite:///{home / 'niangjia.db'}"
        async with Storage(url, Seal(b"s" * 32), addressing=duty, now=clock) as storage:
            channel = TelegramChannel(api.token, storage.inbox, api_base=api.base)
            linking = Linking(storage.messengers, clock)
            staffroom = Staffroom(room_of(storage, duty, clock), linking, buttons(), links())
            files = channel.files(storage.evidence)
            around = Surroundings(Answers(), load_triager(), storage.cases, files, duty, clock, staffroom=staffroom)
            async with open_notifiers(links(), buttons(), clock, mail=None, writer=channel.board) as notifiers:
                running = [
                    asyncio.create_task(Worker(storage.inbox, build_dialogue(around)).run()),
                    asyncio.create_task(Drainer(storage.outbox, {Channel.TELEGRAM: channel.sender}).run()),
                    asyncio.create_task(Drainer(storage.notices, notifiers, what="notice").run()),
                    asyncio.create_task(channel.run()),
                ]
                accounts = Accounts(storage.staff, Passwords(QUICK), organizations, clock)
                try:
                    yield House(
                        api, storage, accounts, linking, Taking(links(), duty, storage.cases, clock), clock, group
                    )
                finally:
                    for task in running:
                        task.cancel()
                    await asyncio.gather(*running, return_exceptions=True)
                    await channel.close()


def worker(house: House) -> Person:
    return house.api.person("小周")


def button(message: Message, label: str) -> str:
    """Return the data of a button."""
    return next(str(each["callback_data"]) for row in message.keyboard for each in row if each["text"] == label)


async def last_said(house: House, text: str) -> None:
    """Wait until these are the last words of the bot in the staff's group."""
    await house.api.sight.until(lambda: house.api.world.said_by_bot(house.group)[-1].text == text)


async def handed(house: House, staff: str) -> Case:
    """Return a case that somebody handles."""
    case = await house.opened(worker(house))
    return await house.moved(case, Move.ASSIGN, people.SUPERVISOR, Content(staff=staff))
