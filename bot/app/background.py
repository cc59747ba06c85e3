"""What runs beside the pages: messages are answered, replies and notices go out, clocks ring, and old words go."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn

from bot.app.configured import TELEGRAM_WEBHOOK_PATH
from bot.app.parts import Parts, welcome_link
from bot.delivery import Sender
from bot.desk.accounts import Accounts
from bot.dialogue.dialogue import Dialogue
from bot.dialogue.drainer import Drainer
from bot.dialogue.ports import Delivery, Presence
from bot.dialogue.worker import Worker
from bot.messages import Channel
from bot.server import address
from knowledge.live import LiveGeneration

FOLLOW_SECONDS = 2.0  # between two looks at which index serves

Announce = Callable[[str, str | None], None]  # the address, and the link for the first admin while there is none


@asynccontextmanager
async def running(
    parts: Parts, dialogue: Dialogue, server: uvicorn.Server, listening: socket.socket, announce: Announce
) -> AsyncIterator[None]:
    """Run all of it until the body ends; what fails for good ends the body too."""
    storage, telegram, settings = parts.storage, parts.telegram, parts.settings
    senders: dict[str, Sender[Delivery]] = {}
    presences: dict[Channel, Presence] = {}
    if telegram is not None:
        senders[Channel.TELEGRAM] = presences[Channel.TELEGRAM] = telegram.sender
    work = [
        Worker(storage.inbox, dialogue, presences).run(),
        Drainer(storage.outbox, senders).run(),
        Drainer(storage.notices, parts.notifiers, what="notice").run(),
        storage.clockwork.run(),
        storage.retention.run(),
        storage.missing_words.run(),
        _follow(parts.live),
        _announce(server, listening, parts.accounts, settings.public_url, announce),
    ]
    if telegram is not None and settings.telegram_webhook:
        work.append(telegram.register(f"{(settings.public_url or '').rstrip('/')}{TELEGRAM_WEBHOOK_PATH}"))
    elif telegram is not None:
        work.append(telegram.run())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)  # a send under way ends and is recorded


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
    here, token = address(listening), await accounts.invite_first()
    announce(here, welcome_link(public_url or here, token) if token else None)
