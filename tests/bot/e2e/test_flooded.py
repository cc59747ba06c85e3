"""Whatever is sent meets the served bot: orders in stories, replays, floods, huge files, and marks that nobody sees."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from bot import texts
from bot.texts import intake, mine
from knowledge.embedder import Embedder
from tests.bot.e2e.harm import (
    DANGER,
    FULL_WIDTH,
    MARKUP,
    ORDER,
    SECRET,
    SOURCE,
    STORY,
    Scene,
    case_in,
    guesses,
    receipt_in,
    reported,
    staged,
)
from tests.bot.e2e.serving import PATIENCE
from tests.bot.e2e.visitor import visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Scene]:
    async with staged(tmp_path_factory.mktemp("flooded"), encoder) as opened:
        yield opened


# --- what is written ---


async def test_an_order_in_a_story_is_only_a_story_and_markup_only_words(scene: Scene) -> None:
    worker = scene.telegram.person("小周")
    await reported(worker, f"{STORY} {ORDER} {MARKUP}")
    (case,) = [case for case in await scene.cases() if ORDER in case.facts.story]
    assert case.organization == "沙市区总工会"
    assert MARKUP in case.facts.story
    async with visiting(scene.bot.url) as page:
        told = await page.says(f"{MARKUP} {ORDER}")
        assert not re.search(r"1[3-9]\d{9}", told)
        shown = (await page.client.get("/")).text
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert "&lt;script&gt;alert(1)" in shown


async def test_a_huge_message_is_refused_kindly_and_danger_at_its_end_is_seen(scene: Scene) -> None:
    async with visiting(scene.bot.url) as page:
        assert (await page.sends(key="k" * 20, text="押" * 2_001)).status_code == 413
        assert (await page.sends(key="k" * 20, text="押" * 2_000_000)).status_code == 413
    assert "120" in (await scene.telegram.person().asks("金" * 4_000 + f"。{DANGER}")).text


@pytest.mark.parametrize(
    "odd",
    [f"record={10**20}", f"record=-{10**20}", "record=1e400", "record=%22%00%22", f"start=0&end={10**30}", "at=-9"],
)
async def test_an_odd_address_of_a_document_breaks_nothing(scene: Scene, odd: str) -> None:
    async with visiting(scene.bot.url) as page:
        for source in (SOURCE, "../../secret.key", "%2e%2e%2fsecret.key", "/etc/passwd"):
            assert (await page.client.get(f"/documents/{source}?{odd}")).status_code in {200, 404}


# --- the webhook ---


def update(number: int, chat: int, text: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "x"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": number, "message": {**message, "text": text}}


async def test_only_who_knows_the_secret_is_heard(scene: Scene) -> None:
    forged = json.dumps(update(1, 909_090_909, DANGER)).encode()
    count = len(await scene.cases())
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + " x", "ü"):
        assert await scene.posts(forged, secret) == 401
    assert await scene.posts(b"x" * 5_000_000, "wrong") == 401
    assert len(await scene.cases()) == count


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"{}",
        b'{"update_id": "x"}',
        b"[" * 100_000,
        b'{"update_id": 1e400}',
        b"\xff\xfe",
        json.dumps(update(5, 808_080_808, "\ud800 x")).encode(),
        json.dumps(update(6, 808_080_809, "\x00 x")).encode(),
    ],
    ids=lambda body: str(body[:18]),
)
async def test_a_body_that_is_no_update_is_never_asked_for_again(scene: Scene, body: bytes) -> None:
    assert await scene.posts(body) in {200, 400}
    assert (await scene.telegram.person().asks("你好")).text


async def test_an_update_that_comes_again_and_again_counts_once(scene: Scene) -> None:
    worker = scene.telegram.person("小周")
    told = await reported(worker, "厂里不给我们交社保")
    sent = await worker.taps(intake.SEND)
    for _ in range(5):
        await scene.telegram.redeliver(sent.update)
    said = await worker.says("谢谢")
    for _ in range(5):
        await scene.telegram.redeliver(said)
    await scene.telegram.person().asks("你好")
    (case,) = [case for case in await scene.cases() if "交社保" in case.facts.story]
    assert case.id == case_in(told)


# --- floods ---


async def test_a_flood_from_one_chat_holds_up_nobody_else(scene: Scene) -> None:
    flooder, worker = scene.telegram.person("路人"), scene.telegram.person("小周")
    for number in range(120):
        await flooder.says(f"押金 {number}")
    await flooder.says(DANGER)
    assert "120" in (await worker.asks(DANGER)).text
    async with visiting(scene.bot.url) as page:
        assert await page.says("单位能扣押金吗")
    await scene.telegram.sight.until(lambda: any("120" in one.text for one in flooder.heard), PATIENCE)
    said = [message.text for message in flooder.heard]
    assert said.count(texts.TOO_FAST) == 1
    assert len(said) < 100, "most of the flood was not answered"


async def test_everybody_in_a_crowd_is_answered(scene: Scene) -> None:
    crowd = [scene.telegram.person(f"工友{number}") for number in range(60)]
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(person.asks("单位能扣押金吗") for person in crowd))
    assert all(answer.text != texts.APOLOGY for answer in answers)


async def test_a_page_that_sends_too_fast_is_asked_to_wait(scene: Scene) -> None:
    async with visiting(scene.bot.url) as page:
        sent = [
            await page.client.post("/chat/messages", json={"key": f"flood-{number:04}", "text": "押金"})
            for number in range(30)
        ]
    statuses = [answer.status_code for answer in sent]
    assert statuses.count(429) >= 15
    assert all(int(answer.headers["retry-after"]) > 0 for answer in sent if answer.status_code == 429)


# --- files ---


async def streamed(size: int) -> AsyncIterator[bytes]:
    """Send a file whose size nobody is told before."""
    frame = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'
    yield frame
    for _ in range(size // 65_536):
        yield b"\0" * 65_536


async def test_a_file_of_fifty_megabytes_is_refused_whether_it_says_its_size_or_not(scene: Scene) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
    body = b"".join([part async for part in streamed(50 * 2**20)])
    async with visiting(scene.bot.url) as page:
        for content in (body, streamed(50 * 2**20)):
            try:
                answer = await page.client.post("/chat/files", content=content, headers=headers)
            except httpx2.TransportError:  # the line is cut before all of it is sent
                continue
            assert answer.status_code in {400, 413}
        assert await page.says("单位能扣押金吗")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("a.jpg", b'\xef\xbb\xbf \n<?xml version="1.0"?><svg onload="alert(1)"/>'),
        ("a.jpg", '<svg onload="alert(1)"/>'.encode("utf-16")),
        ("a.pdf", b"MZ\x90\x00 a program"),
        ("a.docx", b"PK\x03\x04 an archive of something else"),
    ],
    ids=["svg", "svg as a photo", "svg in UTF-16", "program", "archive"],
)
async def test_what_could_run_is_not_taken_whatever_it_is_called(scene: Scene, name: str, data: bytes) -> None:
    async with visiting(scene.bot.url) as page:
        answer = await page.client.post(
            "/chat/files", data={"key": "k" * 20}, files={"file": (name, data)}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 415
    worker = scene.telegram.person("小周")
    await worker.says(f"/report {STORY}，在沙市的华美服装厂")
    await worker.receives()
    await worker.taps(intake.ANONYMOUS)
    await worker.receives()
    await worker.sends_document(name, data, "image/jpeg")
    assert (await worker.receives(PATIENCE)).text.startswith(intake.FILE_REFUSED["of a type that is not taken"])


# --- marks that nobody sees ---


async def test_a_receipt_is_read_as_phones_write_it_and_hides_behind_no_mark(scene: Scene) -> None:
    digits = receipt_in(await reported(scene.telegram.person("小周"), "厂里拖着不给我们体检"))
    for written in (f"\u202d{digits}\u202c", "\u200b".join(digits), digits.translate(FULL_WIDTH)):
        async with visiting(scene.bot.url) as page:
            assert mine.HERE_TOO in await page.says(written)
    attacker = scene.telegram.person("路人")
    for wrong in guesses()[:5]:
        assert mine.UNKNOWN in (await attacker.asks("\u2060".join(wrong))).text
    assert mine.TOO_MANY in (await attacker.asks("\u200b".join(digits))).text, "each of them counted"


async def test_danger_is_heard_through_marks_that_nobody_sees(scene: Scene) -> None:
    hidden = "\u200b".join(DANGER)
    assert "120" in (await scene.telegram.person().asks(f"\u202e{hidden}\u202c")).text
