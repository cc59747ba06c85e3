"""The service over HTTP: scripted answers, word by word, and every way in which such services go wrong."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

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


@dataclass(frozen=True, slots=True)
class Said:
    """What the service says to one request: text, data as JSON, or what a function makes of the data it was sent."""

    content: Any = ""
    fault: Fault = Fault.NONE

    def text(self, body: dict[str, Any]) -> str:
        content = self.content(data_of(body)) if callable(self.content) else self.content
        return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


class LlmApi:
    """A chat service: `async with LlmApi() as api`, then `api.base` and `api.says(…)`, one for each request to come.

    What nobody has scripted is answered with 500.
    """

    def __init__(self) -> None:
        self.base = ""
        self.requests: list[dict[str, Any]] = []  # the bodies of what came in, oldest first
        self.keys: list[str] = []  # the keys that they were asked with
        self._script: list[Said] = []
        self._server: uvicorn.Server | None = None
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        app = Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])
        config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=0)
        self._server = _Server(config)
        self._running = asyncio.create_task(self._server.serve(sockets=[listening]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._running is not None
        self._server.should_exit = self._server.force_exit = True
        await self._running

    def says(self, *contents: Any) -> None:
        """Answer the next requests with these, one each: a `Said`, or text or data that goes well."""
        self._script += [content if isinstance(content, Said) else Said(content) for content in contents]

    def told(self, request: int = -1) -> str:
        """Return all that one request told, as text."""
        return "\n".join(message["content"] for message in self.requests[request]["messages"])

    def data(self, request: int = -1) -> Any:
        """Return the data of a request's first message of the user's."""
        return data_of(self.requests[request])

    async def _complete(self, request: Request) -> Response:
        self.requests.append(await request.json())
        self.keys.append(request.headers.get("authorization", "").removeprefix("Bearer "))
        said = self._script.pop(0) if self._script else Said(fault=Fault.ERROR)
        if said.fault in (Fault.FLOOD, Fault.ERROR, Fault.REFUSED):
            return JSONResponse({"error": {"message": "no", "type": "scripted"}}, int(said.fault))
        text = said.text(self.requests[-1])
        return StreamingResponse(self._stream(text, said.fault), media_type="text/event-stream")

    async def _stream(self, text: str, fault: Fault) -> AsyncIterator[bytes]:
        yield _event({"role": "assistant", "content": ""})
        if fault is Fault.STALL:
            await asyncio.sleep(3600)
        if fault in (Fault.STALL_MIDWAY, Fault.CUT, Fault.CUT_SOFTLY, Fault.TOO_LONG):
            text = text[: len(text) // 2]
        for at in range(0, len(text), 16):
            yield _event({"content": text[at : at + 16]})
        if fault is Fault.STALL_MIDWAY:
            await asyncio.sleep(3600)
        if fault is Fault.CUT:
            raise ConnectionAbortedError
        if fault is not Fault.CUT_SOFTLY:
            yield _event({}, "length" if fault is Fault.TOO_LONG else "stop")
            yield b"data: [DONE]\n\n"


def data_of(body: dict[str, Any]) -> Any:
    """Return the data of a request's first message of the user's."""
    return json.loads(next(message["content"] for message in body["messages"] if message["role"] == "user"))


class _Server(uvicorn.Server):
    """Leaves the signals to the tests."""

    def install_signal_handlers(self) -> None:
        """Install none."""


def _event(delta: dict[str, Any], ending: str | None = None) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": ending}],
    }
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
