"""A person is planted through every door of the served bot, and then looked for wherever nobody may find them.

Somebody says name, telephone and identity number in a question, hands in a grievance by name on the page with a photo,
writes to staff and gives stars; a messenger's account that bears a name complains anonymously; staff take notes, and
answer from their group with accounts of their own.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import NOTHING, Actor, Case, Content, Move, Party, State
from bot.cases.model import Role as CaseRole
from bot.cases.ports import Queue
from bot.desk.staff import Role
from bot.storage.seal import open_seal
from bot.storage.storage import Storage, utc_now
from bot.texts import intake
from knowledge.embedder import Embedder
from tests.bot.desk.office import Browser
from tests.bot.e2e.hiring import first_link, hiring, links
from tests.bot.e2e.planting import contents, found
from tests.bot.e2e.serving import PATIENCE, Serving, ran, serving
from tests.bot.e2e.visitor import JPEG, Visitor, visiting
from tests.bot.notices.robot_server import SECRET, RobotServer, robots
from tests.bot.notices.test_mail import Mailbox
from tests.bot.notices.test_mail import serving as mailing
from tests.library import index, write
from tests.telegram_api import Person, TelegramApi
from tests.telegram_api.world import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME, TELEPHONE, IDENTITY = "欧阳明哲", "13987654321", "420303199001011234"
STORY = "克扣了我三双劳保胶鞋的钱"
WISH = "把胶鞋的钱补给我"
SAID = "我手上还有一张发鞋登记表"
PHOTO = f"{NAME}的鞋.jpg"
WITHIN_PHOTO = "胶鞋登记表第七行"
ACCOUNT, ACCOUNT_NUMBER = "司马青禾", 7_316_549_820
COMPLAINT = "公司让我们连夜搬运冻虾不给口罩"
NOTE = "这位师傅的亲戚也在包装车间"
ANSWERED = "请把冻库当天的排班表留好，我们周五上门核实"
COLLEAGUE_NUMBER = 6_482_071_359
PERSONAL = (NAME, TELEPHONE, IDENTITY, ACCOUNT, str(ACCOUNT_NUMBER))
EVERYTHING = (*PERSONAL, STORY, WISH, SAID, WITHIN_PHOTO, COMPLAINT, NOTE, ANSWERED, str(COLLEAGUE_NUMBER))

UNION, OTHER, PROVINCE = "公安县总工会", "十堰市总工会", "湖北省总工会"
COLLEAGUES = (("clerk", Role.CLERK, UNION), ("stranger", Role.CLERK, OTHER), ("auditor", Role.AUDITOR, PROVINCE))
PLACE = "荆州公安县"
QUESTION = f"我叫{NAME}，电话{TELEPHONE}，身份证号{IDENTITY}，上夜班有没有补助？"
ROSTER = """\
people:
  - {{name: 值班邮箱, unions: [{union}], channel: email, address: duty@example.org, hours: always}}
  - {{name: 微信群, unions: [{union}], channel: wecom, address: "{wecom}", hours: always}}
  - {{name: 钉钉群, unions: [{union}], channel: dingtalk, address: "{dingtalk}", secret: {secret}, hours: always}}
  - {{name: 值班群, unions: [{union}], channel: telegram, address: "{group}", hours: always}}
"""
HREF = re.compile(r'(?:href|hx-get|action)="([^"]*)"')
OFTEN = 3  # looks at one page, with other questions in the address
CASE = "/desk/cases/JZ-"


@dataclass
class Trail:
    """Everything that came out of the bot."""

    home: Path
    receipt: str = ""
    numbers: list[str] = field(default_factory=list)  # of the cases
    own: list[str] = field(default_factory=list)  # what the worker was shown
    notices: dict[str, list[str]] = field(default_factory=dict)  # by way
    pages: dict[str, dict[str, httpx2.Response]] = field(default_factory=dict)  # by login and address
    errors: list[httpx2.Response] = field(default_factory=list)
    metrics: str = ""
    audit: str = ""
    log: str = ""


# --- the doors ---


async def asks_and_reports(worker: Visitor, trail: Trail) -> None:
    """Ask a question that names everything, then hand in a grievance by name, with a photo."""
    trail.own.append(await worker.says(QUESTION))
    await worker.says(f"/report 单位{STORY}，在{PLACE}鸿运纸箱厂，身份证号{IDENTITY}，从今年3月开始，就我一个人")
    await worker.taps(intake.BY_NAME)
    await worker.says(WISH)
    await worker.shows(PHOTO, JPEG + f"{WITHIN_PHOTO} {NAME}".encode())
    await worker.says(NAME)
    trail.own.append(await worker.says(TELEPHONE))
    registered = await worker.taps("提交")
    receipt = re.search(r"(?:\d{4} ?){4}", registered)
    assert receipt, registered
    trail.receipt = receipt[0].replace(" ", "")


async def complains_anonymously(worker: Person) -> None:
    """Hand in a complaint over Telegram, unnamed, with a photo."""
    await worker.says(f"/report {COMPLAINT}，在{PLACE}，从今年5月开始，就我一个人")
    await worker.receives()
    await worker.taps(intake.ANONYMOUS)
    while intake.SEND not in (asked := await worker.receives()).labels:
        if "单位" in asked.text:
            await worker.sends_photo(JPEG + WITHIN_PHOTO.encode())
            await worker.receives()
            await worker.says("楚天冷冻食品公司")
        else:
            await worker.taps(intake.SKIP)
    await worker.taps(intake.SEND)
    assert "回执号" in (await worker.receives()).text


async def is_dealt_with(storage: Storage) -> None:
    """Bring the case that has a name to the union, ask back, and take a note."""
    steps = (
        (Move.TRIAGE, CaseRole.TRIAGE, NOTHING),
        (Move.DISPATCH, CaseRole.TRIAGE, Content(organization=UNION, department="rights", reason="在公安县。")),
        (Move.ACCEPT, CaseRole.HANDLER, NOTHING),
        (Move.START, CaseRole.HANDLER, NOTHING),
        (Move.NOTE, CaseRole.HANDLER, Content(text=NOTE)),
        (Move.ASK_WORKER, CaseRole.HANDLER, Content(text="有工资条吗？")),
    )
    for move, role, content in steps:
        await done(storage, move, role, content)


async def done(storage: Storage, move: Move, role: CaseRole, content: Content) -> None:
    case = await the_named(storage)
    made = decide(case, move, Actor(Party.STAFF, "0a0b0c0d", role, "王主任"), utc_now(), content)
    assert not isinstance(made, Refusal), made
    await storage.cases.apply((Append(case.id, case.seen, made),), utc_now())


async def the_named(storage: Storage) -> Case:
    for row in (await storage.cases.queue(Queue(states=frozenset(State)))).rows:
        case = await storage.cases.case(row.id)
        if case and STORY in case.facts.story:
            return case
    raise AssertionError("there is no such case")


async def answers_and_rates(worker: Visitor, storage: Storage) -> None:
    """Write to staff, which is passed on, and give a star in the end."""
    await worker.says(SAID)
    await done(storage, Move.RESOLVE, CaseRole.HANDLER, Content(text="单位已经补了。"))
    await worker.says("/my")
    await worker.taps("case:show:")
    await worker.taps("settled:")
    await worker.taps("case:rate:")
    assert (await the_named(storage)).events[-1].move is Move.RATE


async def answers_in_the_group(clerk: Browser, telegram: TelegramApi, group: Chat) -> None:
    """Link a clerk's account, and reply in the staff's group to whoever complained over Telegram."""
    account = {"id": COLLEAGUE_NUMBER, "is_bot": False, "first_name": "同志"}
    private = telegram.world.chats[COLLEAGUE_NUMBER] = Chat(COLLEAGUE_NUMBER, "private", "同志")
    colleague = Person(telegram, private, account)
    await links(clerk, colleague)
    for call in telegram.world.said_by_bot(group):
        if "有新的诉求" in call.text:  # the other one is settled, and takes no more words
            await colleague.within(group).says(ANSWERED, reply_to=call)
    complainant = telegram.world.chats[ACCOUNT_NUMBER]
    await telegram.sight.until(
        lambda: any(ANSWERED in message.text for message in telegram.world.said_by_bot(complainant)), PATIENCE
    )
    await telegram.sight.until(
        lambda: any("已转给职工" in message.text for message in telegram.world.said_by_bot(group)), PATIENCE
    )


async def stumbles(url: str) -> list[httpx2.Response]:
    """Bring the words to where nobody asks for them, in paths, queries, fields and headers; return the answers."""
    words = f"{NAME} {TELEPHONE}"
    answers = []
    async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as stranger:
        for path in ("/", "/chat/", "/documents/", "/static/", "/desk/", "/desk/cases/", "/take/", "/telegram/"):
            answers.append(await stranger.get(f"{path}{words}"))
        for path in ("/", "/chat/replies", "/documents/none", "/desk/nowhere", "/healthz"):
            query = {"k": words, "after": words, "start": words, "record": words, "text": words}
            answers.append(await stranger.get(path, params=query, headers={b"User-Agent": words.encode()}))
        for path in ("/chat/messages", "/chat/files", "/desk/login", "/take/none"):
            answers.append(await stranger.post(path, content=words.encode() * 5_000))
            answers.append(await stranger.post(path, json={"key": words, "text": words}))
        login = Browser(stranger)
        await login.opens("/desk/login")
        await login.sends("/desk/login", login=TELEPHONE, password=words)
    return answers


# --- what came out ---


async def walked(browser: Browser, numbers: list[str]) -> dict[str, httpx2.Response]:
    """Open whatever the desk's pages lead to, and the cases by their numbers, linked or not."""
    waiting = ["/desk/", "/desk/cases", "/desk/knowledge/gaps", "/desk/audit/export", "/desk/figures"]
    waiting += [f"/desk/cases/{number}{more}" for number in numbers for more in ("", "/news", "/letters/opinion")]
    pages: dict[str, httpx2.Response] = {}
    times = Counter[str]()  # that a page was opened, whatever was asked of it
    while waiting:
        path = waiting.pop(0)
        page_of = path.partition("?")[0]
        if path in pages or times[page_of] >= OFTEN:
            continue
        times[page_of] += 1
        pages[path] = page = await browser.client.get(path)
        links = [unescape(link).partition("#")[0] for link in HREF.findall(page.text)] if page.is_success else []
        links += [page.headers["location"]] if page.is_redirect else []
        waiting += [link for link in links if link.startswith("/desk/") and "/static/" not in link]
    return pages


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def trail(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Trail]:
    """Live through it all, and stop the bot."""
    folder = tmp_path_factory.mktemp("planted")
    trail, mailbox = Trail(folder / "home"), Mailbox()
    papers = {"夜班.md": "# 夜班\n\n上夜班的，单位发夜班补助。\n"}
    index(trail.home, write(folder / "papers", papers), encoder)
    async with AsyncExitStack() as stack:
        port = stack.enter_context(mailing(mailbox))
        robot = await stack.enter_async_context(robots())
        telegram = await stack.enter_async_context(TelegramApi())
        group = telegram.group("值班群")
        (trail.home / "duty.yaml").write_text(roster(robot, group), "utf8")
        bot = await stack.enter_async_context(serving(trail.home, **settings(telegram, port)))
        await lives(bot, telegram, trail)
        await eventually_told(mailbox, robot, telegram, group)
        trail.errors = await stumbles(bot.url)
        async with hiring(bot.url, await first_link(bot), *COLLEAGUES) as staff:
            await answers_in_the_group(staff["clerk"], telegram, group)
            trail.pages = {login: await walked(browser, trail.numbers) for login, browser in staff.items()}
            trail.audit = (await staff["auditor"].opens("/desk/audit/export")).text
        async with httpx2.AsyncClient(base_url=bot.url) as prometheus:
            trail.metrics = (await prometheus.get("/metrics")).text
        (trail.home / "backups").mkdir()
        assert (await ran(trail.home, "backup", str(trail.home / "backups" / "niangjia.tar.gz")))[0] == 0
        trail.notices = notices(mailbox, robot, telegram, group)
        bot.process.terminate()
        code, trail.log = await bot.ends()
        assert code == 0
        yield trail


def settings(telegram: TelegramApi, port: int) -> dict[str, str]:
    return {
        "LOG_LEVEL": "DEBUG",
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE": telegram.base,
        "PUBLIC_URL": "https://bot.example.org",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_FROM": "bot@example.org",
        "SMTP_TLS": "none",
    }


def roster(robot: RobotServer, group: Chat) -> str:
    return ROSTER.format(union=UNION, wecom=robot.wecom_url, dingtalk=robot.dingtalk_url, secret=SECRET, group=group.id)


async def lives(bot: Serving, telegram: TelegramApi, trail: Trail) -> None:
    account = {"id": ACCOUNT_NUMBER, "is_bot": False, "first_name": ACCOUNT, "username": "qinghe_sima"}
    chat = telegram.world.chats[ACCOUNT_NUMBER] = Chat(ACCOUNT_NUMBER, "private", ACCOUNT)
    seal = open_seal(trail.home, None)
    async with (
        Storage(f"sqlite:///{trail.home / 'niangjia.db'}", seal) as storage,
        visiting(bot.url) as worker,
    ):
        await asks_and_reports(worker, trail)
        await complains_anonymously(Person(telegram, chat, account))
        await is_dealt_with(storage)
        await answers_and_rates(worker, storage)
        trail.own += [reply["html"] for reply in await worker.replies()]
        trail.errors += worker.seen
        trail.numbers = [row.number for row in (await storage.cases.queue(Queue(states=frozenset(State)))).rows]
        assert len(trail.numbers) >= 1


def notices(mailbox: Mailbox, robot: RobotServer, telegram: TelegramApi, group: Chat) -> dict[str, list[str]]:
    return {
        "mail": [
            mail.as_string() + str(mail["subject"]) + body.get_content()
            for mail in mailbox.mails
            for kind in ("plain", "html")
            if (body := mail.get_body([kind]))
        ],
        "wecom": [str(told) for told in robot.wecom],
        "dingtalk": [str(told) for told in robot.dingtalk],
        "telegram": [str(message.as_json()) for message in telegram.world.said_by_bot(group)],
    }


async def eventually_told(mailbox: Mailbox, robot: RobotServer, telegram: TelegramApi, group: Chat) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(notices(mailbox, robot, telegram, group).values()):  # noqa: ASYNC110 - of four servers
            await asyncio.sleep(0.05)


# --- nobody may find them ---


async def test_the_person_was_really_planted_and_sees_what_they_wrote(trail: Trail) -> None:
    assert found("".join(trail.own), (NAME, TELEPHONE, STORY, WISH)) == [NAME, TELEPHONE, STORY, WISH]
    assert len(trail.receipt) == 16
    assert all(trail.notices.values()), "each way of telling staff was used"
    assert "niangjia_http_requests" in trail.metrics
    assert all(len(pages) > 8 for pages in trail.pages.values()), "the desk was walked through"


async def test_no_level_logs_a_word_of_it(trail: Trail) -> None:
    assert "telegram.polling" in trail.log
    assert found(trail.log, (*EVERYTHING, trail.receipt)) == []


async def test_neither_metrics_nor_audit_tell_of_it(trail: Trail) -> None:
    assert "login.failed" in trail.audit
    for told in (trail.metrics, trail.audit):
        assert found(told, (*EVERYTHING, trail.receipt)) == []


async def test_no_notice_to_staff_holds_it(trail: Trail) -> None:
    for way, told in trail.notices.items():
        for notice in told:
            assert found(notice, (*EVERYTHING, trail.receipt)) == [], way


async def test_no_file_of_the_home_holds_it_in_the_clear(trail: Trail) -> None:
    names = []
    for name, data in contents(trail.home):
        names.append(name)
        assert found(data, (*EVERYTHING, trail.receipt)) == [], name
    assert {"niangjia.db", "secret.key", "duty.yaml"} <= set(names)
    assert any("niangjia.tar.gz, unpacked" in name or " in niangjia.tar.gz" in name for name in names)


async def test_no_error_page_and_no_address_repeats_it(trail: Trail) -> None:
    for answer in trail.errors:
        assert answer.status_code < 500
        assert found(answer.text, EVERYTHING) == [], answer.url
        assert found(answer.headers.get("location", ""), (STORY, WISH, SAID, COMPLAINT)) == [], answer.url


@pytest.mark.parametrize("login", ["admin", "auditor", "stranger"])
async def test_who_has_nothing_to_do_with_the_case_sees_nothing_of_it(trail: Trail, login: str) -> None:
    for path, page in trail.pages[login].items():
        assert page.status_code < 500, path
        assert found(page.text, EVERYTHING) == [], path


async def test_the_clerk_of_the_union_sees_neither_name_nor_number_without_asking(trail: Trail) -> None:
    for path, page in trail.pages["clerk"].items():
        assert page.status_code < 500, path
        if "/files/" in path:  # evidence, whose opening is in the audit
            continue
        hidden = (NAME, TELEPHONE, ACCOUNT, str(ACCOUNT_NUMBER)) if path.startswith(CASE) else EVERYTHING
        assert found(page.text, hidden) == [], path
    cases = "".join(page.text for path, page in trail.pages["clerk"].items() if path.startswith(CASE))
    assert found(cases, (STORY, WISH, SAID, COMPLAINT, NOTE)) == [STORY, WISH, SAID, COMPLAINT, NOTE]


async def test_addresses_of_the_desk_hold_nothing_of_it(trail: Trail) -> None:
    pages: Mapping[str, httpx2.Response] = {path: page for each in trail.pages.values() for path, page in each.items()}
    for path in pages:
        assert found(path, (*EVERYTHING, trail.receipt)) == []
