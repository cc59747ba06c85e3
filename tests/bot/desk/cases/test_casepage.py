import io
import re
from urllib.parse import quote

import pytest
from docx import Document

from bot.audit import Act
from bot.cases.model import Content, Move
from bot.desk.staff import Role
from tests.bot.cases import house
from tests.bot.desk.cases.casework import (
    EMPLOYER,
    NAME,
    STORY,
    TELEPHONE,
    Casework,
    acts,
    makes,
    somebody,
)
from tests.bot.desk.office import OTHER_CITY

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = "<script>alert(1)</script>"


async def test_a_case_shows_what_happened_why_it_is_here_and_what_is_due(work: Casework) -> None:
    browser = await somebody(work)
    case = await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    for words in (STORY, EMPLOYER, "6 人", "把工钱要回来", "在十堰。", "给出结果", "王主任", "还没有人接"):
        assert words in browser.text
    assert Act.CASE_READ in await acts(work, case)


async def test_staff_are_not_told_that_they_said_where_it_was(work: Casework) -> None:
    browser = await somebody(work)
    case = await work.opened()
    assert case.route.startswith("您说的地方是十堰")
    await browser.opens(f"/desk/cases/{case.number}")
    await browser.sends(f"/desk/cases/{case.number}/claim", seen=str(case.seen))
    assert browser.text.count("职工说的地方是十堰") == 2, "beside the case, and where it was dispatched"
    assert "您说的" not in browser.text


async def test_a_case_of_another_union_is_not_there_by_any_address(work: Casework) -> None:
    case = await work.in_progress(OTHER_CITY)
    browser = await somebody(work)
    await browser.opens("/desk/cases")
    token = browser.csrf
    for path in ("", "/news", "/suggestion", "/letters/opinion", "/join", f"/files/{'0' * 32}"):
        answer = await browser.client.get(f"/desk/cases/{case.number}{path}")
        assert answer.status_code == 404, path
        assert STORY not in answer.text
    for path in (
        "/claim",
        "/undo",
        "/claimants",
        "/files",
        "/join",
        "/moves/note",
        "/moves/resolve",
        "/letters/opinion",
    ):
        fields = {"csrf": token, "seen": str(case.seen), "text": "看看"}
        answer = await browser.client.post(f"/desk/cases/{case.number}{path}", data=fields)
        assert answer.status_code == 404, path
    assert (await work.again(case.id)).seen == case.seen
    assert Act.CASE_READ not in await acts(work, case)
    for number in ("XX-2026-000001", "SY-2026-999999"):
        assert (await browser.client.get(f"/desk/cases/{number}")).status_code == 404


async def test_names_and_telephones_are_masked_until_asked_for_and_the_asking_is_in_the_audit(work: Casework) -> None:
    now = work.office.clock.now
    named = house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=now)
    hidden = house.claimant("10", 2, anonymous=True, name="司马小溪", telephone="13712345678", now=now)
    case = await work.opened(named, hidden)
    browser = await somebody(work)
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert NAME not in page.text and TELEPHONE not in page.text
    assert "欧**" in browser.text and "139****21" in browser.text
    assert Act.CASE_PERSON_SHOWN not in await acts(work, case)
    page = await browser.sends(f"/desk/cases/{case.number}/claimants")
    assert NAME in page.text and TELEPHONE in page.text
    assert "司马小溪" not in page.text and "13712345678" not in page.text
    assert Act.CASE_PERSON_SHOWN in await acts(work, case)


async def test_what_people_wrote_is_text_and_nothing_else(work: Casework) -> None:
    case = await work.opened(story=SCRIPT, employer="<img src=x onerror=alert(1)>")
    case = await work.moved(case, Move.SAY, house.WORKER, Content(text=SCRIPT))
    browser = await somebody(work)
    page = await browser.opens(f"/desk/cases/{case.number}")
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert " style=" not in page.text and " onclick=" not in page.text


async def test_a_reply_is_suggested_from_the_knowledge_and_never_sent_by_itself(work: Casework) -> None:
    browser, case = await somebody(work), await work.in_progress()
    page = await browser.opens(f"/desk/cases/{case.number}/suggestion")
    assert "单位应当按月付工资。" in page.text
    assert "《劳动法》第五十条" in page.text
    assert work.index.asked[-1].startswith("欠薪，把工钱要回来，")
    assert STORY in work.index.asked[-1]
    assert (await work.again(case.id)).seen == case.seen


async def test_where_the_story_leads_nowhere_the_knowledge_is_asked_without_it(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, case = await somebody(work), await work.in_progress()
    monkeypatch.setattr(work.index, "lost_in", STORY)
    page = await browser.opens(f"/desk/cases/{case.number}/suggestion")
    assert work.index.asked[-1] == "欠薪，把工钱要回来"
    assert "单位应当按月付工资。" in page.text


async def test_the_page_tells_that_something_is_new_and_who_else_looks(work: Casework) -> None:
    browser, colleague, case = await somebody(work), await somebody(work, "other"), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    news = f"/desk/cases/{case.number}/news?since={case.seen}&seen={case.seen}"
    assert (await browser.client.get(news)).status_code == 204
    await colleague.opens(f"/desk/cases/{case.number}")
    assert "other同志也在看" in (await browser.client.get(news)).text
    assert (await browser.client.get(f"{news}&others={quote('other同志')}")).status_code == 204
    work.office.clock.forward(minutes=1)
    assert (await browser.client.get(news)).status_code == 204
    await work.moved(case, Move.SAY, house.WORKER, Content(text="有消息吗？"))
    told = (await browser.client.get(news)).text
    assert "有了新的进展" in told
    again = re.search(r'hx-get="([^"]+)"', told)
    assert again
    assert (await browser.client.get(again[1].replace("&amp;", "&"))).status_code == 204, "it is told once"


async def test_a_letter_to_the_employer_is_drafted_and_handed_out_for_word(work: Casework) -> None:
    now = work.office.clock.now
    case = await work.opened(house.claimant("9", anonymous=False, name=NAME, telephone=TELEPHONE, now=now))
    browser = await somebody(work)
    for kind, title in (("reminder", "提示函"), ("opinion", "意见书"), ("proposal", "建议书")):
        page = await browser.opens(f"/desk/cases/{case.number}/letters/{kind}")
        assert EMPLOYER in page.text and title in page.text
        assert NAME not in page.text and TELEPHONE not in page.text
        answer = await browser.posts(
            f"/desk/cases/{case.number}/letters/{kind}", csrf=browser.csrf, text="某某公司：\n请付清。\x00"
        )
        document = Document(io.BytesIO(answer.content))
        assert [paragraph.text for paragraph in document.paragraphs][1:] == ["某某公司：", "请付清。"]
        assert answer.headers["content-disposition"].startswith("attachment")
    assert (await browser.client.get(f"/desk/cases/{case.number}/letters/other")).status_code == 400


async def test_the_audit_names_moves_and_looks_in_chinese(work: Casework) -> None:
    browser, case = await somebody(work), await work.in_progress()
    await browser.opens(f"/desk/cases/{case.number}")
    await makes(browser, case, "interim", text="单位还在核实。")
    auditor = await somebody(work, "auditor", Role.AUDITOR)
    await auditor.opens(f"/desk/audit?subject=case/{case.id}")
    for words in ("告知进展", "查看诉求"):
        assert words in auditor.text
    assert "单位还在核实" not in auditor.text
