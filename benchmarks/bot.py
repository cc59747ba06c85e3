"""Hold the whole bot against an aiogram bot that only echoes, both over the same emulator of Telegram, in one run.

    python -m benchmarks.bot [--rounds N] [--updates N] [--seconds S] [--home HOME] [--json FILE]

A burst of updates from as many people is answered as fast as it goes, once by polling and once by webhook: updates per
second from the first update to the last reply, and the processor's time that the bot's process took for each. It is
long enough to last for seconds: one of 400 was over in less than half of one, and told how a poll begins rather than
how fast it goes on. Then people write 50 times a second, and each waits for the reply. Ours stores every update and
every reply before it acknowledges or sends it; the echo keeps nothing. The emulator runs in this process and takes its
share of the machine from either bot alike. With `--home`, an ingested home, `niangjia serve` answers from that index
too. Exits with 1 if a reply is missing.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from multiprocessing.context import SpawnContext
from pathlib import Path
from statistics import median, quantiles

import psutil
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.bot.e2e.serving import start
from tests.soak.mortal import WEBHOOK_SECRET, Life, live
from tests.telegram_api import TelegramApi
from tests.telegram_api.calls import Call

PACE = 50.0  # updates a second, at which a reply is timed
RATIO = 0.5  # of the echo's updates per second: the goal
PATIENT = 300.0  # ms that 95 of 100 replies take at most at that pace: the goal
WARM = 50  # updates before anything is measured
WAIT = 300.0  # seconds until a reply counts as lost
HOOK = "/hook"
QUESTIONS = (
    "老板拖欠工资怎么办？",
    "产假有多少天？",
    "工伤认定要多久？",
    "试用期最长几个月？",
    "加班费怎么算？",
    "年休假有几天？",
    "解除合同要赔多少钱？",
    "怎么加入工会？",
)

_SPAWN: SpawnContext = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one bot did in one round."""

    bot: str
    way: str  # polling or webhook
    burst: float  # updates per second
    cpu: float  # ms of the bot's process an update, while the burst lasts
    p50: float  # ms at `PACE`
    p95: float
    lost: int


Running = Callable[[TelegramApi, int | None], AbstractAsyncContextManager[psutil.Process]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=2000, help="in a burst")
    parser.add_argument("--seconds", type=float, default=8.0, help="of writing at an even pace")
    parser.add_argument("--home", type=Path, help="of an index, to measure the real answers too")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    measured = asyncio.run(measure(options.rounds, options.updates, options.seconds, options.home))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load before {load:.1f}\n")
    print(table(measured))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in measured], indent=1), "utf8")
    sys.exit(any(one.lost for one in measured))


async def measure(rounds: int, updates: int, seconds: float, home: Path | None) -> list[Measured]:
    """Let each bot run each way in each round, one after the other."""
    bots: dict[str, Running] = {"echo": _echoing, "niangjia": _answering}
    if home is not None:
        bots["niangjia serve"] = _serving(home)
    found: list[Measured] = []
    for _ in range(rounds):
        for way in ("polling", "webhook"):
            for name, running in bots.items():
                found.append(await _round(name, running, way, updates, seconds))
                print(found[-1], file=sys.stderr)
    return found


def table(measured: list[Measured]) -> str:
    """Return the medians as Markdown, ours beside the echo's of the same round."""
    lines = [
        "| bot | way | updates/s | of the echo's | CPU ms an update | p50 ms | p95 ms | lost |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for bot, way in dict.fromkeys((one.bot, one.way) for one in measured):
        mine = [one for one in measured if (one.bot, one.way) == (bot, way)]
        echo = [one for one in measured if (one.bot, one.way) == ("echo", way)]
        ratio = median(one.burst / other.burst for one, other in zip(mine, echo, strict=True))
        p95 = median(one.p95 for one in mine)
        goals = "" if bot == "echo" else f" (goal {RATIO}: {_met(ratio >= RATIO)})"
        patience = "" if bot == "echo" else f" (goal {PATIENT:.0f}: {_met(p95 <= PATIENT)})"
        lines.append(
            f"| {bot} | {way} | {median(one.burst for one in mine):.0f} | {ratio:.2f}{goals} "
            f"| {median(one.cpu for one in mine):.1f} "
            f"| {median(one.p50 for one in mine):.0f} | {p95:.0f}{patience} | {sum(one.lost for one in mine)} |"
        )
    return "\n".join(lines)


def _met(goal: bool) -> str:
    return "met" if goal else "missed"


# --- one bot, one way ---


async def _round(name: str, running: Running, way: str, updates: int, seconds: float) -> Measured:
    async with TelegramApi(webhook_timeout=60.0) as api:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port: int = listening.getsockname()[1]
        async with running(api, port if way == "webhook" else None) as process:
            crowd = Crowd(api)
            await crowd.write(WARM, pause=0.0)
            took, began = _cpu(process), time.monotonic()
            await crowd.write(updates, pause=0.0)
            burst = updates / (max(crowd.answered.values()) - began)
            cpu = (_cpu(process) - took) / updates * 1000
            crowd = Crowd(api)
            await crowd.write(int(PACE * seconds), pause=1 / PACE)
            waits = [(crowd.answered[chat] - at) * 1000 for chat, at in crowd.wrote.items() if chat in crowd.answered]
            lost = len(crowd.wrote) - len(waits)
            return Measured(name, way, burst, cpu, median(waits), quantiles(waits, n=20)[18], lost)


def _cpu(process: psutil.Process) -> float:
    """Return the seconds of the processor that the process has taken."""
    times = process.cpu_times()
    return float(times.user + times.system)


class Crowd:
    """People who write once each, and are answered."""

    def __init__(self, api: TelegramApi) -> None:
        self.wrote: dict[int, float] = {}  # chat → when, in monotonic seconds
        self.answered: dict[int, float] = {}
        self._api = api
        api.witnesses.append(self._see)

    def _see(self, call: Call) -> None:
        if call.method == "sendmessage":
            self.answered.setdefault(call.number("chat_id"), time.monotonic())

    async def write(self, count: int, *, pause: float) -> None:
        """Let so many people write, `pause` seconds after each other, and wait for the replies."""
        began = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number * pause - time.monotonic()))
            person = self._api.person()
            self.wrote[person.chat.id] = time.monotonic()
            await person.says(QUESTIONS[number % len(QUESTIONS)])
        try:
            await self._api.sight.until(lambda: len(self.answered) >= len(self.wrote), WAIT)
        except TimeoutError:
            print(f"{len(self.wrote) - len(self.answered)} replies did not come", file=sys.stderr)


# --- the bots ---


@asynccontextmanager
async def _echoing(api: TelegramApi, port: int | None) -> AsyncIterator[psutil.Process]:
    async with _process(api, port, _echo, (api.base, api.token, port)) as process:
        yield process


@asynccontextmanager
async def _answering(api: TelegramApi, port: int | None) -> AsyncIterator[psutil.Process]:
    """Run the whole bot with a quick answerer, and nobody at the desk."""
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        home = Path(folder)
        life = Life(f"sqlite:///{home / 'niangjia.db'}", home, api.base, api.token, port, staffed=False)
        async with _process(api, port, live, (life,)) as process:
            yield process


def _serving(index: Path) -> Running:
    @asynccontextmanager
    async def run(api: TelegramApi, port: int | None) -> AsyncIterator[psutil.Process]:
        with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
            home = Path(folder)
            (home / "index").symlink_to((index / "index").resolve())
            settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_BASE": api.base, "LOG_LEVEL": "ERROR"}
            if port is not None:
                settings |= {"PUBLIC_URL": f"http://127.0.0.1:{port}", "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET}
            process = await start(home, "serve", "--port", str(port or 0), **settings)
            try:
                await _listening(api, port)
                yield psutil.Process(process.pid)
            finally:
                process.kill()
                await process.communicate()

    return run


@asynccontextmanager
async def _process(
    api: TelegramApi, port: int | None, target: Callable[..., None], arguments: tuple[object, ...]
) -> AsyncIterator[psutil.Process]:
    process = _SPAWN.Process(target=target, args=arguments)
    process.start()
    try:
        await _listening(api, port)
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


async def _listening(api: TelegramApi, port: int | None) -> None:
    """Wait until the bot polls, or has told where it is called."""
    await api.sight.until(lambda: api.updates.url if port else api.updates.polls, WAIT)


def _echo(base: str, token: str, port: int | None) -> None:
    asyncio.run(_run_echo(base, token, port))


async def _run_echo(base: str, token: str, port: int | None) -> None:
    """Run what aiogram's own guide begins with."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    if port is None:
        await dispatcher.start_polling(bot)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(app, path=HOOK)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}{HOOK}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
