"""Questions over HTTP, without a browser: what is taken, what is refused, and what is said."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from bot import texts
from bot.answers.model import Answer, AnswerStatus
from bot.channels.web import Limits
from bot.channels.web.app import MAX_TEXT
from bot.pages.limits import Rate
from tests.bot.channels.web.site import ADVICE, Site, open_site
from tests.bot.channels.web.visiting import QUESTION, ask, opened, replies

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
