"""The page over HTTP, without a browser: what it takes, what it refuses, and what it says."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from bot import texts
from bot.answers.model import Answer, AnswerStatus
from bot.channels.web import Limits
from bot.channels.web.app import EXAMPLES, MAX_TEXT
from bot.channels.web.page import HERE
from bot.channels.web.visitor import Visitor
from bot.pages.limits import Rate
from tests.bot.channels.web.site import ADVICE, GUIDE, LAW, Site, open_site, with_text

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


# --- the first screen ---


async def test_the_first_screen_greets_and_says_what_to_ask_and_whom_to_call(site: Site) -> None:
    async with opened(site.url) as client:
        page = await client.get("/")
    assert page.status_code == 200
    for words in ("这里是娘家", *EXAMPLES, "荆州市总工会", "随州市总工会", 'href="tel:12351"', 'href="tel:110"'):
        assert words in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_the_cookie_is_random_and_hidden_from_scripts(site: Site) -> None:
    cookies = []
    for _ in range(2):
        async with opened(site.url) as client:
            cookies.append((await client.get("/")).headers["set-cookie"])
    values = [re.fullmatch(r"niangjia=([\w-]{32});.*", cookie, re.ASCII) for cookie in cookies]
    assert values[0] and values[1] and values[0][1] != values[1][1]
    assert_hidden_from_scripts(cookies[0])
    assert "secure" not in cookies[0].lower()


async def test_over_https_the_cookie_is_secure_and_bound_to_the_host(site: Site) -> None:
    async with opened(site.url, headers={"x-forwarded-proto": "https"}) as client:  # as the proxy in front says
        cookie = (await client.get("/")).headers["set-cookie"]
    assert cookie.startswith("__Host-niangjia=")
    assert "; Secure" in cookie
    assert_hidden_from_scripts(cookie)


async def test_the_database_holds_neither_cookie_nor_conversation(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site, opened(site.url) as client:
        await client.get("/")
        await ask(client)
        await replies(client)
        secrets = (client.cookies["niangjia"], visitor_chat(client.cookies["niangjia"]), QUESTION)
        assert_nowhere(tmp_path, secrets)


async def test_a_cookie_of_another_shape_is_replaced(site: Site) -> None:
    async with opened(site.url, headers={"cookie": "niangjia=short"}) as client:
        assert "niangjia=" in (await client.get("/")).headers["set-cookie"]
        assert (await ask(client)).status_code == 403


async def test_the_whole_page_is_light(site: Site, client: httpx2.AsyncClient) -> None:
    page = await client.get("/")
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert len(assets) == 6
    files = [await client.get(asset) for asset in assets]
    assert len(page.content) + sum(len(file.content) for file in files) <= 60_000
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    for file in files:
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert any(file.headers.get("content-encoding") == "gzip" for file in files)
    assert page.headers["content-encoding"] == "gzip"


async def test_a_files_address_changes_with_its_content_and_leads_nowhere_else(client: httpx2.AsyncClient) -> None:
    for path in ("/static/style.css", "/static/../app.py", "/static/%2e%2e/app.py", "/static/0/style.css"):
        assert (await client.get(path)).status_code == 404
    assert (HERE / "app.py").exists()


async def test_every_answer_has_the_security_headers(client: httpx2.AsyncClient) -> None:
    for path in ("/", "/nowhere", "/documents/none.md", "/chat/replies", "/chat/replies?after=x"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    page = (await client.get("/")).text
    assert "<style" not in page and " style=" not in page and " onclick" not in page
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))


# --- asking ---


async def test_a_question_is_answered_with_its_sources(client: httpx2.AsyncClient) -> None:
    sent = await ask(client)
    assert (sent.status_code, sent.json()) == (202, {"accepted": True})
    reply = (await replies(client))[0]
    assert reply["key"] == "key-00000001"
    html = unescape(reply["html"])
    assert QUESTION in html and "先留证据" in html and 'href="tel:12351"' in html
    assert "《劳动合同法》第八十五条" in html and "2012年12月28日文本" in html
    assert "“" not in html.split("<q>")[1].split("</q>")[0][:1]  # the quote itself is verbatim
    assert ADVICE.split("\n")[0] in html


async def test_buttons_for_sources_are_left_out_and_those_for_judging_are_there(client: httpx2.AsyncClient) -> None:
    await ask(client)
    html = (await replies(client))[0]["html"]
    assert 'value="src:' not in html
    assert re.search(r'value="ok:\w+">有帮助<', html) and re.search(r'value="no:\w+">没帮上<', html)


async def test_the_same_key_twice_is_one_message(site: Site, client: httpx2.AsyncClient) -> None:
    assert (await ask(client)).json() == {"accepted": True}
    assert (await ask(client)).json() == {"accepted": False}
    await ask(client, "第二个问题", "key-00000002")
    assert len(await replies(client, 2)) == 2
    assert [question for question, _ in site.script.asked] == [QUESTION, "第二个问题"]


async def test_the_same_key_of_another_browser_is_another_message(site: Site, client: httpx2.AsyncClient) -> None:
    async with opened(site.url) as other:
        await other.get("/")
        await ask(client)
        assert (await ask(other, "另一个人的问题")).json() == {"accepted": True}
        assert "另一个人的问题" in (await replies(other))[0]["html"]
    assert "另一个人的问题" not in (await client.get("/")).text


async def test_a_tap_chooses_the_union(site: Site, client: httpx2.AsyncClient) -> None:
    await client.post("/chat/messages", json={"key": "key-0000tap1", "action": "region:十堰"})
    assert texts.region_chosen("十堰市总工会") in unescape((await replies(client))[0]["html"])
    await ask(client)
    await replies(client, 2)
    assert site.script.asked == [(QUESTION, "十堰")]


async def test_a_judgement_is_acknowledged_with_a_notice(client: httpx2.AsyncClient) -> None:
    await ask(client)
    first = (await replies(client))[0]
    action = re.search(r'value="(ok:\w+)"', first["html"])
    assert action
    await client.post("/chat/messages", json={"key": "key-0000tap1", "action": action[1]})
    notice = (await replies(client, after=first["id"]))[0]
    assert (notice["notice"], notice["key"]) == (texts.THANKS, "key-0000tap1")
    assert texts.THANKS not in (await client.get("/")).text


async def test_a_page_opened_again_shows_both_sides(client: httpx2.AsyncClient) -> None:
    await ask(client)
    await replies(client)
    page = unescape((await client.get("/")).text)
    assert page.index(f">{QUESTION}<") < page.index("先留证据")
    assert page.count('data-key="key-00000001"') == 1


async def test_markup_in_a_question_is_shown_as_text(site: Site, client: httpx2.AsyncClient) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
    site.script.say = lambda question: Answer(AnswerStatus.ANSWERED, f"您问的是：{question}")
    await ask(client, attack)
    html = (await replies(client))[0]["html"]
    page = (await client.get("/")).text
    for shown in (html, page):
        assert "<script>alert" not in shown and "<img" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert "{{7*7}}" in shown


async def test_text_is_limited_and_its_line_ends_and_control_characters_are_mended(
    site: Site, client: httpx2.AsyncClient
) -> None:
    too_long = await ask(client, "长" * (MAX_TEXT + 1))
    assert too_long.status_code == 413 and "2000" in too_long.json()["error"]
    assert (await ask(client, "长" * MAX_TEXT, "key-00000002")).status_code == 202
    assert (await ask(client, " \r\n ", "key-00000003")).status_code == 422
    await ask(client, "第一行\r\n第\x00二\x1b行", "key-00000004")
    await replies(client, 2)
    assert [question for question, _ in site.script.asked] == ["长" * MAX_TEXT, "第一行\n第二行"]


async def test_the_longest_text_passes_as_a_form_too(site: Site, client: httpx2.AsyncClient) -> None:
    sent = await client.post("/chat/messages", data={"key": "key-00000001", "text": "𠀀" * MAX_TEXT})
    assert sent.status_code == 303
    await replies(client)
    assert site.script.asked == [("𠀀" * MAX_TEXT, None)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"key": "short", "text": "x"}',
        b'{"key": "key-00000001", "text": 5}',
        b'{"key": 5, "text": "x"}',
        b'{"key": "key-00000001", "action": ["ok"]}',
        b'{"key": "key-00000001", "text": "\xff"}',
        b'{"key": "key-00000001", "action": "' + "长".encode() * 22 + b'"}',
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(client: httpx2.AsyncClient, body: bytes) -> None:
    answer = await client.post("/chat/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_a_huge_body_is_refused_whether_or_not_it_says_its_length(client: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 1_000

    for content in (b"x" * 40_000, chunks()):
        answer = await client.post("/chat/messages", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 413


async def test_other_sites_cannot_post(site: Site, client: httpx2.AsyncClient) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{site.url}.evil.example"},
    ):
        for path in ("/chat/messages", "/chat/forget"):
            refused = await client.post(path, data={"key": "key-00000001", "text": "x"}, headers=headers)
            assert refused.status_code == 403
    assert site.script.asked == []
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": site.url}):
        sent = await client.post("/chat/messages", json={"key": "key-00000001", "text": "x"}, headers=headers)
        assert sent.status_code == 202


async def test_without_a_cookie_the_worker_is_told_why_nothing_can_come_back(site: Site) -> None:
    async with opened(site.url) as client:
        refused = await ask(client)
        assert refused.status_code == 403
        assert "Cookie" in refused.json()["error"]
        assert (await client.get("/chat/stream")).status_code == 403
        assert (await client.get("/chat/replies")).json() == {"replies": []}


# --- the stream ---


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


# --- limits ---


async def test_who_sends_too_fast_is_asked_kindly_to_wait(tmp_path: Path) -> None:
    async with open_site(tmp_path, Limits(messages=Rate(2, 0.01))) as site, opened(site.url) as client:
        await client.get("/")
        codes = [(await ask(client, key=f"key-0000000{n}")).status_code for n in range(3)]
        assert codes == [202, 202, 429]
        refused = await ask(client, key="key-00000009")
        assert "请稍等" in refused.json()["error"]
        assert 1 <= int(refused.headers["retry-after"]) <= 100
        async with opened(site.url) as neighbour:  # who shares the address is not held up
            await neighbour.get("/")
            assert (await ask(neighbour)).status_code == 202


async def test_one_address_cannot_escape_the_limit_with_new_cookies(tmp_path: Path) -> None:
    async with open_site(tmp_path, Limits(address_messages=Rate(3, 0.01))) as site:
        codes = []
        for _ in range(4):
            async with opened(site.url) as client:
                await client.get("/")
                codes.append((await ask(client)).status_code)
        assert codes == [202, 202, 202, 429]


# --- without scripts ---


async def test_the_form_works_without_scripts(client: httpx2.AsyncClient) -> None:
    sent = await client.post("/chat/messages", data={"key": "key-00000001", "text": QUESTION})
    assert sent.status_code == 303
    page = await client.get(sent.headers["location"])
    assert page.text.index(f">{QUESTION}<") < page.text.index("先留证据")
    assert "http-equiv" not in page.text


async def test_without_scripts_the_page_asks_again_until_the_answer_is_there(tmp_path: Path) -> None:
    async with open_site(tmp_path, Limits(patience=0.05)) as site, opened(site.url) as client:
        site.script.free.clear()
        await client.get("/")
        sent = await client.post("/chat/messages", data={"key": "key-00000001", "text": QUESTION})
        waiting = (await client.get(sent.headers["location"])).text
        assert '<noscript><meta http-equiv="refresh" content="3; url=/?k=key-00000001#end"></noscript>' in waiting
        assert "您的话收到了" in waiting
        site.script.free.set()
        await replies(client)
        assert "http-equiv" not in (await client.get(sent.headers["location"])).text


async def test_a_form_that_is_refused_shows_a_page_that_says_why(client: httpx2.AsyncClient) -> None:
    refused = await client.post("/chat/messages", data={"key": "key-00000001", "text": " "})
    assert refused.status_code == 422
    assert "<h1>还没有写内容</h1>" in refused.text and 'href="/"' in refused.text


async def test_the_key_of_a_form_is_new_on_every_page(client: httpx2.AsyncClient) -> None:
    keys = [re.search(r'name="key" value="(\w{32})"', (await client.get("/")).text) for _ in range(2)]
    assert keys[0] and keys[1] and keys[0][1] != keys[1][1]


# --- forgetting ---


async def test_forgetting_gives_a_new_cookie_and_deletes_the_conversation(
    site: Site, client: httpx2.AsyncClient
) -> None:
    await ask(client)
    await replies(client)
    old = client.cookies["niangjia"]
    forgotten = await client.post("/chat/forget")
    assert (forgotten.status_code, forgotten.headers["location"]) == (303, "/")
    assert client.cookies["niangjia"] != old
    assert QUESTION not in (await client.get("/")).text
    async with opened(site.url, headers={"cookie": f"niangjia={old}"}) as thief:

        async def gone() -> bool:
            return "先留证据" not in (await thief.get("/chat/replies")).text

        await until(gone)
        assert QUESTION not in (await thief.get("/")).text


# --- documents ---


async def test_a_source_opens_at_its_quote_and_leads_back(client: httpx2.AsyncClient) -> None:
    await ask(client)
    reply = (await replies(client))[0]
    links = [unescape(link) for link in re.findall(r'class="source" href="([^"]+)"', reply["html"])]
    assert [link.split("#")[1] for link in links] == ["quote", "quote"]
    page = await client.get(urljoin("/", links[1]))
    assert page.status_code == 200
    marked = re.findall(r'<mark id="quote"[^>]*><span[^>]*>[^<]*</span>([^<]*)</mark>', page.text)
    assert len(marked) == 1 and marked[0].startswith("第八十五条　用人单位有下列情形之一的")
    assert "<h2>第七章　法律责任</h2>" in page.text
    assert f'href="/#r{reply["id"]}"' in page.text
    assert page.headers["x-robots-tag"] == "noindex" and 'name="robots" content="noindex"' in page.text


async def test_only_what_the_index_names_is_a_document(client: httpx2.AsyncClient) -> None:
    for path in (
        "/documents/../../etc/passwd",
        "/documents/%2e%2e/%2e%2e/etc/passwd",
        "/documents//etc/passwd",
        "/documents/..%2f..%2fpyproject.toml",
        "/documents/",
        "/documents/%00",
    ):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert "没有找到" in answer.text


@pytest.mark.parametrize(
    "query", ["start=5", "start=9&end=3", "start=-5&end=3", "start=0&end=99999999", "at=99999999", "at=-3"]
)
async def test_a_place_that_is_none_opens_the_document_without_a_mark(client: httpx2.AsyncClient, query: str) -> None:
    page = await client.get(f"/documents/{GUIDE}?{query}")
    assert page.status_code == 200
    assert "<mark" not in page.text


async def test_a_document_is_escaped(site: Site, client: httpx2.AsyncClient) -> None:
    law = site.shelf.documents[LAW]
    site.shelf.documents[LAW] = with_text(law, "<script>alert(1)</script>")
    page = (await client.get(f"/documents/{LAW}?start=0&end=8")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;</mark>alert(1)&lt;/script&gt;" in page


# --- errors ---


async def test_an_unknown_page_is_told_in_chinese(client: httpx2.AsyncClient) -> None:
    lost = await client.get("/nowhere")
    assert lost.status_code == 404
    assert "没有找到这一页" in lost.text
    assert (await client.put("/chat/messages")).status_code == 405


async def test_a_fault_of_ours_is_not_shown_to_the_worker(site: Site, client: httpx2.AsyncClient) -> None:
    site.shelf.broken = True
    answer = await client.get(f"/documents/{LAW}")
    assert answer.status_code == 500
    assert "不是您的错" in answer.text and "fire" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
