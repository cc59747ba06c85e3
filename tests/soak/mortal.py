"""The whole bot as `bot/app/` puts it together, but for pages and the index: quick to begin, and made to be killed.

A life is forked from a process that has imported everything, or most of them would end before they began.
"""

import asyncio
import gc
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.telegram import TelegramChannel
from bot.delivery import Sender
from bot.desk.messenger.linking import Linking
from bot.desk.messenger.staffroom import Staffroom
from bot.dialogue.dialogue import Surroundings, build_dialogue
from bot.dialogue.drainer import Drainer
from bot.dialogue.ports import Delivery
from bot.dialogue.worker import Worker
from bot.logs import configure_logs
from bot.messages import Channel
from bot.notices.buttons import Buttons
from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile
from bot.notices.links import Links
from bot.notices.notifiers import open_notifiers
from bot.storage.seal import Seal
from bot.storage.storage import Storage, utc_now
from bot.triage.triager import load_triager
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from knowledge.forms import load_forms
from knowledge.organizations import load_organizations
from tests.bot.desk.messenger.house import room_of
from tests.bot.fakes import Answers
from tests.soak import clerk
from tests.soak.moved import MovedClock

SECRET = b"a secret of at least thirty-two bytes"
WEBHOOK_SECRET = "told-to-nobody"
HOOK = "/telegram/webhook"
POLL = 0.05  # seconds until a moved clock is noticed

TRIAGER = load_triager()
for load in (load_forms, load_organizations, load_calendar, load_categories):
    load()  # once, before the first life


@dataclass(frozen=True, slots=True)
class Life:
    """What one life of the bot is begun with."""

    database: str
    home: Path
    api_base: str
    token: str
    webhook: int | None = None  # the port that Telegram calls; None to poll
    clock: MovedClock | None = None  # None for the true time, and staff at their desks all day long
    staffed: bool = True  # False for the bot alone, which looks at the clock as seldom as in earnest

    def now(self) -> datetime:
        """Return what the time is."""
        return self.clock() if self.clock else utc_now()


def live(life: Life) -> None:
    """Run the bot until it is killed."""
    configure_logs("ERROR")
    uvloop.run(_live(life))


def open_storage(life: Life, seal: Seal) -> Storage:
    """Return the storage of a house, whose duty file names the group that is called."""
    return Storage(life.database, seal, evidence=life.home / "evidence", addressing=_duty(life.home), now=life.now)


def _duty(home: Path) -> Duty:
    return Duty(DutyFile(home / DUTY_FILE), load_organizations(), load_calendar().is_working)


async def _live(life: Life) -> None:
    seal = Seal(SECRET)
    duty = _duty(life.home)
    async with open_storage(life, seal) as storage:
        telegram = TelegramChannel(
            life.token, storage.inbox, api_base=life.api_base, webhook_secret=WEBHOOK_SECRET if life.webhook else None
        )
        links = Links(None, lambda said: seal.digest("staff link", said))
        buttons = Buttons(lambda said: seal.digest("staff button", said))
        files = telegram.files(storage.evidence)
        staffroom = Staffroom(room_of(storage, duty, life.now), Linking(storage.messengers, life.now), buttons, links)
        dialogue = build_dialogue(
            Surroundings(Answers(), TRIAGER, storage.cases, files, duty, life.now, staffroom=staffroom)
        )
        senders: dict[str, Sender[Delivery]] = {Channel.TELEGRAM: telegram.sender}
        async with (
            open_notifiers(links, buttons, life.now, mail=None, writer=telegram.board) as notifiers,
            asyncio.TaskGroup() as tasks,
        ):
            gc.freeze()  # as `bot/app/` does
            tasks.create_task(Worker(storage.inbox, dialogue, {Channel.TELEGRAM: telegram.sender}).run())
            tasks.create_task(Drainer(storage.outbox, senders).run())
            tasks.create_task(Drainer(storage.notices, notifiers, what="notice").run())
            tasks.create_task(storage.clockwork.run(POLL) if life.staffed else storage.clockwork.run())
            if life.clock is None and life.staffed:
                tasks.create_task(clerk.work(storage.cases))
            tasks.create_task(_listen(telegram, life.webhook) if life.webhook else telegram.run())


async def _listen(telegram: TelegramChannel, port: int) -> None:
    app = Starlette(routes=[Route(HOOK, telegram.handle, methods=["POST"])])
    listening = socket.create_server(("127.0.0.1", port), backlog=2048)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        tasks.create_task(telegram.register(f"http://127.0.0.1:{port}{HOOK}"))
