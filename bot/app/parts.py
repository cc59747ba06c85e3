"""What the bot is made of: all that is opened at the start, and closed in the opposite order."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answers.answerer import Answerer, ConcurrentAnswerer
from bot.answers.pinned import FILE as PINS
from bot.answers.pinned import PinBook
from bot.app.configured import duty_of, identity_client, links_of, notifiers_of, telegram_of
from bot.cases.deadlines import Times
from bot.cases.routing import Directory
from bot.channels.web.uploads import Uploads
from bot.delivery import Sender
from bot.desk.accounts import Accounts
from bot.desk.cases.room import CaseRoom
from bot.desk.credentials import Passwords
from bot.desk.doors import PREFIX as DESK
from bot.desk.knowledge.shelf import FOLDER as KNOWLEDGE
from bot.desk.messenger.linking import Linking
from bot.desk.provider import Client
from bot.dialogue.referral import Referrer
from bot.indexing.reindexer import Reindexer
from bot.notices.duty import Duty
from bot.notices.links import Links
from bot.notices.model import Dispatch
from bot.respondent import open_answerer
from bot.settings import Settings
from bot.storage.evidence import FOLDER as EVIDENCE
from bot.storage.keeping import seal_of
from bot.storage.seal import Seal
from bot.storage.storage import Storage, utc_now
from bot.triage.danger import sightings
from bot.triage.triager import load_triager
from knowledge.calendar import Calendar, load_calendar
from knowledge.categories import Categories, load_categories
from knowledge.live import LiveGeneration
from knowledge.organizations import Organizations, load_organizations, regions_with

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that stand behind both the conversations and the pages."""

    settings: Settings
    seal: Seal
    live: LiveGeneration
    answerer: Answerer
    pins: PinBook
    storage: Storage
    duty: Duty
    calendar: Calendar
    categories: Categories
    organizations: Organizations
    links: Links
    notifiers: Mapping[str, Sender[Dispatch]]
    telegram: "TelegramChannel | None"
    identity: Client | None  # as which an identity provider knows us
    accounts: Accounts
    room: CaseRoom
    linking: Linking
    uploads: Uploads
    reindexer: Reindexer

    @property
    def home(self) -> Path:
        """Return the folder that all of this is kept in."""
        return self.settings.niangjia_home


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Open everything; raise NiangjiaError where a setting, the index or the database does not allow it."""
    home = settings.niangjia_home
    async with AsyncExitStack() as stack:
        answerer, live = stack.enter_context(open_answerer(settings))
        seal, duty = seal_of(settings), duty_of(settings)
        calendar, categories = load_calendar(home=home), load_categories(home=home)
        organizations = load_organizations(home=home)
        storage = await stack.enter_async_context(
            Storage(
                settings.database,
                seal,
                keep=timedelta(days=settings.retention_days),
                keep_cases=timedelta(days=settings.case_retention_days),
                evidence=home / EVIDENCE,
                addressing=duty,
                calendar=calendar,
                categories=categories,
                organizations=organizations,
                in_danger=lambda text: bool(sightings(text)),
            )
        )
        telegram = await stack.enter_async_context(_messenger(settings, storage))
        identity, links = identity_client(settings), links_of(settings, seal)
        notifiers = await stack.enter_async_context(notifiers_of(settings, seal, links, telegram))
        reindexer = Reindexer(home, settings.embedding_model, live.refresh)
        stack.push_async_callback(reindexer.close)
        yield Parts(
            settings=settings,
            seal=seal,
            live=live,
            answerer=answerer,
            pins=PinBook(home / KNOWLEDGE / PINS),
            storage=storage,
            duty=duty,
            calendar=calendar,
            categories=categories,
            organizations=organizations,
            links=links,
            notifiers=notifiers,
            telegram=telegram,
            identity=identity,
            accounts=_accounts(storage, home),
            room=_case_room(storage, answerer, duty, calendar, categories, home),
            linking=Linking(storage.messengers, utc_now),
            uploads=Uploads(storage.evidence, seal),
            reindexer=reindexer,
        )


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """Open the staff accounts for the command line; the bot may be running."""
    async with Storage(settings.database, seal_of(settings)) as storage:
        yield _accounts(storage, settings.niangjia_home)


@asynccontextmanager
async def open_carriers(settings: Settings) -> AsyncIterator[Mapping[str, Sender[Dispatch]]]:
    """Open what carries notices to staff, for the command line; the bot may be running."""
    seal = seal_of(settings)
    async with (
        Storage(settings.database, seal) as storage,
        _messenger(settings, storage) as telegram,
        notifiers_of(settings, seal, links_of(settings, seal), telegram) as notifiers,
    ):
        yield notifiers


def welcome_link(address: str, token: str) -> str:
    """Return the link by which somebody who was invited sets a password."""
    return f"{address.rstrip('/')}{DESK}/welcome/{token}"


@asynccontextmanager
async def _messenger(settings: Settings, storage: Storage) -> AsyncIterator["TelegramChannel | None"]:
    """Give the messenger, if there is one; its connections are closed afterwards."""
    telegram = telegram_of(settings, storage)
    try:
        yield telegram
    finally:
        if telegram is not None:
            await telegram.close()


def _accounts(storage: Storage, home: Path) -> Accounts:
    return Accounts(storage.staff, Passwords(), load_organizations(home=home), utc_now)


def _case_room(
    storage: Storage, answerer: Answerer, duty: Duty, calendar: Calendar, categories: Categories, home: Path
) -> CaseRoom:
    """Put together what the desk's cases need; what they ask of the index leaves the machine by no chat model."""
    organizations = load_organizations(home=home)
    return CaseRoom(
        storage.cases,
        storage.evidence,
        storage.figures,
        storage.case_views,
        storage.ready_replies,
        storage.case_drafts,
        ConcurrentAnswerer(answerer),
        Referrer(load_triager(home), Directory(organizations, categories), regions_with(organizations), duty),
        Times(calendar, categories.clocks),
        organizations,
        utc_now,
        categories,
    )
