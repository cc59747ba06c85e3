"""What is mounted: the chat page, the desk, what a link in a notice opens, the webhook and the figures."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI
from starlette.types import ASGIApp

from bot.answers.model import Answer
from bot.app.configured import TELEGRAM_WEBHOOK_PATH
from bot.app.parts import Parts
from bot.channels.web import build_web
from bot.desk.app import build_desk
from bot.desk.cases.pages import case_pages
from bot.desk.directory.pages import directory_pages
from bot.desk.duty.entries import Board
from bot.desk.duty.pages import duty_pages
from bot.desk.journeys import Journeys
from bot.desk.knowledge.catalogue import Catalogue
from bot.desk.knowledge.gap_book import FILE as GAP_BOOK
from bot.desk.knowledge.gap_book import GapBook
from bot.desk.knowledge.golden import FILE as GOLDEN
from bot.desk.knowledge.golden import GoldenSet
from bot.desk.knowledge.pages import knowledge_pages
from bot.desk.knowledge.shelf import FOLDER as KNOWLEDGE
from bot.desk.knowledge.shelf import Shelf
from bot.desk.knowledge.vectors import KeptVectors
from bot.desk.knowledge.workshop import Workshop
from bot.desk.logins import Logins
from bot.desk.messenger.pages import messenger_pages
from bot.desk.provider import IdentityProvider
from bot.desk.reports.pages import reports
from bot.desk.subjects import Subjects
from bot.http import Webhook, build_http
from bot.indexing.reader import FileReader
from bot.indexing.trial import GenerationTrial
from bot.metrics import Counts, Metrics
from bot.notices.duty_file import DUTY_FILE
from bot.notices.taking import Taking, build_take
from bot.respondent import Respondent
from bot.storage.case_numbers import SqlCaseNumbers
from bot.storage.storage import utc_now
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from knowledge.model import Document
from knowledge.organizations import regions_with
from knowledge.searcher import Provider


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


def site_of(parts: Parts, stopping: asyncio.Event) -> FastAPI:
    """Return the one application; its streams end once `stopping` is set."""
    storage, telegram = parts.storage, parts.telegram
    documents = LiveDocuments(parts.live)
    regions = regions_with(parts.organizations)
    webhook = None
    if telegram is not None and parts.settings.telegram_webhook:
        webhook = Webhook(TELEGRAM_WEBHOOK_PATH, telegram.handle)
    return build_http(
        build_web(storage.inbox, storage.outbox, documents, parts.uploads, lambda: regions.offered, stopping=stopping),
        take=build_take(Taking(parts.links, parts.duty, storage.cases, utc_now)),
        metrics=_metrics(parts),
        desk=_desk(parts),
        checks={"index": documents.reachable, "database": storage.reachable},
        webhook=webhook,
    )


def _desk(parts: Parts) -> ASGIApp:
    storage, accounts, workshop = parts.storage, parts.accounts, _workshop(parts)
    logins = Logins(accounts, storage.staff, storage.sessions, storage.audit, storage.throttle, utc_now)
    journeys = None
    if parts.identity is not None:
        provider = IdentityProvider(parts.identity, utc_now)
        journeys = Journeys(provider, storage.journeys, storage.staff, logins, storage.audit, utc_now)
    return build_desk(
        accounts,
        logins,
        storage.audit,
        parts.organizations,
        generation=lambda: _generation(parts.live),
        now=utc_now,
        journeys=journeys,
        subjects=Subjects(SqlCaseNumbers(storage.database), lambda id: _title(workshop.shelf, id)),
        more=lambda rooms: (
            *case_pages(rooms, parts.room),
            *knowledge_pages(rooms, workshop, utc_now),
            *directory_pages(rooms, parts.home, utc_now, storage.cases.look_again),
            duty_pages(rooms, _board(parts)),
            *((messenger_pages(rooms, parts.linking, parts.telegram.invitation),) if parts.telegram else ()),
            reports(rooms, parts.room, storage.service_figures, workshop.encoder),
        ),
    ).guarded


def _board(parts: Parts) -> Board:
    """Put together what the pages of the roster need."""
    undelivered = parts.storage.notices.undelivered
    return Board(parts.home / DUTY_FILE, parts.duty, parts.calendar.is_working, parts.notifiers, utc_now, undelivered)


def _workshop(parts: Parts) -> Workshop:
    """Put together what the pages of the knowledge need."""

    def respond(lend: Provider) -> Callable[..., Answer]:
        return Respondent(parts.answerer.over(lend).answer, regions_with(parts.organizations)).answer

    papers = parts.home / KNOWLEDGE
    return Workshop(
        Catalogue(Generations(parts.home)),
        parts.reindexer,
        FileReader(),
        GenerationTrial(parts.live, respond),
        Shelf(papers),
        parts.storage.gaps,
        GapBook(papers / GAP_BOOK),
        GoldenSet(parts.home / GOLDEN),
        parts.pins,
        KeptVectors(open_embedder()),
    )


def _title(shelf: Shelf, id: str) -> str | None:
    """Return the title of a union's own document."""
    paper = shelf.paper(id)
    return paper.title if paper else None


def _metrics(parts: Parts) -> Metrics:
    storage, token = parts.storage, parts.settings.metrics_token
    queues: dict[str, Counts] = {
        "inbox": storage.inbox.counts,
        "outbox": storage.outbox.counts,
        "notices": storage.notices.counts,
        "alarms": storage.clockwork.counts,
    }
    return Metrics(queues, lambda: _generation(parts.live), token.get_secret_value() if token else None)


def _generation(live: LiveGeneration) -> str:
    """Return the id of the index that serves."""
    with live.use() as generation:
        return generation.id
