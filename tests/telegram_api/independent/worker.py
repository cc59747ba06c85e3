"""Somebody who talks with the bot over the other emulator."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

FOLDER = Path(__file__).parent
PATIENCE = 10.0  # seconds until a person gives up waiting
LOOK = 0.05  # seconds between two looks for something new; the emulator tells nobody


@dataclass(frozen=True)
class Said:
    """One message of the bot, its text as it came in: the emulator reads no HTML."""

    id: int
    html: str
    keyboard: list[list[dict[str, str]]]

    @property
    def labels(self) -> list[str]:
        """The buttons' labels, row after row."""
        return [button["text"] for row in self.keyboard for button in row]


class Worker:
    """A person in a private chat."""

    def __init__(self, base: str, token: str, client: aiohttp.ClientSession, number: int = 5001) -> None:
        self._base = base
        self._token = token
        self._client = client
        account = {"id": number, "first_name": "小周"}
        self._from = {**account, "is_bot": False}
        self._chat = {**account, "type": "private"}
        self._arrived: list[Said] = []

    async def says(self, text: str) -> None:
        """Send words; a command is told by its entity."""
        if text.startswith("/"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
            await self._post("sendCommand", self._message(text=text, entities=entities))
        else:
            await self._post("sendMessage", self._message(text=text))

    async def taps(self, message: Said, label: str) -> None:
        """Tap a button of a message."""
        data = next(button["callback_data"] for row in message.keyboard for button in row if button["text"] == label)
        tap = {"from": self._from, "data": data, "message": self._message(message_id=message.id)}
        await self._post("sendCallback", {"botToken": self._token, **tap})

    async def receives(self) -> Said:
        """Wait for the bot's next message; raise TimeoutError when patience ends."""
        async with asyncio.timeout(PATIENCE):
            while not self._arrived:
                await asyncio.sleep(LOOK)
                news = await self._post("getUpdates", {"token": self._token, "chatId": self._chat["id"]})
                self._arrived += [_said(item) for item in news]
        return self._arrived.pop(0)

    async def asks(self, text: str) -> Said:
        """Say something and wait for the next message."""
        await self.says(text)
        return await self.receives()

    def _message(self, **content: Any) -> dict[str, Any]:
        return {
            "botToken": self._token,
            "from": self._from,
            "chat": self._chat,
            "date": int(time.time()),
            **content,
        }

    async def _post(self, route: str, body: dict[str, Any]) -> Any:
        async with self._client.post(f"{self._base}/{route}", json=body) as answer:
            answer.raise_for_status()
            return (await answer.json())["result"]


def is_here() -> bool:
    """Tell whether node and the package are installed."""
    return shutil.which("node") is not None and (FOLDER / "node_modules" / "telegram-test-api").is_dir()


@asynccontextmanager
async def emulator() -> AsyncIterator[str]:
    """Run the emulator on the loopback; yields its URL."""
    process = await asyncio.create_subprocess_exec("node", FOLDER / "server.js", stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


def _said(item: dict[str, Any]) -> Said:
    message = item["message"]
    return Said(item["messageId"], message["text"], message.get("reply_markup", {}).get("inline_keyboard", []))
