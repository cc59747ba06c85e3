"""The API over HTTP on the loopback, with faults on demand."""

import contextlib
import time
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.telegram_api.calls import Call, read_call
from tests.telegram_api.driver import Person, Sight
from tests.telegram_api.errors import ApiError, BadRequestError
from tests.telegram_api.methods import Methods
from tests.telegram_api.updates import Update, Updates
from tests.telegram_api.world import Chat, World

TOKEN = "700001:AAEmulatorTokenForTestsOnly_0123456789a"  # the shape of a token, valid nowhere


class Fault(StrEnum):
    """How a call may go wrong that is none of the caller's fault."""

    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"  # with a page of HTML, as a proxy in between would answer
    FLOOD = "429"  # this one call, with a second to wait
    UNREADABLE = "400"  # Telegram finds fault with markup that we believe in
    NONE = "none"  # this one goes well
    CUT = "cut"  # the connection breaks before the call is carried out
    CUT_AFTER = "cut after"  # it is carried out, and the connection breaks before the answer


REFUSALS = {
    Fault.SERVER_ERROR: ApiError(500, "Internal Server Error"),
    Fault.FLOOD: ApiError(429, "Too Many Requests: retry after 1", retry_after=1),
    Fault.UNREADABLE: BadRequestError('can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
}


class TelegramApi:
    """A Telegram with one bot in it: `async with TelegramApi() as api`, then `api.base` and `api.token`.

    It carries out each call as often as it comes: nothing that the bot sends twice is taken for one.
    """

    def __init__(self, *, webhook_timeout: float = 1.0, redelivery_delay: float = 0.02) -> None:
        self.token = TOKEN
        self.base = ""
        self.bot = {"id": 700001, "is_bot": True, "first_name": "娘家", "username": "niangjia_bot"}
        self.world = World(self.bot)
        self.updates = Updates(webhook_timeout, redelivery_delay)
        self.methods = Methods(self.world, self.updates)
        self.calls: list[Call] = []  # all that came in, oldest first
        self.sight = Sight()
        self.witnesses: list[Callable[[Call], None]] = []  # told when a call is carried out, before it is answered
        self._faults: list[tuple[str, Fault]] = []
        self._floods: dict[int | None, float] = {}  # chat, or None for all → end on the monotonic clock
        self._runner: web.AppRunner | None = None
        self._ids = iter(range(5001, 10**6))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback; what is known survives a `stop`."""
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Hang up on everybody."""
        await self.updates.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def person(self, name: str = "小周") -> Person:
        """Let a new person open the bot's chat."""
        number = next(self._ids)
        chat = self.world.chats[number] = Chat(number, "private", name)
        return Person(self, chat, {"id": number, "is_bot": False, "first_name": name, "language_code": "zh-hans"})

    def group(self, title: str = "工友群") -> Chat:
        """Open a group with the bot in it; people write there through `person.within(group)`."""
        number = -next(self._ids)
        return self.world.chats.setdefault(number, Chat(number, "group", title))

    def upgrade(self, group: Chat) -> Chat:
        """Turn a group into a supergroup, which has a new id."""
        number = -1_000_000_000_000 + group.id
        group.migrated_to = number
        return self.world.chats.setdefault(number, Chat(number, "supergroup", group.name))

    async def redeliver(self, update: Update) -> None:
        """Deliver an update once more."""
        await self.updates.redeliver(update)

    def breaks(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method go wrong."""
        self._faults += [(method.lower(), fault)] * times

    def floods(self, seconds: float, chat: Chat | None = None) -> None:
        """Refuse what the bot sends (to a chat, or at all) with 429 until the time is over."""
        self._floods[chat.id if chat else None] = time.monotonic() + seconds

    def calls_of(self, method: str, outcome: str | None = None) -> list[Call]:
        """Return the calls of a method, oldest first, all or those with an outcome."""
        return [c for c in self.calls if c.method == method.lower() and outcome in (None, c.outcome)]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"].lower(), at=time.monotonic())
        self.calls.append(call)
        with self.sight.of_change():
            return await self._answer(request, call)

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        try:
            self._authorize(request)
            call.params = (await read_call(request)).params
            fault = self._next_fault(call.method)
            if fault is Fault.CUT:
                return self._cut(request, call, fault)
            if fault in REFUSALS:
                raise REFUSALS[fault]
            if fault is Fault.BAD_GATEWAY:
                call.outcome = "502"
                return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
            self._check_flood(call)
            result = await self.methods.call(call)
            for witness in self.witnesses:
                witness(call)
            if fault is Fault.CUT_AFTER:
                return self._cut(request, call, fault)
        except ApiError as error:
            call.outcome = str(error.code)
            return web.json_response(error.as_json(), status=error.code)
        call.outcome = "ok"
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        call = Call("download", at=time.monotonic())
        self.calls.append(call)
        try:
            self._authorize(request)
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)
        fault = self._next_fault(call.method)
        if fault not in (Fault.NONE, Fault.CUT_AFTER):
            raise web.HTTPBadGateway
        for file in self.world.files.values():
            if file.path == request.match_info["path"]:
                if fault is Fault.CUT_AFTER:
                    return await self._half(request, call, file.content)
                return web.Response(body=file.content)
        raise web.HTTPNotFound

    async def _half(self, request: web.Request, call: Call, content: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
        return self._cut(request, call, Fault.CUT_AFTER)

    def _authorize(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    def _next_fault(self, method: str) -> Fault:
        for position, (broken, fault) in enumerate(self._faults):
            if broken == method:
                del self._faults[position]
                return fault
        return Fault.NONE

    def _check_flood(self, call: Call) -> None:
        if not call.method.startswith(("send", "edit")):
            return
        with contextlib.suppress(ValueError):
            chat = int(call.params.get("chat_id", 0))
            left = max(self._floods.get(key, 0.0) for key in (None, chat)) - time.monotonic()
            if left > 0:
                seconds = int(left) + 1
                raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    @staticmethod
    def _cut(request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.outcome = fault.value
        if request.transport:
            request.transport.abort()
        return web.Response()
