"""A worker at the chat page of a served bot, as the page's script sends and polls."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx2

from tests.bot.e2e.serving import PATIENCE

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
_BUTTON = re.compile(r'name="action" value="([^"]+)"[^>]*>([^<]*)<')


@dataclass
class Visitor:
    """One browser; it waits when it is told that it was too quick."""

    client: httpx2.AsyncClient
    heard: str = ""  # the HTML of the last turn
    seen: list[httpx2.Response] = field(default_factory=list)

    async def says(
        self, text: str = "", *, action: str | None = None, files: tuple[str, ...] = (), key: str = ""
    ) -> str:
        """Send words, a tap or files; return the HTML of all replies to it."""
        key = key or secrets.token_hex(16)
        sent = await self.sends(key=key, text=text, action=action, files=files)
        assert sent.status_code == 202, sent.text
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [reply for reply in await self.replies() if reply["key"] == key]
                if found:
                    self.heard = "\n".join(reply["html"] for reply in found)
                    return self.words
                await asyncio.sleep(0.05)

    async def sends(self, **message: Any) -> httpx2.Response:
        """Send a message as it is, again for as long as it comes too soon."""
        sent = await self.client.post("/chat/messages", json=message)
        if sent.status_code == 429:
            await asyncio.sleep(float(sent.headers["retry-after"]))
            return await self.sends(**message)
        self.seen.append(sent)
        return sent

    async def shows(self, name: str, data: bytes) -> str:
        """Upload a file and send it."""
        key = secrets.token_hex(16)
        headers = {"Accept": "application/json"}
        files = {"file": (name, data, "image/jpeg")}
        answer = await self.client.post("/chat/files", data={"key": key}, files=files, headers=headers)
        assert answer.status_code == 201, answer.text
        return await self.says(files=tuple(answer.json()["files"]), key=key)

    async def taps(self, label: str) -> str:
        """Tap the button of the last turn with this label, or whose action begins so."""
        for action, words in _BUTTON.findall(self.heard):
            if label in unescape(words) or action.startswith(label):
                return await self.says(action=unescape(action))
        raise AssertionError(f"no button {label!r} in {self.words}")

    async def replies(self) -> list[dict[str, Any]]:
        """Return all replies so far."""
        answer = await self.client.get("/chat/replies?after=0")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["replies"])

    @property
    def words(self) -> str:
        """Return the words of the last turn."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.heard)).split())


@asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """Open the chat page in a new browser."""
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as client:
        await client.get("/")
        yield Visitor(client)
