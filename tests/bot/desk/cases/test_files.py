import io
import secrets
from typing import Any

import httpx2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from bot.audit import Act, Search
from bot.cases.changes import Append
from bot.cases.model import Case, Content, Evidence, Move, Party, State
from bot.desk.cases.drawing import drawn
from bot.desk.cases.uploading import MOST
from bot.desk.staff import Role
from tests.bot.cases import house
from tests.bot.desk.cases.casework import Casework
from tests.bot.desk.office import CITY, OTHER_CITY, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = b"<script>alert(1)</script>"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def photo(size: tuple[int, int] = (1200, 800), kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture of which the left half is red and the right one blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(pages):
        canvas.drawString(100, 500, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


async def clerk(work: Casework, login: str = "clerk", union: str = CITY) -> Browser:
    if login not in {staff.login for staff in await work.office.accounts.everybody()}:
        await work.office.hire(login, Role.CLERK, union)
    return await work.office.admitted(login)


async def with_file(work: Casework, data: bytes, organization: str = CITY) -> tuple[Case, Evidence]:
    """Return a case to which a worker sent the file."""
    case = await work.opened(organization=organization)
    now = work.office.clock.now
    file = Evidence(secrets.token_hex(16), await work.storage.evidence.keep(data), "../../<b>.html", 1, now)
    events = house.events(case, Move.ATTACH, house.WORKER, now, Content(evidence=file.id))
    await work.storage.cases.apply([Append(case.id, case.seen, events, evidence=(file,))], now)
    return await work.again(case.id), file


async def brings(browser: Browser, case: Case, *files: tuple[str, bytes]) -> httpx2.Response:
    """Send files from the page of the case."""
    await browser.opens(f"/desk/cases/{case.number}")
    parts: list[tuple[str, Any]] = [("csrf", (None, browser.csrf))]
    parts += [("paper", file) for file in files]
    browser.page = await browser.client.post(
        f"/desk/cases/{case.number}/files",
        files=parts,
        follow_redirects=True,
    )
    return browser.page


async def looks(work: Casework, case: Case) -> int:
    """Count how often files of the case were read, by the audit."""
    return len(await work.storage.audit.search(Search(subject=f"case/{case.id}", act=Act.CASE_FILE_READ)))


async def test_the_original_is_only_ever_a_download(work: Casework) -> None:
    case, file = await with_file(work, b"words " + PAGE)
    browser = await clerk(work)
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert "<b>.html" not in page.text
    answer = await browser.client.get(f"/desk/cases/{case.number}/files/{file.id}")
    assert answer.content == b"words " + PAGE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{case.number}-1.txt"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert await looks(work, case) == 1
    other = await work.opened()
    assert (await browser.client.get(f"/desk/cases/{other.number}/files/{file.id}")).status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_photo_is_drawn_anew_upright_small_and_without_what_the_camera_wrote(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = "taken at home"
    options: dict[str, Any] = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}
    pages, jpeg = drawn(photo(kind=kind, **options), f"image/{kind.lower()}", 0, 300)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert (pages, image.format) == (1, "JPEG")
        assert image.size == ((200, 300) if options else (300, 200))
        assert not image.getexif() and b"taken at home" not in jpeg
        red, green, blue = image.getpixel((20, 20))  # type: ignore[misc]
        assert red > 150 > green and blue < 100


async def test_a_picture_is_shown_once_that_is_in_the_audit_and_to_nobody_else(work: Casework) -> None:
    case, file = await with_file(work, photo())
    browser, stranger = await clerk(work), await clerk(work, "stranger", OTHER_CITY)
    address = f"/desk/cases/{case.number}/files/{file.id}"
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert f'src="{address}/picture?size=small"' in page.text
    assert await looks(work, case) == 0
    answer = await browser.client.get(f"{address}/picture?size=small")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (480, 320)
    assert await looks(work, case) == 1
    for path in ("picture", "look", ""):
        assert (await stranger.client.get(f"{address}/{path}".rstrip("/"))).status_code == 404
    assert await looks(work, case) == 1


async def test_a_pdf_is_shown_page_by_page_as_pictures(work: Casework) -> None:
    case, file = await with_file(work, pdf(3))
    browser = await clerk(work)
    address = f"/desk/cases/{case.number}/files/{file.id}"
    page = await browser.opens(f"{address}/look?page=1")
    assert "第 2 页，一共 3 页" in browser.text
    assert f'src="{address}/picture?page=1"' in page.text
    assert f'href="{address}/look?page=2"' in page.text
    pictures = {(await browser.client.get(f"{address}/picture?page={number}")).content for number in range(3)}
    assert len(pictures) == 3 and all(each.startswith(b"\xff\xd8") for each in pictures)
    await browser.opens(f"{address}/look?page=99")
    assert "第 3 页，一共 3 页" in browser.text


async def test_what_cannot_be_drawn_is_said_so_and_what_is_no_picture_has_none(work: Casework) -> None:
    browser = await clerk(work)
    for data in (photo()[:300], b"%PDF-1.4 broken", photo(kind="PNG")[:200]):
        case, file = await with_file(work, data)
        answer = await browser.client.get(f"/desk/cases/{case.number}/files/{file.id}/picture")
        assert answer.status_code == 422
        assert "这份材料打不开" in answer.text
    case, file = await with_file(work, b"only words")
    assert (await browser.client.get(f"/desk/cases/{case.number}/files/{file.id}/picture")).status_code == 404


async def test_a_clerk_adds_papers_later_and_the_case_says_who_did(work: Casework) -> None:
    case, browser = await work.in_progress(), await clerk(work)
    contract = pdf()
    await brings(browser, case, ("王建国.jpg", photo()), ("合同.pdf", contract))
    kept = await work.storage.cases.evidence(case.id)
    assert sorted((each.name, each.kept.mime) for each in kept) == [
        ("合同.pdf", "application/pdf"),
        ("王建国.jpg", "image/jpeg"),
    ]
    assert {await work.storage.evidence.read(each.kept) for each in kept} == {photo(), contract}
    after = await work.again(case.id)
    me = await work.office.accounts.named("clerk")
    assert [(event.move, event.actor.id) for event in after.events[case.seen :]] == 2 * [(Move.ATTACH, me.id)]
    assert "看小图（2）" in browser.text
    assert "王建国" not in browser.text, "the name of a file may be that of a person"
    await browser.sends(f"/desk/cases/{case.number}/undo", event=str(after.seen))
    left = await work.storage.cases.evidence(case.id)
    assert len(left) == 1, "a file that was added by mistake is gone with the undoing"


async def test_only_what_a_worker_could_send_is_taken_and_not_where_the_case_has_ended(work: Casework) -> None:
    case, browser = await work.in_progress(), await clerk(work)
    for files, said in (
        ([("x.html", PAGE)], "收不了这种文件"),
        ([("x.jpg", b"")], "是空的"),
        ([("", b"")], "请先选好"),
        ([(f"{number}.txt", b"words") for number in range(MOST + 1)], "一次最多 9 个"),
    ):
        page = await brings(browser, case, *files)
        assert page.status_code == 422, said
        assert said in browser.text
    page = await brings(browser, case, ("large.txt", b"a" * (21 * 2**20)))
    assert page.status_code == 413
    assert (await work.again(case.id)).seen == case.seen
    ended = await work.moved(case, Move.WITHDRAW, house.WORKER)
    assert (ended.state, ended.events[-1].actor.party) == (State.WITHDRAWN, Party.WORKER)
    page = await brings(browser, ended, ("x.txt", b"words"))
    assert page.status_code == 422 and "已撤回" in browser.text
