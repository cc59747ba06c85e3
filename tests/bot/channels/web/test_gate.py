"""Who may send files over HTTP and how many, with a script and without; and whoever means harm."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from bot.cases.evidence import LARGEST
from bot.channels.web import Limits
from bot.channels.web.gate import LEAST, UploadLimits
from bot.channels.web.uploads import MOST
from bot.messages import Attachment, Incoming
from bot.pages.limits import Rate
from tests.bot.channels.web.site import Site, open_site
from tests.bot.channels.web.uploading import JPEG, KEY, kept, reference, say, upload, visitor
from tests.bot.fakes import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

# --- too much ---


async def test_a_file_that_is_too_large_is_refused(site: Site, client: httpx2.AsyncClient) -> None:
    before = kept(site)
    response = await upload(client, JPEG + bytes(LARGEST))
    assert response.status_code == 413
    assert "20 MB" in response.json()["error"]
    assert kept(site) == before


async def test_the_largest_file_passes(client: httpx2.AsyncClient) -> None:
    assert (await upload(client, JPEG + bytes(LARGEST - len(JPEG)))).status_code == 201


async def test_a_form_without_a_length_is_refused(client: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield bytes(1000)

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
    assert (await client.post("/chat/files", content=chunks(), headers=headers)).status_code == 400


@asynccontextmanager
async def half_a_form(site: Site, client: httpx2.AsyncClient) -> AsyncIterator[asyncio.StreamReader]:
    """Begin to send a photo and go no further."""
    place = urlsplit(site.url)
    lines = (
        "POST /chat/files HTTP/1.1",
        f"Host: {place.netloc}",
        f"Cookie: niangjia={client.cookies['niangjia']}",
        "Accept: application/json",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 5000",
        "",
        "--x",
        'Content-Disposition: form-data; name="file"; filename="a.jpg"',
        "",
        "",
    )
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write("\r\n".join(lines).encode() + JPEG)
    await writer.drain()
    try:
        yield reader
    finally:
        writer.close()
        await writer.wait_closed()


async def test_a_form_that_breaks_off_leaves_nothing(site: Site, client: httpx2.AsyncClient) -> None:
    before = kept(site)
    async with half_a_form(site, client):
        pass
    assert (await upload(client)).status_code == 201
    assert len(kept(site)) == len(before) + 1


async def test_who_sends_too_slowly_is_let_go(tmp_path: Path) -> None:
    limits = Limits(uploads=UploadLimits(seconds=0.2, visitor_at_once=1))
    async with open_site(tmp_path, limits) as site, visitor(site) as client:
        async with half_a_form(site, client) as answer:
            assert (await answer.readline()).split()[1] == b"408"
            assert (await upload(client)).status_code == 201
        assert len(kept(site)) == 1


async def test_one_visitor_sends_so_many_at_a_time(tmp_path: Path) -> None:
    limits = Limits(uploads=UploadLimits(visitor_at_once=1))
    async with (
        open_site(tmp_path, limits) as site,
        visitor(site) as client,
        visitor(site) as other,
        half_a_form(site, client),
    ):

        async def busy() -> bool:
            return (await upload(client)).status_code == 429

        await eventually(busy)
        assert (await upload(other)).status_code == 201


async def test_one_visitor_cannot_fill_the_room(tmp_path: Path) -> None:
    limits = Limits(uploads=UploadLimits(visitor=Rate(3 * LEAST, 0.001)))
    async with open_site(tmp_path, limits) as site, visitor(site) as client, visitor(site) as other:
        answers = [await upload(client) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert (await upload(other)).status_code == 201


async def test_one_address_cannot_either_with_ever_new_visitors(tmp_path: Path) -> None:
    limits = Limits(uploads=UploadLimits(address=Rate(2 * LEAST, 0.001)))
    async with open_site(tmp_path, limits) as site:
        answers = []
        for _ in range(3):
            async with visitor(site) as client:
                answers.append((await upload(client)).status_code)
        assert answers == [201, 201, 429]


async def test_what_is_under_way_is_bounded(tmp_path: Path) -> None:
    limits = Limits(uploads=UploadLimits(memory=100_000))
    async with open_site(tmp_path, limits) as site, visitor(site) as client:
        assert (await upload(client, JPEG + bytes(200_000))).status_code == 429
        assert (await upload(client)).status_code == 201


# --- who may ---


async def test_only_our_own_page_uploads(site: Site, client: httpx2.AsyncClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        response = await client.post("/chat/files", files={"file": ("a.jpg", JPEG)}, data={"key": KEY}, headers=headers)
        assert response.status_code == 403
    async with httpx2.AsyncClient(base_url=site.url) as stranger:
        assert (await upload(stranger)).status_code == 403


@pytest.mark.parametrize("key", ["", "short", "a" * 65, "../../../etc", "ключключ"])
async def test_a_form_without_a_key_of_ours_is_refused(client: httpx2.AsyncClient, key: str) -> None:
    assert (await upload(client, key=key)).status_code == 400


# --- without scripts ---


async def test_without_scripts_a_form_sends_its_files_at_once(
    client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    page = (await client.get("/")).text
    form = re.search(r"<noscript>\s*<form[^>]*>.*?</form>", page, re.S)
    assert form is not None
    assert 'enctype="multipart/form-data"' in form[0]
    key = re.search(r'name="key" value="(\w+)"', form[0])
    assert key is not None
    photos = [("file", (f"{number}.jpg", JPEG, "image/jpeg")) for number in range(2)]
    response = await client.post("/chat/files", data={"key": key[1]}, files=photos)
    assert (response.status_code, response.headers["location"]) == (303, f"/?k={key[1]}#end")
    assert [file.name for file in taken[0].attachments] == ["0.jpg", "1.jpg"]


async def test_without_scripts_a_refusal_is_a_page(client: httpx2.AsyncClient) -> None:
    chosen = await client.post("/chat/files", data={"key": KEY}, files={"file": ("", b"")})
    assert (chosen.status_code, "还没有选文件" in chosen.text) == (422, True)
    wrong = await client.post("/chat/files", data={"key": KEY}, files={"file": ("a.exe", b"MZ\x00")})
    assert (wrong.status_code, "这种文件收不了" in wrong.text) == (415, True)


async def test_too_many_files_of_a_form_are_told_before_any_is_kept(
    site: Site, client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    before = kept(site)
    photos = [("file", (f"{number}.jpg", JPEG, "image/jpeg")) for number in range(MOST + 1)]
    response = await client.post("/chat/files", data={"key": KEY}, files=photos)
    assert (response.status_code, f"一次最多发 {MOST} 个" in response.text) == (413, True)
    assert (kept(site), taken) == (before, [])


async def test_an_upload_names_its_kind_where_it_has_no_name(client: httpx2.AsyncClient, taken: list[Incoming]) -> None:
    files = [await reference(client, name="..", data=data) for data in (JPEG, b"OggS" + bytes(9), b"%PDF-1.4")]
    await say(client, *files)
    assert [(file.kind, file.name) for file in taken[0].attachments] == [
        ("photo", "照片"),
        ("voice", "语音"),
        ("document", "文件"),
    ]
    assert replace(taken[0].attachments[0], reference="") == Attachment("photo", "", "照片", "image/jpeg", len(JPEG))
