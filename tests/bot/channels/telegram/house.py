"""The whole bot behind Telegram, with the real storage, worker, dialogue and drainer, and an answerer that is quick."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.answers.model import Answer, AnswerStatus
from bot.channels.telegram import TelegramChannel
from bot.dialogue.dialogue import Surroundings, build_dialogue
from bot.dialogue.drainer import Drainer
from bot.dialogue.worker import Worker
from bot.messages import Channel
from bot.storage.seal import open_seal
from bot.storage.storage import Storage, utc_now
from bot.triage.triager import load_triager
from knowledge.model import Citation
from tests.bot.talk import Nightwatch

ARTICLE = Citation("laws/a.md", "劳动合同法", "责令限期支付劳动报酬", 0, 10, law="劳动合同法", article="第八十五条")
GUIDE = Citation("knowledge/b.md", "欠薪怎么办", "先打 12333", 0, 8)
SECRET = "s3cret_of_the_webhook"


class Echo:
    """Answers every question with the question itself; a long one at length, a slow one when it is let go."""

    def __init__(self) -> None:
        self.release = asyncio.Event()

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        if question.startswith("慢"):
            await self.release.wait()
        text = f"答：{question}" + "劳动者有权拿到报酬。" * (900 if question.startswith("长") else 0)
        return Answer(AnswerStatus.ANSWERED, text, 0.9, (ARTICLE, GUIDE))


@asynccontextmanager
async def house(
    home: Path,
    api_base: str,
    token: str,
    *,
    answering: Echo | None = None,
    webhook: bool = False,
    dangerous: Callable[[str], bool] = lambda words: True,
) -> AsyncIterator[Storage]:
    """Run the bot, polling or called by webhook, until the block ends."""
    async with Storage(
        f"sqlite:///{home / 'niangjia.db'}", open_seal(home, None), evidence=home / "evidence"
    ) as storage:
        secret = SECRET if webhook else None
        channel = TelegramChannel(token, storage.inbox, api_base=api_base, webhook_secret=secret, dangerous=dangerous)
        around = Surroundings(
            answering or Echo(),
            load_triager(),
            storage.cases,
            channel.files(storage.evidence),
            Nightwatch(),
            utc_now,
        )
        to_telegram = {Channel.TELEGRAM: channel.sender}
        running = [
            asyncio.create_task(Worker(storage.inbox, build_dialogue(around), to_telegram).run()),
            asyncio.create_task(Drainer(storage.outbox, {Channel.TELEGRAM: channel.sender}).run()),
        ]
        try:
            if webhook:
                async with serving(channel) as url:
                    await channel.register(url)
                    yield storage
            else:
                running.append(asyncio.create_task(channel.run()))
                yield storage
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await channel.close()


@asynccontextmanager
async def serving(channel: TelegramChannel) -> AsyncIterator[str]:
    """Serve the channel's webhook on the loopback; yields its URL."""
    app = Starlette(routes=[Route("/telegram", channel.handle, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))  # takes connections before the server does
    serve = asyncio.create_task(server.serve(sockets=[listener]))
    port = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/telegram"
    finally:
        server.should_exit = True
        await serve


def run(home: Path, api_base: str, token: str) -> None:
    """Run the bot for as long as the process lives."""

    async def forever() -> None:
        async with house(home, api_base, token):
            await asyncio.Event().wait()

    asyncio.run(forever())
