from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from bot.http import build_http
from bot.metrics import Metrics

STORY = "老板拖欠工资13871234509"


async def inbox() -> Mapping[str, int]:
    return {"waiting": 3, "done": 12}


async def broken() -> Mapping[str, int]:
    raise OSError("no database")


@asynccontextmanager
async def served(token: str | None = None, address: str = "127.0.0.1") -> AsyncIterator[httpx2.AsyncClient]:
    metrics = Metrics({"inbox": inbox, "outbox": broken}, lambda: "20261121T080000-0a1b2c3d", token)
    app = build_http(PlainTextResponse("the page"), checks={}, metrics=metrics)
    transport = httpx2.ASGITransport(app, client=(address, 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_queues_requests_and_what_serves_are_told() -> None:
    async with served() as client:
        await client.get("/chat/replies")
        await client.get("/")
        told = (await client.get("/metrics")).text
    assert 'niangjia_rows{queue="inbox",state="waiting"} 3.0' in told
    assert 'queue="outbox"' not in told, "what cannot be counted is left out"
    assert 'niangjia_http_requests_total{part="chat",status="200"} 1.0' in told
    assert 'niangjia_http_requests_total{part="other",status="200"} 1.0' in told
    assert 'generation="20261121T080000-0a1b2c3d"' in told
    assert "niangjia_http_seconds_count" in told


async def test_nothing_that_somebody_wrote_is_among_them() -> None:
    async with served() as client:
        await client.get(f"/{STORY}")
        await client.get(f"/chat/{STORY}?text={STORY}", headers={"Referer": "http://test/13871234509"})
        told = (await client.get("/metrics")).text
    assert "13871234509" not in told
    assert "127.0.0.1" not in told


@pytest.mark.parametrize(
    ("token", "address", "brought", "status"),
    [
        (None, "127.0.0.1", None, 200),
        (None, "::1", None, 200),
        (None, "192.0.2.1", None, 403),
        (None, "unknown", None, 403),
        ("secret", "192.0.2.1", "Bearer secret", 200),
        ("secret", "192.0.2.1", "Bearer other", 403),
        ("secret", "127.0.0.1", None, 403),
    ],
)
async def test_only_this_machine_or_the_token_reads_them(
    token: str | None, address: str, brought: str | None, status: int
) -> None:
    async with served(token, address) as client:
        headers = {"Authorization": brought} if brought else {}
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_without_metrics_there_are_none() -> None:
    app = build_http(PlainTextResponse("the page"), checks={})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/metrics")).text == "the page"
