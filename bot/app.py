"""The composition root: the only place that knows every concrete class."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from bot.answers.answerer import Answerer, ConcurrentAnswerer
from bot.answers.local import LocalAnswerer
from bot.answers.model import Answer
from bot.answers.pinned import FILE as PINS
from bot.answers.pinned import PinBook, PinnedAnswerer
from bot.cases.deadlines import Times
from bot.cases.model import KeptFile
from bot.cases.routing import Directory
from bot.channels.web import build_web
from bot.channels.web.uploads import Uploads
from bot.delivery import Sender
from bot.desk.accounts import Accounts
from bot.desk.app import build_desk
from bot.desk.cases.pages import case_pages
from bot.desk.cases.room import CaseRoom
from bot.desk.credentials import Passwords
from bot.desk.directory.pages import directory_pages
from bot.desk.doors import PREFIX as DESK
from bot.desk.duty.pages import Board, duty_pages
from bot.desk.journeys import Journeys
from bot.desk.knowledge.catalogue import Catalogue
from bot.desk.knowledge.gap_book import FILE as GAP_BOOK
from bot.desk.knowledge.gap_book import GapBook
from bot.desk.knowledge.golden import FILE as GOLDEN
from bot.desk.knowledge.golden import GoldenSet
from bot.desk.knowledge.pages import knowledge_pages
from bot.desk.knowledge.shelf import FOLDER as KNOWLEDGE
from bot.desk.knowledge.shelf import Shelf
from bot.desk.knowledge.workshop import Workshop
from bot.desk.logins import Logins
from bot.desk.messenger.linking import Linking
from bot.desk.messenger.pages import messenger_pages
from bot.desk.messenger.staffroom import Staffroom
from bot.desk.provider import Client, IdentityProvider
from bot.desk.reports.pages import reports
from bot.desk.rooms import Rooms
from bot.dialogue.dialogue import Surroundings, build_dialogue
from bot.dialogue.drainer import Drainer
from bot.dialogue.ports import Delivery, Files, Presence
from bot.dialogue.referral import Referrer
from bot.dialogue.second_reader import SecondReader
from bot.dialogue.worker import Worker
from bot.http import Webhook, build_http
from bot.indexing.reader import FileReader
from bot.indexing.reindexer import Reindexer
from bot.indexing.trial import GenerationTrial
from bot.messages import Attachment, Channel, Incoming
from bot.metrics import Metrics
from bot.notices.buttons import Buttons
from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile
from bot.notices.links import Links
from bot.notices.mail import MailServer, Tls
from bot.notices.model import Dispatch
from bot.notices.notifiers import open_notifiers
from bot.notices.taking import Taking, build_take
from bot.respondent import Respondent, open_answerer, open_chat, open_wording
from bot.server import Server
from bot.settings import Settings
from bot.storage.evidence import FOLDER as EVIDENCE
from bot.storage.keeping import seal_of
from bot.storage.seal import Seal
from bot.storage.storage import Storage, utc_now
from bot.triage.triager import load_triager
from knowledge.calendar import Calendar, load_calendar
from knowledge.categories import Categories, load_categories
from knowledge.embedder import open_embedder
from knowledge.errors import NiangjiaError
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from knowledge.model import Document
from knowledge.organizations import load_organizations
from knowledge.parameters import follow_parameters
from knowledge.regions import load_regions
from knowledge.searcher import Provider
from knowledge.stations import follow_stations

if TYPE_CHECKING:
    from fastapi import APIRouter

    from bot.channels.telegram import TelegramChannel

TELEGRAM_WEBHOOK_PATH = "/telegram/webhook"
FOLLOW_SECONDS = 2.0  # between two looks at which index serves

Announce = Callable[[str, str | None], None]  # the address, and the link for the first admin while there is none


class LiveDocuments:
    """The documents of the serving index, for the page that shows a quote in its place."""

    def __init__(self, live: LiveGeneration) -> None:
        self._live = live

    def document(self, source: str, record: int | str | None = None) -> Document | None:
        """Return the document with this source name, or a record in it."""
        with self._live.use() as generation:
            return generation.document(source, record)

    async def reachable(self) -> bool:
        """Tell whether an index serves."""
        with self._live.use() as generation:
            return generation.manifest.passages > 0


class ChannelFiles:
    """Brings files into the evidence room, each channel's in its own way."""

    def __init__(self, files: Mapping[Channel, Files]) -> None:
        self._files = files

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        """Keep one attachment of `incoming`; see `Files`."""
        return await self._files[incoming.channel].keep(incoming, attachment)


async def serve(settings: Settings, listening: socket.socket, announce: Announce) -> None:
    """Serve at `listening` until interrupted; `announce` is given the address once the page can be opened."""
    keep = timedelta(days=settings.retention_days)
    keep_cases = timedelta(days=settings.case_retention_days)
    with open_answerer(settings) as (answerer, live):
        pins = PinBook(settings.niangjia_home / KNOWLEDGE / PINS)
        chat = open_chat(settings)
        local = LocalAnswerer(
            open_wording(chat, answerer, live) or ConcurrentAnswerer(answerer),
            follow_parameters(settings.niangjia_home),
            follow_stations(settings.niangjia_home),
            load_regions(),
        )
        answering = PinnedAnswerer(local, pins, live.use, load_regions())
        async with AsyncExitStack() as stack:
            seal, duty = seal_of(settings), _duty(settings)
            home = settings.niangjia_home
            evidence, calendar, categories = home / EVIDENCE, load_calendar(home=home), load_categories(home=home)
            storage = await stack.enter_async_context(
                Storage(
                    settings.database,
                    seal,
                    keep=keep,
                    keep_cases=keep_cases,
                    evidence=evidence,
                    addressing=duty,
                    calendar=calendar,
                    categories=categories,
                )
            )
            uploads = Uploads(storage.evidence, seal)
            # Before the tasks begin, so that their complaints stand alone:
            telegram, client = _telegram(settings, storage), _oidc(settings)
            links = _links(settings, seal)
            notifiers = await stack.enter_async_context(_notifiers(settings, seal, links, telegram))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            senders: dict[str, Sender[Delivery]] = {}
            presences: dict[Channel, Presence] = {}
            files: dict[Channel, Files] = {Channel.WEB: uploads}
            if telegram is not None:
                senders[Channel.TELEGRAM] = presences[Channel.TELEGRAM] = telegram.sender
                files[Channel.TELEGRAM] = telegram.files(storage.evidence)
            taking = Taking(links, duty, storage.cases, utc_now)
            room = _case_room(storage, answerer, duty, calendar, categories)
            linking = Linking(storage.messengers, utc_now)
            messenger = partial(messenger_pages, linking=linking, invitation=telegram.invitation if telegram else None)
            dialogue = build_dialogue(
                Surroundings(
                    answering,
                    load_triager(),
                    storage.cases,
                    ChannelFiles(files),
                    duty,
                    utc_now,
                    settings.retention_days,
                    settings.case_retention_days,
                    Staffroom(room, linking, _buttons(seal), links),
                    calendar,
                    SecondReader(chat) if chat else None,
                    categories,
                )
            )
            documents = LiveDocuments(live)
            stopping = asyncio.Event()
            union_regions = list(load_regions().regions.values())
            web = build_web(storage.inbox, storage.outbox, documents, uploads, union_regions, stopping=stopping)
            accounts = _accounts(storage)
            reindexer = Reindexer(settings.niangjia_home, settings.embedding_model, live.refresh)
            stack.push_async_callback(reindexer.close)
            workshop = _workshop(settings, answerer, live, reindexer, storage, pins)
            board = Board(home / DUTY_FILE, duty, calendar.is_working, notifiers, utc_now, storage.notices.undelivered)
            http = build_http(
                web,
                take=build_take(taking),
                metrics=_metrics(settings, storage, live),
                desk=_desk(home, storage, accounts, live, workshop, room, board, messenger, client),
                checks={"index": documents.reachable, "database": storage.reachable},
                webhook=Webhook(TELEGRAM_WEBHOOK_PATH, telegram.handle)
                if telegram and settings.telegram_webhook
                else None,
            )
            server = Server(
                uvicorn.Config(
                    http,
                    log_config=None,
                    access_log=False,
                    lifespan="off",
                    forwarded_allow_ips=settings.forwarded_allow_ips,
                    timeout_graceful_shutdown=3,
                ),
                stopping,
            )
            background = [
                tasks.create_task(Worker(storage.inbox, dialogue, presences).run()),
                tasks.create_task(Drainer(storage.outbox, senders).run()),
                tasks.create_task(Drainer(storage.notices, notifiers, what="notice").run()),
                tasks.create_task(storage.clockwork.run()),
                tasks.create_task(storage.retention.run()),
                tasks.create_task(_follow(live)),
                tasks.create_task(_announce(server, listening, accounts, settings.public_url, announce)),
            ]
            if telegram is not None:
                background.append(tasks.create_task(_run_telegram(telegram, settings)))
            try:
                await server.serve(sockets=[listening])
            finally:
                for task in background:
                    task.cancel()
                await asyncio.gather(*background, return_exceptions=True)  # a send under way ends and is recorded
                if telegram is not None:
                    await telegram.close()


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """Open the staff accounts for the command line; the bot may be running."""
    async with Storage(settings.database, seal_of(settings)) as storage:
        yield _accounts(storage)


@asynccontextmanager
async def open_carriers(settings: Settings) -> AsyncIterator[Mapping[str, Sender[Dispatch]]]:
    """Open what carries notices to staff, for the command line; the bot may be running."""
    seal = seal_of(settings)
    async with Storage(settings.database, seal) as storage:
        telegram = _telegram(settings, storage)
        try:
            async with _notifiers(settings, seal, _links(settings, seal), telegram) as notifiers:
                yield notifiers
        finally:
            if telegram is not None:
                await telegram.close()


def welcome_link(address: str, token: str) -> str:
    """Return the link by which somebody who was invited sets a password."""
    return f"{address.rstrip('/')}{DESK}/welcome/{token}"


def _accounts(storage: Storage) -> Accounts:
    return Accounts(storage.staff, Passwords(), load_organizations(), utc_now)


def _workshop(
    settings: Settings,
    answerer: Answerer,
    live: LiveGeneration,
    reindexer: Reindexer,
    storage: Storage,
    pins: PinBook,
) -> Workshop:
    def respond(lend: Provider) -> Callable[..., Answer]:
        return Respondent(answerer.over(lend).answer).answer

    home = settings.niangjia_home
    return Workshop(
        Catalogue(Generations(home)),
        reindexer,
        FileReader(),
        GenerationTrial(live, respond),
        Shelf(home / KNOWLEDGE),
        storage.gaps,
        GapBook(home / KNOWLEDGE / GAP_BOOK),
        GoldenSet(home / GOLDEN),
        pins,
        open_embedder(),
    )


def _metrics(settings: Settings, storage: Storage, live: LiveGeneration) -> Metrics:
    queues = {"inbox": storage.inbox.counts, "outbox": storage.outbox.counts, "notices": storage.notices.counts}
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    return Metrics(queues, lambda: _serving(live), token)


def _serving(live: LiveGeneration) -> str:
    with live.use() as generation:
        return generation.id


def _desk(
    home: Path,
    storage: Storage,
    accounts: Accounts,
    live: LiveGeneration,
    workshop: Workshop,
    room: CaseRoom,
    board: Board,
    messenger: Callable[[Rooms], "APIRouter"],
    client: Client | None,
) -> ASGIApp:
    logins = Logins(accounts, storage.staff, storage.sessions, storage.audit, storage.throttle, utc_now)
    journeys = None
    if client is not None:
        provider = IdentityProvider(client, utc_now)
        journeys = Journeys(provider, storage.journeys, storage.staff, logins, storage.audit, utc_now)
    return build_desk(
        accounts,
        logins,
        storage.audit,
        load_organizations(),
        generation=lambda: _serving(live),
        now=utc_now,
        journeys=journeys,
        more=lambda rooms: (
            *case_pages(rooms, room),
            *knowledge_pages(rooms, workshop, utc_now),
            *directory_pages(rooms, home, utc_now),
            duty_pages(rooms, board),
            messenger(rooms),
            reports(rooms, room, storage.service_figures, workshop.encoder),
        ),
    ).guarded


def _oidc(settings: Settings) -> Client | None:
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None:
        raise NiangjiaError("OIDC_ISSUER needs OIDC_CLIENT_ID beside it: set the id that we have there, or empty both.")
    secret = settings.oidc_client_secret
    return Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_label,
        frozenset(value.strip() for value in settings.oidc_second_factor.split(",") if value.strip()),
    )


def _case_room(
    storage: Storage, answerer: Answerer, duty: Duty, calendar: Calendar, categories: Categories
) -> CaseRoom:
    """Put together what the desk's cases need; what they ask of the index leaves the machine by no chat model."""
    organizations = load_organizations()
    return CaseRoom(
        storage.cases,
        storage.evidence,
        storage.figures,
        storage.case_views,
        storage.ready_replies,
        storage.case_drafts,
        ConcurrentAnswerer(answerer),
        Referrer(load_triager(), Directory(organizations, categories), load_regions(), duty),
        Times(calendar, categories.clocks),
        organizations,
        utc_now,
        categories,
    )


def _duty(settings: Settings) -> Duty:
    home = settings.niangjia_home
    return Duty(DutyFile(home / DUTY_FILE), load_organizations(), load_calendar(home=home).is_working)


def _links(settings: Settings, seal: Seal) -> Links:
    return Links(settings.public_url, lambda said: seal.digest("staff link", said))


def _buttons(seal: Seal) -> Buttons:
    return Buttons(lambda said: seal.digest("staff button", said))


def _notifiers(
    settings: Settings, seal: Seal, links: Links, telegram: "TelegramChannel | None"
) -> AbstractAsyncContextManager[dict[str, Sender[Dispatch]]]:
    writer = telegram.board if telegram else None
    return open_notifiers(links, _buttons(seal), utc_now, mail=_mail(settings), writer=writer)


def _mail(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    if settings.smtp_from is None:
        raise NiangjiaError("Mail needs SMTP_FROM beside SMTP_HOST: set the address that it is from, or empty both.")
    return MailServer(
        settings.smtp_host,
        settings.smtp_from,
        settings.smtp_port,
        settings.smtp_username,
        settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        Tls(settings.smtp_tls),
    )


def _telegram(settings: Settings, storage: Storage) -> "TelegramChannel | None":
    if settings.telegram_bot_token is None:
        return None
    # aiogram takes a second to import, which a bot without Telegram need not wait for.
    from bot.channels.telegram import TelegramChannel

    triager, secret = load_triager(), settings.telegram_webhook_secret
    return TelegramChannel(
        settings.telegram_bot_token.get_secret_value(),
        storage.inbox,
        api_base=settings.telegram_api_base,
        dangerous=lambda words: triager.triage(words).danger is not None,
        webhook_secret=secret.get_secret_value() if secret else None,
    )


async def _run_telegram(telegram: "TelegramChannel", settings: Settings) -> None:
    if settings.telegram_webhook:
        await telegram.register(f"{(settings.public_url or '').rstrip('/')}{TELEGRAM_WEBHOOK_PATH}")
    else:
        await telegram.run()


async def _follow(live: LiveGeneration) -> None:
    """Take up a new index though nobody asks, or the first question after it would be answered from the old one."""
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        await asyncio.to_thread(live.refresh)


async def _announce(
    server: uvicorn.Server, listening: socket.socket, accounts: Accounts, public_url: str | None, announce: Announce
) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.02)
    host, port = listening.getsockname()[:2]
    address = f"http://{host}:{port}"
    token = await accounts.invite_first()
    announce(address, welcome_link(public_url or address, token) if token else None)
