"""Photos and files, forms and news of a case on the page, in a real Chromium."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from bot.cases.changes import Tell
from bot.cases.evidence import LARGEST
from bot.cases.ports import Queue
from bot.messages import Button, Reply
from tests.bot.browsing import Visits
from tests.bot.channels.web.looks import SIZES, TARGETS, assert_readable, fits
from tests.bot.channels.web.site import Site
from tests.bot.storage.full_disk import no_room_beyond

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]

DRAWN = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 80; canvas.height = 60;
  const ink = canvas.getContext("2d");
  ink.fillStyle = "rgb(200, 30, 30)";
  ink.fillRect(0, 0, 80, 60);
  return canvas.toDataURL("image/png").split(",")[1];
}"""
BRING = """([kind, name, size]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array([255, 216, 255, 224]), new Uint8Array(size)], name, {type: "image/jpeg"}));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  document.getElementById("text").dispatchEvent(event);
}"""


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def photo(name: str = "工资条.jpg") -> FilePayload:
    return file(name, "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(2_000))


def chooser(page: Page) -> Locator:
    return page.locator("#clip input[multiple]")


def tray(page: Page) -> Locator:
    return page.locator("#tray li")


def kept(site: Site) -> set[Path]:
    return {path for path in site.folder.joinpath("evidence").glob("*") if path.suffix != ".new"}


async def send(page: Page, words: str = "") -> None:
    await page.get_by_label("写下您的问题").fill(words)
    await page.get_by_role("button", name="发送").click()


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_worker_sends_photos_and_papers_with_a_word(
    site: Site, visits: Visits, width: int, height: int, tmp_path: Path
) -> None:
    before = kept(site)
    async with visits.page(width, height) as page:
        drawn = await page.evaluate(f"({DRAWN})()")
        picture = await page.evaluate_handle("(data) => Uint8Array.from(atob(data), (c) => c.charCodeAt(0))", drawn)
        content = bytes(await picture.evaluate("(bytes) => Array.from(bytes)"))
        await chooser(page).set_input_files(
            [
                file("工资条.png", "image/png", content),
                file("劳动合同.pdf", "application/pdf", b"%PDF-1.7"),
            ]
        )
        await expect(page.locator("#tray li.there")).to_have_count(2)
        pixel = (
            "() => Array.from(document.querySelector('#tray canvas').getContext('2d').getImageData(80, 80, 1, 1).data)"
        )
        assert await page.evaluate(pixel) == [200, 30, 30, 255]
        await expect(page.get_by_text("照片里可能记着拍摄的时间和地点")).to_be_visible()
        await assert_readable(page)
        await page.screenshot(path=tmp_path / f"tray-{width}.png")
        await send(page, "这是我的工资条")
        files = page.locator(".you .files .name")
        await expect(files).to_have_count(2)
        await expect(tray(page)).to_have_count(0)
        await expect(page.locator(".us").first).to_be_visible()
        await expect(page.locator(".you .files canvas")).to_have_count(1)
        await page.screenshot(path=tmp_path / f"sent-{width}.png")
        await page.reload()
        await expect(files).to_have_text(["工资条.png", "劳动合同.pdf"])
        await expect(page.locator(".you .bubble")).to_have_text("这是我的工资条")
        await expect(page.locator(".log > li")).to_have_count(await page.locator(".log > .turn").count())
    assert len(kept(site) - before) == 2


async def test_what_is_taken_back_is_not_sent(visits: Visits) -> None:
    async with visits.page() as page:
        await chooser(page).set_input_files([photo("一.jpg"), photo("二.jpg")])
        await expect(page.locator("#tray li.there")).to_have_count(2)
        await page.get_by_role("button", name="不发“一.jpg”了").click()
        await send(page)
        await expect(page.locator(".you .files .name")).to_have_text(["二.jpg"])
        await page.reload()
        await expect(page.locator(".you .files .name")).to_have_text(["二.jpg"])


async def test_what_cannot_be_taken_is_told_before_it_goes_up(visits: Visits) -> None:
    async with visits.page() as page:
        uploads: list[str] = []
        page.on("request", lambda request: uploads.append(request.url) if "/chat/files" in request.url else None)
        note = page.locator("#note")
        await page.evaluate(BRING, ["drop", "大片.jpg", LARGEST])
        await expect(note).to_contain_text("“大片.jpg”太大了，一个文件最大 20 MB")
        await assert_readable(page)
        await chooser(page).set_input_files([file("a.exe", "application/x-msdownload", b"MZ")])
        await expect(note).to_contain_text("“a.exe”这种文件收不了")
        await chooser(page).set_input_files([file("空.jpg", "image/jpeg", b"")])
        await expect(note).to_contain_text("“空.jpg”是空的")
        await chooser(page).set_input_files([photo(f"{number}.jpg") for number in range(10)])
        await expect(note).to_contain_text("一次最多发 9 个")
        await expect(page.locator("#tray li.there")).to_have_count(9)
        assert len(uploads) == 9
        assert await fits(page)


async def test_a_full_disk_is_not_taken_for_a_broken_line(visits: Visits) -> None:
    async with visits.page() as page:
        with no_room_beyond(2_000_000):
            await chooser(page).set_input_files([file("大.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(3_000_000))])
            await expect(page.locator("#note")).to_contain_text("存文件的地方满了")
        await expect(tray(page)).to_have_count(0)


async def test_what_turns_out_to_be_something_else_is_told_after(visits: Visits) -> None:
    async with visits.page() as page:
        await chooser(page).set_input_files([file("照片.jpg", "image/jpeg", b"MZ\x90\x00\xff"), photo("真的.jpg")])
        await expect(page.locator("#note")).to_contain_text("“照片.jpg”没有收下")
        await expect(page.locator("#note")).to_contain_text("PDF")
        await expect(page.locator("#tray li.there")).to_have_count(1)


@pytest.mark.parametrize("way", ["paste", "drop"])
async def test_a_photo_can_be_pasted_and_dropped(visits: Visits, way: str) -> None:
    async with visits.page(1280, 860) as page:
        await page.evaluate(BRING, [way, "截图.jpg", 100])
        await expect(page.locator("#tray li.there .name")).to_have_text("截图.jpg")


async def test_a_phone_offers_the_camera_and_a_desktop_goes_straight_to_its_files(visits: Visits) -> None:
    async with visits.page(is_mobile=True) as page:
        await page.locator("#clip summary").tap()
        camera = page.locator("#clip label", has_text="拍张照片")
        await expect(camera).to_be_in_viewport(ratio=1)
        await expect(camera.locator("input")).to_have_attribute("capture", "environment")
        async with page.expect_file_chooser() as opened:
            await page.locator("#clip label", has_text="从手机里选").tap()
        await (await opened.value).set_files([photo()])
        await expect(page.locator("#tray li.there")).to_have_count(1)
        await expect(camera).to_be_hidden()
    async with visits.page(1280, 860) as page:
        async with page.expect_file_chooser() as opened:
            await page.locator("#clip summary").click()
        await (await opened.value).set_files([photo()])
        await expect(page.locator("#tray li.there")).to_have_count(1)


async def test_send_waits_for_what_is_still_going_up(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        held: list[Route] = []

        async def hold(route: Route) -> None:
            held.append(route)

        await page.route("**/chat/files", hold)
        await chooser(page).set_input_files([photo()])
        await expect(page.get_by_role("progressbar")).to_be_visible()
        await send(page, "老板打人的照片")
        await expect(page.locator("#note")).to_have_text("还在上传，传完就自动发出去。")
        await expect(page.locator(".you")).to_have_count(0)
        await held[0].continue_()
        await expect(page.locator(".you .files .name")).to_have_text(["工资条.jpg"])
        await expect(page.locator(".us").first).to_be_visible()
        await expect(page.locator("#note")).to_have_text("")


async def test_a_photo_goes_up_when_the_line_is_back(site: Site, visits: Visits) -> None:
    before = kept(site)
    async with visits.page() as page:
        await page.context.set_offline(True)
        await chooser(page).set_input_files([photo()])
        await expect(page.locator("#note")).to_have_text("网络不通，通了会自动接着传。")
        await page.context.set_offline(False)
        await expect(page.locator("#tray li.there")).to_have_count(1)
        await send(page)
        await expect(page.locator(".us").first).to_be_visible()
    assert len(kept(site) - before) == 1


async def test_what_is_too_much_at_a_time_waits(visits: Visits) -> None:
    async with visits.page() as page:
        refused = 0

        async def refuse_once(route: Route) -> None:
            nonlocal refused
            if refused:
                return await route.continue_()
            refused += 1
            return await route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "慢一点"})

        await page.route("**/chat/files", refuse_once)
        await chooser(page).set_input_files([photo()])
        await expect(page.locator("#note")).to_have_text("传得有点快，等一会儿自动接着传。")
        await expect(page.locator("#tray li.there")).to_have_count(1)


async def test_without_scripts_files_go_by_a_form_of_their_own(visits: Visits) -> None:
    async with visits.page(java_script_enabled=False) as page:
        await expect(page.locator("#clip")).to_be_hidden()
        await page.locator("noscript input[type=file], input#files").set_input_files([photo("一.jpg"), photo("二.jpg")])
        await page.get_by_role("button", name="发照片或文件").click()
        await expect(page.locator(".you .files .name")).to_have_text(["一.jpg", "二.jpg"])
        await expect(page.locator(".us").first).to_be_visible()


async def test_a_name_is_only_words(visits: Visits) -> None:
    async with visits.page() as page:
        await chooser(page).set_input_files([photo("<img src=x onerror=alert(1)>.jpg")])
        await expect(page.locator("#tray li.there")).to_have_count(1)
        await send(page)
        await expect(page.locator(".you .files .name")).to_have_text("<img src=x onerror=alert(1)>.jpg")
        await expect(page.locator(".us").first).to_be_visible()
        await page.reload()
        await expect(page.locator(".you .files .name")).to_have_text("<img src=x onerror=alert(1)>.jpg")
        await expect(page.locator(".log img")).to_have_count(0)


# --- forms and cases ---


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_unions_help_is_one_tap_away(visits: Visits, width: int) -> None:
    async with visits.page(width, 700) as page:
        for name in ("请工会帮忙", "申请服务", "我的事", "人工"):
            await page.get_by_role("button", name=name, exact=True).scroll_into_view_if_needed()
            await expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=0.9)
        await page.get_by_role("button", name="申请服务").click()
        await expect(page.locator(".us .board .row")).not_to_have_count(0)
        await expect(page.locator(".you .bubble")).to_have_text("申请服务")
        targets = await page.evaluate(TARGETS)
        assert [target for target in targets if target[1] < 44 or target[2] < 44] == []
        assert await fits(page)
        await assert_readable(page)
        await page.reload()
        await expect(page.locator(".you .bubble")).to_have_text("申请服务")


async def register(page: Page) -> None:
    """Register a grievance without a name, with a photo."""
    await page.get_by_role("button", name="请工会帮忙", exact=True).click()
    await page.get_by_role("button", name="可以，但不留姓名").click()
    for words in (
        "老板拖欠我们三个月工资，一共18个人，要求结清",
        "荆州城南工地",
        "荆州",
        "今年8月开始",
        "18人",
        "把工资结清",
    ):
        turns = await page.locator(".us").count()
        if await page.locator(".us").last.get_by_role("button", name="提交").count():
            break
        await send(page, words)
        await expect(page.locator(".us")).not_to_have_count(turns)
    await chooser(page).set_input_files([photo()])
    turns = await page.locator(".us").count()
    await send(page)
    await expect(page.locator(".us")).not_to_have_count(turns)
    strong = page.locator(".us .chips button.strong", has_text="提交").last
    await expect(strong).to_be_visible()
    await strong.click()
    await expect(page.locator(".us").last).to_contain_text("回执号")


async def test_news_of_a_case_appears_on_the_open_page_and_on_return(site: Site, visits: Visits) -> None:
    async with visits.context() as context:
        page = await context.new_page()
        await page.goto("/")
        await register(page)
        (row,) = (await site.storage.cases.queue(Queue())).rows
        assert [file.name for file in await site.storage.cases.evidence(row.id)] == ["工资条.jpg"]
        news = Reply("王主任：请再发一张考勤表。", buttons=((Button("看进度", f"case:show:{row.id}"),),))
        await site.storage.cases.apply((Tell(row.id, news),), datetime.now(UTC))
        await expect(page.locator(".us").last).to_contain_text("请再发一张考勤表")
        await page.goto("about:blank")
        await site.storage.cases.apply((Tell(row.id, Reply("考勤表收到了。")),), datetime.now(UTC))
        await page.goto("/")
        await expect(page.locator(".us .bubble", has_text="请再发一张考勤表")).to_have_count(1)
        await expect(page.locator(".us").last).to_contain_text("考勤表收到了")
        await expect(page.locator(".you .bubble", has_text="可以，但不留姓名")).to_have_count(1)
        await page.get_by_role("button", name="我的事", exact=True).click()
        await expect(page.locator(".us .chips button", has_text="欠薪")).to_be_visible()
        await context.set_offline(True)
        await site.storage.cases.apply((Tell(row.id, Reply("下周一有结果。")),), datetime.now(UTC))
        await context.set_offline(False)
        await expect(page.locator(".us").last).to_contain_text("下周一有结果")
