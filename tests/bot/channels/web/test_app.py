"""The page over HTTP, without a browser: its first screen, its documents, what it forgets, and its errors."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest

from bot.channels.web.app import EXAMPLES
from bot.channels.web.page import HERE
from tests.bot.channels.web.site import GUIDE, LAW, Site, open_site, with_text
from tests.bot.channels.web.visiting import (
    QUESTION,
    ask,
    assert_hidden_from_scripts,
    assert_nowhere,
    opened,
    replies,
    until,
    visitor_chat,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
