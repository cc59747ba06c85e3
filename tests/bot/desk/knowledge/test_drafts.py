from html import unescape
from io import BytesIO
from typing import Any

import docx
import httpx2
import pytest
import pytest_asyncio

from bot.audit import Search
from bot.desk.knowledge.ports import JobState
from bot.desk.knowledge.shelf import APPROVED, FOLDER
from bot.desk.staff import Role
from ingest import sources
from tests.bot.desk.knowledge.workplace import HEATING, Workplace
from tests.bot.desk.office import PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASTED = "# 夜班补贴\n\n## 谁能领\n\n上夜班到十点以后的职工。\n\n## 领多少\n\n每个夜班十八元，跟工资一起发。\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def writer(place: Workplace) -> Browser:
    await place.office.hire("writer", Role.ADMIN, PROVINCE)
    return await place.office.admitted("writer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def second(place: Workplace) -> Browser:
    await place.office.hire("second", Role.ADMIN, PROVINCE)
    return await place.office.admitted("second")


async def sends(browser: Browser, path: str, file: tuple[str, bytes] | None = None, **fields: Any) -> httpx2.Response:
    """Send a form as a browser does that may hold a file."""
    parts: list[tuple[str, Any]] = [("csrf", (None, browser.csrf))]
    for name, value in fields.items():
        parts += [(name, (None, each)) for each in (value if isinstance(value, list) else [value])]
    parts.append(("file", file or ("", b"")))
    browser.page = await browser.client.post(f"/desk/knowledge/papers/{path}", files=parts, follow_redirects=True)
    return browser.page


def filled(**fields: Any) -> dict[str, Any]:
    """Return the fields of a draft's form."""
    empty = dict.fromkeys(("paper", "origin", "head", "effective", "expires"), "")
    return {**empty, "title": "取暖补贴", **fields}


async def drafted(browser: Browser, text: str = HEATING, **stated: Any) -> str:
    """Keep a draft and return the id of its paper."""
    await browser.opens("/desk/knowledge/papers/new")
    head, _, body = text.removeprefix("---\n").rpartition("---\n")
    page = await sends(browser, "save", **filled(head=f"---\n{head}---\n", body=body, **stated))
    assert "草稿存好了" in browser.text, browser.text
    return page.url.path.rpartition("/")[2]


async def test_what_is_pasted_is_shown_as_it_is_understood_and_nothing_is_kept(
    place: Workplace, writer: Browser
) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", text=PASTED)
    assert "读成了 2 段" in writer.text
    assert "谁能领 上夜班到十点以后的职工。" in writer.text
    assert 'value="夜班补贴"' in page.text
    assert "没有选地区" in writer.text and "没有写从哪天起用" in writer.text
    assert not list((place.home / FOLDER).glob("**/*.md"))


async def test_a_notice_copied_from_a_web_page_has_its_title_and_sections(writer: Browser) -> None:
    head = "十堰市夜班补贴办法\n\n发布时间：2026-11-10\n\n"
    text = f"{head}一、谁能领\n上夜班到十点以后的职工。\n\n二、领多少\n每个夜班十八元。\n"
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", text=text)
    assert 'value="十堰市夜班补贴办法"' in page.text
    assert "二、领多少 每个夜班十八元。" in writer.text
    assert 'name="region" value="十堰" checked' in page.text


async def test_what_a_text_is_can_be_put_right(writer: Browser) -> None:
    text = "职工心里暖\n\n十堰市总工会每个夜班补十八元。\n"
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", text=text)
    assert '<option value="report" selected>' in page.text and "当作报道、总结" in writer.text
    head = unescape(page.text.partition('name="head" value="')[2].partition('"')[0])
    page = await sends(writer, "preview", **filled(head=head, body="十堰市总工会每个夜班补十八元。", kind="guide"))
    assert '<option value="guide" selected>' in page.text and "当作报道、总结" not in writer.text
    page = await sends(writer, "read", text="第一条 每个夜班补十八元。\n\n第二条 跟工资一起发。\n\n第三条 月底结清。\n")
    assert "法规和文件" in writer.text and 'name="kind"' not in page.text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---  \ntitle: 安全---\n---\n\n有字的一段话。\n", "安全---"),
        ("没有标题的一段话。", ""),
        ("---\n---\n有字的话。", ""),
    ],
)
async def test_a_title_is_what_the_text_says_and_nothing_that_we_made_up(
    writer: Browser, text: str, title: str
) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", text=text)
    assert page.status_code == 200
    field = page.text.partition('id="title"')[2].partition(">")[0]
    assert (f'value="{title}"' in field) is bool(title)
    assert "value" not in field or title
    body = page.text.partition('id="body"')[2].partition("</textarea>")[0]
    assert "有字" in body or "没有标题" in body
    assert "---" not in body


async def test_a_word_file_becomes_sections_under_its_headings(writer: Browser) -> None:
    paper, file = docx.Document(), BytesIO()
    paper.add_heading("十堰市夜班补贴", 0)
    paper.add_heading("领多少", 1)
    paper.add_paragraph("每个夜班十八元，联系人王芳13812345678。")
    paper.save(file)
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", ("../../夜班<b>.docx", file.getvalue()))
    assert "读成了 1 段" in writer.text and "领多少" in writer.text
    assert 'value="十堰市夜班补贴"' in page.text
    assert '<input type="checkbox" name="region" value="十堰" checked>' in page.text
    assert "像有姓名、电话" in writer.text
    assert "<b>" not in page.text.partition("来自")[2][:40]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bad.docx", b"PK\x03\x04 no zip", "文件坏了"),
        ("bad.pdf", b"%PDF-1.7 nothing", "文件坏了"),
        ("empty.txt", b"", "没有文字"),
        ("run.exe", b"MZ", "这种格式读不了"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "旧版 Office"),
        ("data.txt", bytes(range(256)) * 40, "编码认不出来"),
        ("front.md", b"---\ntitle: [\n---\n\nwords\n", "格式不对"),
        ("front.md", "---\nregions: [月球]\n---\n\n有字\n".encode(), "认不出的地区"),
    ],
)
async def test_a_hostile_or_broken_file_is_refused_with_a_reason_that_helps(
    writer: Browser, name: str, content: bytes, said: str
) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "read", (name, content))
    assert page.status_code == 422
    assert said in writer.text


async def test_nothing_too_much_and_another_form_are_refused(writer: Browser) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    assert (await sends(writer, "read", text=" ")).status_code == 422
    await writer.opens("/desk/knowledge/papers/new")
    assert (await sends(writer, "read", ("big.txt", b"a" * (21 << 20)))).status_code == 413
    await writer.opens("/desk/knowledge/papers/new")
    assert (await sends(writer, "read", text="字" * 150_001)).status_code == 422
    plain = await writer.client.post("/desk/knowledge/papers/read", data={"csrf": writer.csrf})
    assert plain.status_code == 400


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"title": ""}, "请填标题"),
        ({"title": "长" * 81}, "请填标题"),
        ({"body": "  "}, "正文是空的"),
        ({"effective": "2027-01-01", "expires": "2026-01-01"}, "失效的日期要晚于生效的日期"),
        ({"effective": "soon"}, "日期要像"),
    ],
)
async def test_a_draft_that_will_not_do_is_shown_again_with_what_is_wrong(
    writer: Browser, stated: dict[str, str], said: str
) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    page = await sends(writer, "save", **filled(**{"title": "题目", "body": "正文", **stated}))
    assert page.status_code == 422
    assert said in writer.text


async def test_two_people_let_a_text_in_and_it_answers_once_an_index_of_it_serves(
    place: Workplace, writer: Browser, second: Browser
) -> None:
    paper = await drafted(writer, regions="", region=["十堰"], expires="2027-01-15")
    assert place.home / FOLDER / APPROVED == place.home / sources.APPROVED
    own = await writer.posts(f"/desk/knowledge/papers/{paper}/approve", csrf=writer.csrf, seen="x")
    assert own.status_code == 403 and "要请另一位管理员来批准" in own.text
    page = await second.opens(f"/desk/knowledge/papers/{paper}")
    stale = await second.posts(f"/desk/knowledge/papers/{paper}/approve", csrf=second.csrf, seen="x")
    assert stale.status_code == 409 and "刚刚被别人改过" in stale.text
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    await second.sends(f"/desk/knowledge/papers/{paper}/approve", seen=seen)
    assert "已批准，等整理新版本" in second.text
    await second.opens("/desk/knowledge")
    assert "还没有整理进去" in second.text

    await place.reindexer.start("00000000")
    assert (await place.ended()).state is JobState.BUILT
    await place.reindexer.serve(str(place.generations.waiting()))
    await second.opens("/desk/knowledge")
    assert "取暖补贴 writer同志写于 2026-11-21" in second.text and "正在使用" in second.text
    listed = second.text.partition("有效期")[2]
    assert f"取暖补贴 指南 · 十堰 · 2027-01-15 失效 · approved/{paper}.md 快失效" in listed
    await second.opens("/desk/knowledge/try?q=取暖补贴怎么领")
    assert "按月发取暖补贴" in second.text

    await second.opens(f"/desk/knowledge/papers/{paper}")
    await second.sends(f"/desk/knowledge/papers/{paper}/retire")
    assert "已停用，等整理新版本" in second.text
    found = await place.office.storage.audit.search(Search(subject=f"document/{paper}"), limit=5)
    assert [record.entry.act for record in found] == ["document.retired", "document.approved", "document.drafted"]


async def test_a_guide_whose_act_was_replaced_is_named_to_be_read_again(
    place: Workplace, writer: Browser, second: Browser
) -> None:
    head = "title: 写信反映问题\nstatutes: [信访条例 第六条, 劳动法 第五十条]\n"
    paper = await drafted(writer, f"---\n{head}---\n\n## 怎么写\n\n写明姓名、请求和事实。\n", title="写信反映问题")
    page = await second.opens(f"/desk/knowledge/papers/{paper}")
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    await second.sends(f"/desk/knowledge/papers/{paper}/approve", seen=seen)
    await second.opens("/desk/knowledge")
    assert "要重新核对的" not in second.text
    await place.reindexer.start("00000000")
    assert (await place.ended()).state is JobState.BUILT
    await place.reindexer.serve(str(place.generations.waiting()))
    page = await second.opens("/desk/knowledge")
    told = second.text.partition("要重新核对的")[2].partition("找资料")[0]
    assert "写信反映问题 《信访条例》2022-05-01 起由《信访工作条例》代替" in told
    assert "劳动法" not in told
    assert f'href="/desk/knowledge/papers/{paper}"' in page.text.partition('id="outdated"')[2]


async def test_the_next_version_is_read_against_the_one_before(writer: Browser, second: Browser) -> None:
    paper = await drafted(writer)
    page = await second.opens(f"/desk/knowledge/papers/{paper}")
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    await second.sends(f"/desk/knowledge/papers/{paper}/approve", seen=seen)
    await writer.opens(f"/desk/knowledge/papers/{paper}/edit")
    changed = HEATING.partition("---\n\n")[2].replace("按月", "按周") + "\n## 找谁\n\n找单位工会。\n"
    page = await sends(
        writer, "save", **filled(body=changed, paper=paper, region=["十堰", "随州"], expires="2027-03-01")
    )
    assert "<del>用人单位按月发取暖补贴，</del><ins>用人单位按周发取暖补贴，</ins>" in page.text
    assert "找谁 新增" in writer.text
    assert "适用：<del>各地</del> <ins>十堰、随州</ins>" in page.text
    assert "从哪天起失效：<del>没有写</del> <ins>2027-03-01</ins>" in page.text
    assert "标题：<del>" not in page.text, "which is as it was"
    await second.opens(f"/desk/knowledge/papers/{paper}")
    await second.sends(f"/desk/knowledge/papers/{paper}/drop")
    await second.opens(f"/desk/knowledge/papers/{paper}")
    assert "已批准，等整理新版本" in second.text and "第 2 版" not in second.text


async def test_the_first_page_names_the_drafts_that_wait_for_somebody_else(writer: Browser, second: Browser) -> None:
    await writer.opens("/desk/")
    assert "/desk/knowledge/papers/waiting" in writer.page.text  # type: ignore[union-attr]
    paper = await drafted(writer, title="等人批准的一份")
    page = await second.opens("/desk/knowledge/papers/waiting")
    assert f'href="/desk/knowledge/papers/{paper}"' in page.text and "等人批准的一份" in page.text
    page = await writer.opens("/desk/knowledge/papers/waiting")
    assert paper not in page.text
    assert "等别的同事批准" in writer.text
    await writer.opens(f"/desk/knowledge/papers/{paper}")
    await writer.sends(f"/desk/knowledge/papers/{paper}/drop")
    assert paper not in (await second.opens("/desk/knowledge/papers/waiting")).text


async def test_whoever_changed_a_draft_cannot_approve_it_either(
    place: Workplace, writer: Browser, second: Browser
) -> None:
    paper = await drafted(writer)
    await second.opens(f"/desk/knowledge/papers/{paper}/edit")
    page = await sends(second, "save", **filled(body="## 怎么领\n\n按季发取暖补贴，跟工资一起发。\n", paper=paper))
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    for browser in (writer, second):
        answer = await browser.posts(f"/desk/knowledge/papers/{paper}/approve", csrf=browser.csrf, seen=seen)
        assert answer.status_code == 403


async def test_a_draft_is_thrown_away_with_its_paper(writer: Browser) -> None:
    paper = await drafted(writer)
    await writer.sends(f"/desk/knowledge/papers/{paper}/drop")
    assert "草稿已经丢弃" in writer.text
    assert (await writer.client.get(f"/desk/knowledge/papers/{paper}")).status_code == 404


async def test_an_id_from_the_address_is_never_a_path(writer: Browser) -> None:
    await writer.opens("/desk/knowledge/papers/new")
    for paper in ("..", "..%2F..%2Fsources", "00000000", "register"):
        assert (await writer.client.get(f"/desk/knowledge/papers/{paper}/edit")).status_code == 404
    assert (await sends(writer, "save", **filled(body="正文", paper="../../../etc"))).status_code == 404


async def test_a_stranger_and_a_clerk_cannot_send_a_file(place: Workplace, writer: Browser) -> None:
    stranger = place.office.browser()
    await stranger.opens("/desk/login")
    await sends(stranger, "read", ("a.txt", b"a"))
    assert stranger.page and stranger.page.url.path == "/desk/login"
    await place.office.hire("clerk")
    clerk = await place.office.admitted("clerk")
    await clerk.opens("/desk/account")
    assert (await sends(clerk, "read", ("a.txt", b"a"))).status_code == 403
    for browser in (stranger, clerk):
        await browser.client.aclose()
