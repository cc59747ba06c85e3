"""The service over HTTP: scripted answers, piece by piece, and every way in which such services go wrong."""

import asyncio
import json
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from aiohttp import web

KEY = "sk-loopback-0123456789abcdef"
MODEL = "loopback-chat"


class Fault(StrEnum):
    """How a request may go wrong."""

    NONE = "none"
    STALL = "stall"  # not a word
    STALL_MIDWAY = "stall midway"  # half of it, and no more
    CUT = "cut"  # half of it, and the connection breaks
    CUT_SOFTLY = "cut softly"  # half of it, and the stream ends as if it were whole
    TOO_LONG = "too long"  # ended by the service's own limit
    FLOOD = "429"
    ERROR = "500"
    REFUSED = "401"


HALVED = (Fault.STALL_MIDWAY, Fault.CUT, Fault.CUT_SOFTLY, Fault.TOO_LONG)


@dataclass(frozen=True, slots=True)
class Said:
    """What the service says to one request: text, data as JSON, or what a function makes of the data it was sent."""

    content: Any = ""
    fault: Fault = Fault.NONE

    def text(self, body: dict[str, Any]) -> str:
        content = self.content(data_of(body)) if callable(self.content) else self.content
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        return text[: len(text) // 2] if self.fault in HALVED else text


class LlmApi:
    """A chat service: `async with LlmApi() as api`, then `api.base` and `api.says(…)`, one for each request to come.

    What nobody has scripted is answered with 500.
    """

    def __init__(self) -> None:
        self.base = ""
        self.requests: list[dict[str, Any]] = []  # the bodies of what came in, oldest first
        self.keys: list[str] = []  # the keys that they were asked with
        self.script: list[Said] = []  # what is said to the requests to come
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    def says(self, *contents: Any) -> None:
        """Answer the next requests with these, one each: a `Said`, or its content where all goes well."""
        self.script += [content if isinstance(content, Said) else Said(content) for content in contents]

    def told(self, request: int = -1) -> str:
        """Return all that one request told, as text."""
        return "\n".join(message["content"] for message in self.requests[request]["messages"])

    def data(self, request: int = -1) -> Any:
        """Return the data of a request's first message of the user's."""
        return data_of(self.requests[request])

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(body := await request.json())
        self.keys.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
        said = self.script.pop(0) if self.script else Said(fault=Fault.ERROR)
        if said.fault in (Fault.FLOOD, Fault.ERROR, Fault.REFUSED):
            return web.json_response({"error": {"message": "no", "type": "scripted"}}, status=int(said.fault))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(_event({"role": "assistant", "content": ""}))
        if said.fault is Fault.STALL:
            await asyncio.sleep(3600)
        text = said.text(body)
        for at in range(0, len(text), 16):
            await response.write(_event({"content": text[at : at + 16]}))
        if said.fault is Fault.STALL_MIDWAY:
            await asyncio.sleep(3600)
        if said.fault is Fault.CUT and request.transport:
            request.transport.abort()
        elif said.fault is not Fault.CUT_SOFTLY:
            await response.write(_event({}, "length" if said.fault is Fault.TOO_LONG else "stop"))
            await response.write(b"data: [DONE]\n\n")
        return response


def data_of(body: dict[str, Any]) -> Any:
    """Return the data of a request's first message of the user's."""
    return json.loads(next(message["content"] for message in body["messages"] if message["role"] == "user"))


def _event(delta: dict[str, Any], ending: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": ending}],
    }
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
