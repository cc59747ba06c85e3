"""The stream by which answers reach the page."""

from pathlib import Path

import httpx2
import pytest

from bot.channels.web import Limits
from tests.bot.channels.web.site import Site, open_site
from tests.bot.channels.web.visiting import ask, next_reply, opened, replies, stream, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_stream_brings_the_answer_as_soon_as_it_is_ready(site: Site, client: httpx2.AsyncClient) -> None:
    site.script.free.clear()
    async with stream(client) as events:
        assert (await anext(events))["event"] == "ping"  # at once, so that a page knows that the line is open
        await ask(client)
        site.script.free.set()
        assert "先留证据" in (await next_reply(events))["html"]


async def test_a_stream_that_was_cut_goes_on_where_it_was(client: httpx2.AsyncClient) -> None:
    await ask(client, "第一问", "key-00000001")
    await ask(client, "第二问", "key-00000002")
    first, second = await replies(client, 2)
    async with stream(client, last_event_id=str(first["id"])) as events:
        assert (await next_reply(events))["id"] == second["id"]
    async with stream(client, after=first["id"]) as events:
        assert (await next_reply(events))["id"] == second["id"]
    async with stream(client, last_event_id="nonsense") as events:
        assert (await next_reply(events))["id"] == first["id"]


async def test_a_silent_stream_shows_that_it_lives_and_ends_in_time(tmp_path: Path) -> None:
    async with open_site(tmp_path, Limits(heartbeat=0.05, stream_seconds=0.3)) as site, opened(site.url) as client:
        await client.get("/")
        async with stream(client) as events:
            assert len([event async for event in events if event["event"] == "ping"]) >= 3


async def test_one_visitor_opens_only_so_many_streams_and_closed_ones_do_not_count(tmp_path: Path) -> None:
    async with open_site(tmp_path, Limits(streams=1, heartbeat=0.05)) as site, opened(site.url) as client:
        await client.get("/")
        async with stream(client) as events:
            await anext(events)
            assert (await client.get("/chat/stream")).status_code == 429

        async def opens_again() -> bool:
            async with client.stream("GET", "/chat/stream") as response:
                return response.status_code == 200

        await until(opens_again)


@pytest.mark.parametrize("after", ["-1", "x", "99999999999999999999"])
async def test_an_impossible_id_is_refused(client: httpx2.AsyncClient, after: str) -> None:
    assert (await client.get(f"/chat/replies?after={after}")).status_code == 400
