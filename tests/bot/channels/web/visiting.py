"""What a visitor without scripts does over HTTP, and what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from bot.channels.web.visitor import Visitor

QUESTION = "老板拖欠工资怎么办"


def visitor_chat(token: str) -> str:
    return Visitor(token, secure=False, known=True).chat


def opened(url: str, **options: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=url, timeout=10, **options)


async def ask(client: httpx2.AsyncClient, text: str = QUESTION, key: str = "key-00000001") -> httpx2.Response:
    return await client.post("/chat/messages", json={"key": key, "text": text})


async def replies(client: httpx2.AsyncClient, count: int = 1, after: int = 0) -> list[dict[str, Any]]:
    """Ask until there are so many replies."""
    found: list[dict[str, Any]] = []

    async def enough() -> bool:
        found[:] = (await client.get(f"/chat/replies?after={after}")).json()["replies"]
        return len(found) >= count

    await until(enough)
    return found


@asynccontextmanager
async def stream(
    client: httpx2.AsyncClient, after: int = 0, last_event_id: str | None = None
) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """Open the stream; events are dictionaries of their fields."""
    headers = {"last-event-id": last_event_id} if last_event_id else {}
    async with client.stream("GET", f"/chat/stream?after={after}", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in response.headers  # a compressed stream may be held back

        async def events() -> AsyncIterator[dict[str, str]]:
            event: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name.rstrip(":")] = value
                elif event:
                    yield event
                    event = {}

        yield events()


async def next_reply(events: AsyncIterator[dict[str, str]]) -> dict[str, Any]:
    async with asyncio.timeout(10):
        async for event in events:
            if event["event"] == "reply":
                reply: dict[str, Any] = json.loads(event["data"])
                assert event["id"] == str(reply["id"])
                return reply
    raise AssertionError("the stream ended without a reply")


def assert_nowhere(folder: Path, secrets: Sequence[str]) -> None:
    files = list(folder.glob("site.db*"))
    assert files
    for secret in secrets:
        assert not [path.name for path in files if secret.encode() in path.read_bytes()]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is so."""
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - it is the server's, and has no event
            await asyncio.sleep(0.02)


def assert_hidden_from_scripts(cookie: str) -> None:
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
