"""Files over HTTP, as the page sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from bot.channels.web.visitor import Visitor
from tests.bot.channels.web.site import Site

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(2_000)
KEY, OTHER = "a" * 32, "b" * 32


async def upload(
    client: httpx2.AsyncClient, data: bytes = JPEG, name: str = "工资条.jpg", key: str = KEY, mime: str = "image/jpeg"
) -> httpx2.Response:
    headers = {"Accept": "application/json"}
    return await client.post("/chat/files", data={"key": key}, files={"file": (name, data, mime)}, headers=headers)


async def reference(client: httpx2.AsyncClient, **options: Any) -> str:
    response = await upload(client, **options)
    assert response.status_code == 201, response.text
    (made,) = response.json()["files"]
    return str(made)


async def say(client: httpx2.AsyncClient, *files: str, key: str = KEY, text: str = "") -> httpx2.Response:
    return await client.post("/chat/messages", json={"key": key, "text": text, "files": files})


def kept(site: Site) -> list[Path]:
    return [path for path in site.folder.joinpath("evidence").glob("*") if path.suffix != ".new"]


@asynccontextmanager
async def visitor(site: Site) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=site.url, timeout=20) as client:
        await client.get("/")
        yield client


def chat(client: httpx2.AsyncClient) -> str:
    return Visitor(client.cookies["niangjia"], secure=False, known=True).chat
