from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.http import Webhook, build_http


async def there() -> bool:
    return True


async def absent() -> bool:
    return False


async def broken() -> bool:
    raise OSError("no database")


async def echo(request: Request) -> Response:
    return Response(await request.body(), 202)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = build_http(
        PlainTextResponse("the page"), checks={"index": there, "database": there}, webhook=Webhook("/hook", echo)
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as opened:
        yield opened


async def test_a_watchdog_learns_that_the_process_lives(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_ready_means_that_every_part_is_there(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"index": True, "database": True})


async def test_one_absent_or_broken_part_is_named_and_makes_it_unready() -> None:
    app = build_http(PlainTextResponse("the page"), checks={"index": absent, "database": broken, "page": there})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"index": False, "database": False, "page": True})
        assert (await client.get("/healthz")).status_code == 200


async def test_a_webhook_is_called_by_post_only_and_the_rest_is_the_page(client: httpx2.AsyncClient) -> None:
    called = await client.post("/hook", content=b"update")
    assert (called.status_code, called.content) == (202, b"update")
    assert (await client.get("/hook")).text == (await client.get("/anything")).text == "the page"


async def test_no_schema_and_no_console_are_served(client: httpx2.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await client.get(path)).text == "the page"


async def test_the_desk_is_found_with_and_without_its_last_slash() -> None:
    app = build_http(PlainTextResponse("the page"), checks={}, desk=PlainTextResponse("the desk"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/desk", follow_redirects=True)).text == "the desk"
        assert (await client.get("/desk/anything")).text == "the desk"
        assert (await client.get("/desktop")).text == "the page"
