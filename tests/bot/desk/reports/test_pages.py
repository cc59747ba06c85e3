"""Reports over real HTTP, out of cases and messages that are really stored."""

import io
import random
from collections import Counter
from datetime import datetime

import pytest
import pytest_asyncio
from docx import Document
from fastapi.routing import APIRoute
from openpyxl import load_workbook

from bot.audit import Act, Search
from bot.cases.model import ENDED, Content, Move, State
from bot.cases.ports import Order, Queue
from bot.desk.cases.figure_words import MEASURES
from bot.desk.doors import Door
from bot.desk.reports import words
from bot.desk.reports.report import FEW, Period, Span, latest
from bot.desk.staff import Permission, Role
from bot.dialogue.ports import Feedback, Turn, Verdict
from bot.messages import Channel, Incoming, Reply
from knowledge.vocabulary import Category
from tests.bot.cases import house
from tests.bot.desk.cases.casework import NAME, STORY, TELEPHONE, Casework
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")
Sheets = dict[str, list[tuple[object, ...]]]


async def reader(work: Casework, role: Role, *unions: str) -> Browser:
    login = f"{role}.{len(await work.office.accounts.everybody())}"
    await work.office.hire(login, role, *unions)
    return await work.office.admitted(login)


async def ask(work: Casework, key: str, verdict: Verdict | None, question: str = STORY, chat: str = "9") -> None:
    """Let the bot be asked something, and keep what became of it."""
    await work.storage.inbox.accept(Incoming(Channel.TELEGRAM, chat, key, TELEPHONE))
    (letter,) = await work.storage.inbox.due(1, ())
    told = (Feedback(key, verdict, question, None),) if verdict else ()
    await work.storage.inbox.finish(letter, Turn((Reply("好的。"),), letter.conversation, told))


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def lived(work: Casework) -> None:
    """Open, settle and reopen cases of several unions over some weeks, and ask the bot in between."""
    chance, clock = random.Random(7), work.office.clock
    for number in range(30):
        clock.forward(days=chance.choice((0.5, 1, 2)))
        who = house.claimant(f"chat{number}", now=clock.now, anonymous=False, name=NAME, telephone=TELEPHONE)
        case = await work.opened(
            who,
            organization=chance.choice((CITY, COUNTY, OTHER_CITY)),
            category=chance.choice(list(Category)[:4]),
            employer="十堰某某建筑有限公司" if number % 2 == 0 else f"第{number}公司",
        )
        await ask(work, f"a{number}", (None, *Verdict)[number % (len(Verdict) + 1)])
        if number % 3 == 0:
            continue
        await work.settled(case, reopened=number % 5 == 0)


async def xlsx(browser: Browser, period: Period, union: str = "") -> Sheets:
    where = f"/desk/reports/export.xlsx?span={period.span}&first={period.first}&union={union}"
    book = load_workbook(io.BytesIO((await browser.client.get(where)).content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def overview(sheets: Sheets) -> dict[object, object]:
    return {row[0]: row[1] for row in sheets["总览"]}


async def expected(work: Casework, unions: tuple[str, ...], start: datetime, end: datetime) -> dict[str, Counter[str]]:
    """Count the events of the period one by one, by union and by category."""
    found: dict[str, Counter[str]] = {}
    late = {
        row.id: row.opened_at for row in (await work.storage.cases.queue(Queue(unions, overdue=True, limit=999))).rows
    }
    everything = Queue(unions, frozenset(State), order=Order.NEWEST, limit=999)
    for row in (await work.storage.cases.queue(everything)).rows:
        case = await work.storage.cases.case(row.id)
        assert case is not None
        counts: Counter[str] = Counter()
        for event in case.events:
            if start <= event.at < end:
                closing = event.after in ENDED and event.before is not None and event.before not in ENDED
                counts["收到"] += event.move is Move.OPEN
                counts["结案"] += closing
                counts["职工确认解决"] += closing and event.move is Move.CONFIRM
                counts["重开"] += event.move is Move.REOPEN
        counts["现在超时"] += case.id in late and start <= late[case.id] < end
        for name in (case.organization, case.categories[0].value, "合计"):
            found.setdefault(name, Counter()).update(counts)
    return {name: +counts for name, counts in found.items() if +counts}


@pytest.mark.parametrize("span", Span)
async def test_the_numbers_add_up_to_the_events(work: Casework, span: Span) -> None:
    browser = await reader(work, Role.SUPERVISOR, CITY)
    seen: Counter[str] = Counter()
    for period in latest(span, work.office.clock.now.date(), 4):
        sheets = await xlsx(browser, period)
        counted = await expected(work, (CITY, COUNTY), *period.bounds[-2:])
        for heading in words.TABLES.values():
            head, *rows = sheets[heading]
            told = {str(row[0]): +Counter({name: row[head.index(name)] for name in MEASURES.values()}) for row in rows}
            assert {name: counts for name, counts in told.items() if counts} == {
                name: counts
                for name, counts in counted.items()
                if name == "合计" or (name in set(Category)) is (heading == "按类别")
            }
            seen.update(told["合计"])
        totals = overview(sheets)
        assert {name: totals[name] for name in MEASURES.values()} == {
            name: counted.get("合计", Counter())[name] for name in MEASURES.values()
        }
        late = await work.storage.cases.queue(Queue((CITY, COUNTY), overdue=True))
        assert totals["现在超时（不论何时收到）"] == late.total > 0
    assert all(seen[name] for name in MEASURES.values()), "every measure was really counted"


async def test_what_the_bot_was_asked_and_warned_of_is_counted_in_its_period(work: Casework) -> None:
    auditor = await reader(work, Role.AUDITOR, PROVINCE)
    counted: Counter[str] = Counter()
    for period in latest(Span.MONTH, work.office.clock.now.date(), 3):
        totals = overview(await xlsx(auditor, period))
        counted.update(
            {name: int(str(totals[name])) for name in ("机器人答复消息", "没答上的问题", "评价有用", "评价没用")}
        )
        counted["预警"] += int(str(totals["同一单位预警"]))
    share = len(range(0, 30, len(Verdict) + 1))
    assert counted["机器人答复消息"] == 30
    assert counted["没答上的问题"] == counted["评价有用"] == counted["评价没用"] == share
    shown = await work.storage.notices.shown((CITY, COUNTY, OTHER_CITY), limit=999)
    assert counted["预警"] == sum(each.notice.kind == "several" for each in shown) > 0


async def test_the_document_says_what_the_page_says(work: Casework) -> None:
    browser = await reader(work, Role.CLERK, CITY)
    period = list(latest(Span.MONTH, work.office.clock.now.date(), 2))[1]
    where = f"span=month&first={period.first}&union={COUNTY}"
    answer = await browser.client.get(f"/desk/reports/export.docx?{where}")
    document = Document(io.BytesIO(answer.content))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert told[0] == f"{COUNTY}职工诉求月总结"
    await browser.opens(f"/desk/reports?{where}")
    for sentence in told[3:6]:
        assert sentence in browser.text
    sheets = await xlsx(browser, period, COUNTY)
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"][1:]
    assert headings[-2:] == list(words.TABLES.values())
    for table, heading in zip(document.tables, headings, strict=True):
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            [str(value) for value in row] for row in sheets[heading]
        ]
    assert CITY not in {str(row[0]) for row in sheets["按工会"]}


async def test_nothing_of_anybody_and_of_no_other_union_stands_in_a_report(work: Casework) -> None:
    browser = await reader(work, Role.CLERK, COUNTY)
    for union in ("", CITY, OTHER_CITY, "没有的工会"):
        for period in latest(Span.MONTH, work.office.clock.now.date(), 2):
            where = f"span=month&first={period.first}&union={union}"
            page = await browser.opens(f"/desk/reports?{where}")
            document = Document(io.BytesIO((await browser.client.get(f"/desk/reports/export.docx?{where}")).content))
            cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
            assert not cells & {CITY, OTHER_CITY}
            for secret in (NAME, TELEPHONE, STORY, "建筑"):
                assert secret not in page.text + "".join(paragraph.text for paragraph in document.paragraphs)


async def test_every_role_reads_reports_strangers_none_and_taking_one_along_is_in_the_audit(work: Casework) -> None:
    routes = [route for router in work.office.desk.routers for route in router.routes if isinstance(route, APIRoute)]
    mine = [route for route in routes if route.path.startswith(("/reports", "/figures"))]
    assert {route.path for route in mine} == {"/reports", "/reports/export.{kind}", "/figures/hot"}
    for route in mine:
        doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, Door)]
        assert [door.opens_to for door in doors] == [Permission.SEE_FIGURES]
    stranger = work.office.browser()
    for role in Role:
        browser = await reader(work, role, CITY)
        assert (await browser.opens("/desk/reports")).status_code == 200
        assert f"{CITY}及下级工会职工诉求周调度" in browser.text
        assert (await browser.opens("/desk/figures/hot")).status_code == 200
        for kind in ("docx", "xlsx"):
            where = f"/desk/reports/export.{kind}"
            assert (await browser.client.get(where)).status_code == 200
            assert (await stranger.client.get(where)).headers["location"].startswith("/desk/login")
        assert (await browser.client.get("/desk/reports/export.exe")).status_code in {400, 404}
    taken = await work.storage.audit.search(Search(act=Act.REPORT_EXPORTED), limit=8)
    assert {record.entry.detail for record in taken} == {"week"}


async def test_what_is_hot_is_told_without_names_and_each_reads_what_is_open_to_them(work: Casework) -> None:
    clock = work.office.clock
    clock.forward(days=60)
    numbers = []
    for person in range(FEW):
        who = house.claimant(f"mate{person}", now=clock.now, anonymous=False, name=NAME, telephone=TELEPHONE)
        case = await work.opened(who, organization=COUNTY, category=Category.WORK_INJURY, employer="郧西县密密矿业公司")
        numbers.append(case.number)
        await ask(work, f"hot{person}", Verdict.REFUSED, f"职工书屋借书证怎么办{'呀' * person}", chat=f"reader{person}")
    await work.opened(organization=COUNTY, category=Category.SAFETY, employer="单独公司")
    await ask(work, "lonely", Verdict.REFUSED, "只有我一个人问的事", chat="lonely")
    for role, opens_cases, reads in (
        (Role.CLERK, True, True),
        (Role.SUPERVISOR, True, True),
        (Role.ADMIN, False, True),
        (Role.AUDITOR, False, False),
    ):
        browser = await reader(work, role, COUNTY)
        page = await browser.opens("/desk/figures/hot")
        assert f"{Category.WORK_INJURY} {FEW} 0" in browser.text
        assert f"{COUNTY} {Category.WORK_INJURY} {FEW} {FEW}" in browser.text
        assert ("职工书屋借书证怎么办" in browser.text) is reads, role
        assert all((number in page.text) is opens_cases for number in numbers), role
        for hidden in ("密密", "单独", "只有我", Category.SAFETY, NAME, TELEPHONE, STORY):
            assert hidden not in page.text, (role, hidden)
    elsewhere = await reader(work, Role.CLERK, OTHER_CITY)
    await elsewhere.opens("/desk/figures/hot")
    assert Category.WORK_INJURY not in elsewhere.text
    sheets = await xlsx(await reader(work, Role.CLERK, COUNTY), next(latest(Span.MONTH, clock.now.date(), 1)))
    assert sheets[words.HOT][1] == (Category.WORK_INJURY, FEW, "0")
    assert sheets[words.ASKED][1] == ("职工书屋借书证怎么办", FEW, "0")
    assert sheets[words.WORKPLACES][1] == (COUNTY, Category.WORK_INJURY, FEW, FEW)


async def test_what_workers_say_of_the_end_is_the_median_of_their_last_words(work: Casework) -> None:
    work.office.clock.forward(days=60)
    for number, scores in enumerate(((1, 5), (4,), (2,))):
        case = await work.opened(house.claimant(f"rater{number}", now=work.office.clock.now), organization=CITY)
        for move, actor in ((Move.TRIAGE, house.TRIAGE), (Move.ANSWER, house.TRIAGE)):
            case = await work.moved(case, move, actor, Content(text="可以。"))
        for score in scores:
            case = await work.moved(case, Move.RATE, house.WORKER, Content(score=score))
    totals = overview(
        await xlsx(await reader(work, Role.AUDITOR, CITY), next(latest(Span.WEEK, work.office.clock.now.date(), 1)))
    )
    assert (totals["满意度中位数"], totals["打分的职工"]) == ("4", 3)


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "９" * 8, "a" * 5_000, "-1", "1e400", "<script>", "🙂"])
async def test_whatever_is_asked_nothing_breaks(work: Casework, odd: str) -> None:
    browser = await reader(work, Role.AUDITOR, CITY)
    for path in ("/desk/reports", "/desk/figures/hot", "/desk/reports/export.docx", "/desk/reports/export.xlsx"):
        for name in ("span", "first", "union"):
            answer = await browser.client.get(path, params={name: odd})
            assert answer.status_code < 500
            assert "<script>" not in answer.text
