"""A whole site on loopback: real pages, real storage, the real dialogue and worker; only the answers are scripted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import uvicorn

from bot.answers.model import Answer, AnswerStatus
from bot.channels.web import Limits, Uploads, build_web
from bot.dialogue.dialogue import Surroundings, build_dialogue
from bot.dialogue.worker import Worker
from bot.http import Webhook, build_http
from bot.storage.seal import Seal
from bot.storage.storage import Storage, utc_now
from bot.triage.triager import load_triager
from knowledge.model import Block, BlockKind, Citation, Document, DocumentKind, Statute, Validity
from knowledge.regions import load_regions
from tests.bot.talk import Nightwatch

LAW = "laws/法律/劳动合同法(2012-12-28).md"
GUIDE = "documents/rights/wage-arrears.md"
ARREARS = (
    "第八十五条　用人单位有下列情形之一的，由劳动行政部门责令限期支付劳动报酬、加班费或者经济补偿；"
    "劳动报酬低于当地最低工资标准的，应当支付其差额部分；逾期不支付的，责令用人单位按应付金额百分之五十以上百分之一百以下的标准向劳动者加付赔偿金：\n"
    "（一）未按照劳动合同的约定或者国家规定及时足额支付劳动者劳动报酬的；\n"
    "（二）低于当地最低工资标准支付劳动者工资的；\n（三）安排加班不支付加班费的；\n"
    "（四）解除或者终止劳动合同，未依照本法规定向劳动者支付经济补偿的。"
)
ADVICE = (
    "拖欠工资是违法的，可以要回来。单位应当按照合同约定和国家规定，及时、足额支付工资。\n\n"
    "您可以一步一步来：\n1. 先留证据：劳动合同、考勤、工资条、转账记录、和老板的聊天记录。\n"
    "2. 找单位里的工会，请工会出面协商。\n3. 向劳动监察投诉，电话 12333；也可以打工会热线 12351。\n"
    "4. 还是不给，就申请劳动仲裁，不收费。"
)


def _law() -> Document:
    text, blocks = "中华人民共和国劳动合同法", []
    for number in range(1, 99):
        if number == 80:
            text += "\n\n第七章　法律责任"
        article = f"第{_chinese(number)}条"
        words = (
            ARREARS
            if number == 85
            else f"{article}　这一条是为试验写的，好让这份文件有真的法律那么长，要翻很久才翻得到引用的地方。"
        )
        text += "\n\n"
        path = ("第七章　法律责任",) if number >= 80 else ("第一章　总则",)
        blocks.append(Block(len(text), len(text) + len(words), path, BlockKind.ARTICLE, article))
        text += words
    return Document(
        LAW,
        "中华人民共和国劳动合同法",
        text,
        tuple(blocks),
        DocumentKind.STATUTE,
        law="劳动合同法",
        issued=date(2012, 12, 28),
        validity=Validity(date(2013, 7, 1)),
    )


def _guide() -> Document:
    text = f"老板拖欠工资怎么办\n\n先说结论\n\n{ADVICE}"
    return Document(
        GUIDE,
        "老板拖欠工资怎么办",
        text,
        (Block(text.index(ADVICE), len(text), ("先说结论",), statutes=(Statute("劳动合同法", "第八十五条"),)),),
        DocumentKind.GUIDE,
        issued=date(2026, 11, 21),
    )


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + ("" if ones == 0 else digits[ones])


def cite(document: Document, quote: str) -> Citation:
    """Return the citation of a quote where it stands in the document."""
    start = document.text.index(quote)
    block = next(block for block in document.blocks if block.start <= start < block.end)
    return Citation(
        document.source,
        document.title,
        quote,
        start,
        start + len(quote),
        block.path,
        document.law,
        block.article,
        block.statutes,
        document.issued,
    )


@dataclass
class Shelf:
    """Documents by their source names."""

    documents: dict[str, Document] = field(default_factory=lambda: {each.source: each for each in (_law(), _guide())})

    broken: bool = False

    def document(self, source: str, record: int | str | None = None) -> Document | None:
        if self.broken:
            raise RuntimeError("the disk is on fire")
        found = self.documents.get(source)
        return found if found and found.record == record else None


@dataclass
class Script:
    """Answers every question from the shelf, as soon as `free` is set."""

    shelf: Shelf
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)
    say: Callable[[str], Answer] | None = None

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        self.asked.append((question, region))
        await self.free.wait()
        if self.say is not None:
            return self.say(question)
        law, guide = self.shelf.documents[LAW], self.shelf.documents[GUIDE]
        citations = (cite(guide, ADVICE.split("\n")[0]), cite(law, ARREARS.split("\n")[0]))
        return Answer(AnswerStatus.ANSWERED, ADVICE, 0.9, citations)


@dataclass
class Site:
    """The running site."""

    url: str
    storage: Storage
    script: Script
    shelf: Shelf
    uploads: Uploads
    seal: Seal
    folder: Path

    def reset(self) -> None:
        """Forget what the last test asked and changed."""
        fresh = Shelf()
        self.shelf.documents, self.shelf.broken = fresh.documents, False
        self.script.asked.clear()
        self.script.say = None
        self.script.free.set()


@asynccontextmanager
async def open_site(
    folder: Path, limits: Limits | None = None, *, port: int = 0, webhook: Webhook | None = None
) -> AsyncIterator[Site]:
    """Run a site whose database lies in `folder`."""
    shelf = Shelf()
    script = Script(shelf)
    script.free.set()
    regions = load_regions()
    seal = Seal(b"a secret of the tests only")
    async with Storage(f"sqlite:///{folder / 'site.db'}", seal, evidence=folder / "evidence") as storage:

        async def reachable() -> bool:
            await storage.outbox.counts()
            return True

        uploads = Uploads(storage.evidence, seal)
        web = build_web(storage.inbox, storage.outbox, shelf, uploads, lambda: regions.offered, limits)
        app = build_http(web, checks={"database": reachable}, webhook=webhook)
        config = uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        around = Surroundings(script, load_triager(), storage.cases, uploads, Nightwatch(), utc_now)
        working = asyncio.create_task(Worker(storage.inbox, build_dialogue(around)).run())
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Site(f"http://127.0.0.1:{port}", storage, script, shelf, uploads, seal, folder)
        finally:
            server.should_exit = True
            await serving
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


def with_text(document: Document, text: str) -> Document:
    """Return the document as it would be after its text changed."""
    return replace(document, text=text, blocks=())
