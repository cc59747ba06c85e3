"""Files over HTTP: how they come with a message, what their references are good for, and what they are."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from bot.channels.web import Uploads
from bot.channels.web.uploads import LASTS, MOST, clean_name
from bot.messages import Attachment, Channel, Incoming
from bot.pages.refusals import Refused
from bot.storage.seal import Seal
from tests.bot.channels.web.site import Site
from tests.bot.channels.web.uploading import JPEG, KEY, OTHER, chat, kept, reference, say, upload, visitor
from tests.bot.fakes import eventually
from tests.bot.storage.full_disk import no_room_beyond

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_photo_is_sealed_at_once_and_comes_with_its_message(
    site: Site, client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    before = set(kept(site))
    made = await reference(client)
    (file,) = set(kept(site)) - before
    assert JPEG[:20] not in file.read_bytes()
    assert (await say(client, made, text="这是工资条")).status_code == 202
    (incoming,) = taken
    (attachment,) = incoming.attachments
    assert attachment == Attachment("photo", made, "工资条.jpg", "image/jpeg", len(JPEG))
    record = await site.uploads.keep(incoming, attachment)
    assert record.file == file.name
    assert await site.storage.evidence.read(record) == JPEG


async def test_photos_need_no_words(client: httpx2.AsyncClient, taken: list[Incoming]) -> None:
    files = [await reference(client, name=f"{number}.jpg") for number in range(3)]
    assert (await say(client, *files)).status_code == 202
    assert [file.name for file in taken[0].attachments] == ["0.jpg", "1.jpg", "2.jpg"]
    assert (await say(client, key=OTHER)).status_code == 422


async def test_a_page_that_is_opened_again_shows_what_was_sent(site: Site, client: httpx2.AsyncClient) -> None:
    await say(client, await reference(client, name="<b>工资条.jpg"))

    async def answered() -> bool:
        return bool((await client.get("/chat/replies")).json()["replies"])

    await eventually(answered)
    page = (await client.get("/")).text
    assert "&lt;b&gt;工资条.jpg</span></li>" in page
    assert "<b>工资条" not in page


async def test_nothing_that_was_uploaded_is_ever_served(site: Site, client: httpx2.AsyncClient) -> None:
    made = await reference(client)
    (name,) = {path.name for path in kept(site)} & {(await _record(site, client, made)).file}
    for path in (f"/chat/files/{name}", f"/chat/files/{made}", f"/evidence/{name}", f"/static/{name}", f"/{name}"):
        assert (await client.get(path)).status_code in (404, 405)
    assert (await client.get("/chat/files")).status_code == 405


async def _record(site: Site, client: httpx2.AsyncClient, made: str) -> Any:
    await say(client, made)
    incoming = Incoming(Channel.WEB, chat(client), f"{chat(client)}:{KEY}")
    return await site.uploads.keep(incoming, Attachment("photo", made))


# --- references ---


async def test_a_reference_is_of_no_use_to_another_visitor(
    site: Site, client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    made = await reference(client)
    async with visitor(site) as other:
        response = await say(other, made)
    assert response.status_code == 409
    assert "再选一次" in response.json()["error"]
    assert taken == []


async def test_a_reference_is_good_for_one_message(client: httpx2.AsyncClient, taken: list[Incoming]) -> None:
    made = await reference(client)
    assert (await say(client, made, key=OTHER)).status_code == 409
    assert (await say(client, made)).json() == {"accepted": True}
    assert (await say(client, made)).json() == {"accepted": False}  # sent again because the answer got lost
    assert len(taken) == 1


async def test_one_file_does_not_count_twice(client: httpx2.AsyncClient, taken: list[Incoming]) -> None:
    made = await reference(client)
    assert (await say(client, made, made)).status_code == 400
    for otherwise in (f"{made}\n", f"!{made}"):  # no name of it at all
        assert (await say(client, made, otherwise)).status_code == 409
    assert taken == []


FORGERIES: dict[str, Callable[[str], object]] = {
    "empty": lambda made: [""],
    "short": lambda made: ["AAAA"],
    "no base64": lambda made: ["é"],
    "changed": lambda made: [made[:-6] + "AAAAAA"],
    "cut": lambda made: [made[4:]],
    "doubled": lambda made: [made + made],
    "long": lambda made: ["A" * 5_000],
    "number": lambda made: [made, 7],
    "nested": lambda made: [[made]],
    "object": lambda made: {"a": made},
    "no list": lambda made: 7,
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_forged_references_are_refused(client: httpx2.AsyncClient, taken: list[Incoming], forgery: str) -> None:
    files = FORGERIES[forgery](await reference(client))
    response = await client.post("/chat/messages", json={"key": KEY, "text": "字", "files": files})
    assert response.status_code in (400, 409)
    assert taken == []


async def test_a_message_brings_so_many_files_and_no_more(client: httpx2.AsyncClient, taken: list[Incoming]) -> None:
    files = [await reference(client) for _ in range(MOST + 1)]
    assert (await say(client, *files)).status_code == 400
    assert (await say(client, *files[1:])).status_code == 202
    assert len(taken[0].attachments) == MOST


async def test_a_reference_outlives_a_restart_but_not_for_long(site: Site, client: httpx2.AsyncClient) -> None:
    made = await reference(client)
    key = f"{chat(client)}:{KEY}"
    for later, passes in ((LASTS - 60, True), (LASTS + 60, False)):
        moment = datetime.now(UTC).timestamp() + later
        restarted = Uploads(site.storage.evidence, site.seal, now=lambda at=moment: at)  # type: ignore[misc]
        if passes:
            assert len(restarted.attachments((made,), key)) == 1
        else:
            with pytest.raises(Refused):
                restarted.attachments((made,), key)
    stranger = Uploads(site.storage.evidence, Seal(b"the secret of another house"))
    with pytest.raises(Refused):
        stranger.attachments((made,), key)


# --- contents ---


async def test_content_decides_what_a_file_is_and_not_its_name(
    client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    made = await reference(client, data=b"%PDF-1.7\n" + bytes(50), name="照片.jpg", mime="image/jpeg")
    await say(client, made)
    assert [(file.kind, file.mime) for file in taken[0].attachments] == [("document", "application/pdf")]


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x1f\x8b\x08" + bytes(200),
        b"Rar!\x1a\x07\x00" + bytes(200),
    ],
)
async def test_what_no_case_needs_is_refused_in_plain_words(
    site: Site, client: httpx2.AsyncClient, data: bytes
) -> None:
    before = kept(site)
    response = await upload(client, data, "工资条.jpg")
    assert response.status_code == 415
    assert "PDF" in response.json()["error"]
    assert kept(site) == before


async def test_a_full_disk_is_told_as_what_it_is(site: Site, client: httpx2.AsyncClient) -> None:
    with no_room_beyond(2_000_000):
        response = await upload(client, JPEG + bytes(3_000_000))
    assert response.status_code == 507
    assert "存文件的地方满了" in response.json()["error"]
    assert (await upload(client)).status_code == 201


async def test_words_in_the_older_character_set_are_taken(client: httpx2.AsyncClient) -> None:
    words = "微信聊天记录：老板说下个月发工资，一直没发".encode("gb18030")
    assert (await upload(client, words, "聊天记录.txt", mime="text/plain")).status_code == 201


async def test_an_empty_file_is_told(client: httpx2.AsyncClient) -> None:
    response = await upload(client, b"")
    assert (response.status_code, "有没有内容" in response.json()["error"]) == (422, True)


async def test_a_bomb_is_kept_shut(site: Site, client: httpx2.AsyncClient) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(50_000_000))
    before = set(kept(site))
    assert (await upload(client, bomb.getvalue(), "合同.docx")).status_code == 201
    (file,) = set(kept(site)) - before
    assert file.stat().st_size < len(bomb.getvalue()) + 100  # as it came, and sealed


async def test_a_file_that_is_two_things_is_kept_as_it_came_and_never_shown(
    site: Site, client: httpx2.AsyncClient, taken: list[Incoming]
) -> None:
    both = JPEG + b"<script>alert(1)</script>" + b"PK\x03\x04"
    await say(client, await reference(client, data=both, name="a.html"))
    assert [file.mime for file in taken[0].attachments] == ["image/jpeg"]
    record = await site.uploads.keep(taken[0], taken[0].attachments[0])
    assert await site.storage.evidence.read(record) == both


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("工资条.jpg", "工资条.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\我\\合同.docx", "合同.docx"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\n\x1b[31m红.png", "[31m红.png"),
        ("..", ""),
        (" . ", ""),
        ("", ""),
        ("长" * 300 + ".jpeg", "长" * 75 + ".jpeg"),
        ("长" * 300, "长" * 80),
    ],
)
async def test_of_a_name_only_what_can_be_read_is_kept(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown
