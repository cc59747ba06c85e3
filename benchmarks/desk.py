"""Time the desk's pages as a browser asks the served bot for them, with many cases, on SQLite and on PostgreSQL.

    python -m benchmarks.desk [--cases N] [--own N] [--rounds N] [--only WORDS] [--library FOLDER] [--made FOLDER]
                              [--json FILE]

`niangjia serve` runs as a process of its own, over a year of an invented province: most cases have ended, `--own` of
all lie with the unions of a city's clerk. Of every page is told how long one waits for it and how long processors,
the database's too, work for it, each as the median and the work also at its least, and how large it is before it is
packed. The goals are 100 ms and 150 kB; what is saved as a file has no goal of size. The machine may be shared: then
the processors' time tells more.
Exits with 1 if a page is missing. Linux only.
"""

import argparse
import asyncio
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import psycopg
import structlog

from benchmarks.year import NAME, RARE, TELEPHONE, Year, fill, staffed
from bot.desk.staff import Role
from bot.storage.backup import back_up, restore
from bot.storage.database import Database
from bot.storage.seal import KEY_FILE, open_seal
from bot.storage.storage import Storage, utc_now
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from knowledge.vocabulary import Category
from tests.bot.desk.office import Browser
from tests.bot.e2e.furnishing import DUTY
from tests.bot.e2e.hiring import first_link, hiring
from tests.bot.e2e.serving import serving
from tests.bot.storage import postgres
from tests.library import CARE, index, write

GOAL, SIZE = 100.0, 150.0  # ms, kB
CITY, PROVINCE = "荆州市总工会", "湖北省总工会"
COLLEAGUES = (("clerk", Role.CLERK, CITY), ("chief", Role.SUPERVISOR, PROVINCE), ("auditor", Role.AUDITOR, PROVINCE))
SHIPPED = Path("knowledge/documents")
BACKUP = "niangjia-year.tar.gz"

Before = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that somebody asks for: by a form if there are fields, after something has happened if there is that."""

    name: str
    who: str
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """How long a page took, ms, and how large it was, kB."""

    database: str
    page: str
    waited: float
    slowest: float
    worked: float
    least: float  # worked
    size: float
    missed: tuple[str, ...]  # goals


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--own", type=int, default=1_000, help="of the clerk's unions")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="pages whose names begin so, such as search")
    parser.add_argument("--library", type=Path, default=SHIPPED, help="documents that the index is made of")
    parser.add_argument("--made", type=Path, help="where what is filled is kept for another run")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}, {options.cases} cases\n")
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        made = options.made or Path(folder)
        if not (made / BACKUP).exists():
            library(made, options.library)
            asyncio.run(filled(made, Year(options.cases, options.own, CITY, utc_now())))
        timed = asyncio.run(measure("SQLite", made, None, options.rounds, options.only))
        if postgres.programs() is not None:
            with postgres.server() as url:
                timed += asyncio.run(measure("PostgreSQL", made, url, options.rounds, options.only))
    print(f"\nload after {os.getloadavg()[0]:.1f}; missed:")
    for one in timed:
        if one.missed:
            print(f"  {one.database}, {one.page}: {', '.join(one.missed)}")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in timed], indent=1, ensure_ascii=False), "utf8")


def library(folder: Path, documents: Path) -> None:
    """Make a home with two generations of the documents, of which the second changes one."""
    home, added = folder / "home", write(folder / "added", {"guides/高温.md": CARE})
    index(home, added, encoder := open_embedder())
    write(added, {"guides/高温.md": CARE.replace("按月", "每个月")})
    shutil.copytree(documents, added / "library")
    index(home, added, encoder)
    (home / "duty.yaml").write_text(DUTY, "utf8")


async def filled(folder: Path, year: Year) -> None:
    """Let the home have had its year, and keep all of it as a backup, which any database is filled from."""
    home = folder / "home"
    async with Storage(f"sqlite:///{home / 'niangjia.db'}", seal := open_seal(home, None)) as storage:
        await fill(storage, seal, year)
        await storage.clockwork.ring()  # what is overdue by now
        await back_up(storage.database, seal, home, folder / BACKUP, utc_now())


async def measure(database: str, made: Path, url: str | None, rounds: int, only: str) -> list[Timed]:
    """Fill a database, and ask the bot that serves it so many times for each page whose name begins with `only`."""
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        home = Path(folder)
        shutil.copytree(made / "home" / "index", home / "index")  # serving may add to it
        shutil.copy(made / "home" / KEY_FILE, home)
        settings = {"DATABASE_URL": url or f"sqlite:///{home / 'niangjia.db'}"}
        base = Database(settings["DATABASE_URL"])
        await restore(base, open_seal(home, None), home, made / BACKUP)
        await base.close()
        if url is not None:
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                connection.execute("ANALYZE")  # as the server does by itself within minutes
        async with (
            serving(home, **settings, LOG_LEVEL="ERROR") as bot,
            hiring(bot.url, await first_link(bot), *COLLEAGUES) as staff,
        ):
            async with Storage(settings["DATABASE_URL"], open_seal(home, None)) as storage:
                await staffed(storage, utc_now())
            return [
                await timed(database, page, staff[page.who], lambda: _worked(bot.process.pid, url), rounds)
                for page in await pages(staff, home)
                if page.name.startswith(only)
            ]


async def timed(database: str, page: Page, browser: Browser, worked: Callable[[], float], rounds: int) -> Timed:
    """Ask for a page again and again, once before it counts."""
    waits, works, size = [], [], 0.0
    form = {**page.form, "csrf": browser.csrf} if page.form else None
    for _ in range(rounds + 1):
        if page.before is not None:
            await page.before()
        worked_before, begun = worked(), time.perf_counter()
        answer = await browser.client.request("POST" if form else "GET", page.path, data=form)
        waits.append((time.perf_counter() - begun) * 1000)
        works.append(worked() - worked_before)
        if answer.status_code != 200:
            sys.exit(f"{page.path}: {answer.status_code}")
        size = len(answer.content) / 1000
    saved = "attachment" in answer.headers.get("content-disposition", "")
    waited, work = median(waits[1:]), median(works[1:])
    goals = {"work": work > GOAL, "wait": waited > GOAL, "size": size > SIZE and not saved}
    missed = tuple(name for name, over in goals.items() if over)
    slowest, least = max(waits), min(works[1:])
    print(
        f"{database:11} {page.name:34} {waited:7.1f} ms, slowest {slowest:7.1f}, of processors {work:7.1f}, "
        f"at least {least:7.1f}, {size:7.1f} kB{'  MISSED: ' if missed else ''}{', '.join(missed)}",
        flush=True,
    )
    waited, slowest, work, least, size = (round(each, 1) for each in (waited, slowest, work, least, size))
    return Timed(database, page.name, waited, slowest, work, least, size, missed)


def _worked(bot: int, url: str | None) -> float:
    """Return the milliseconds of processors that the bot, and the server of its database, have worked."""
    pids = [bot]
    if url is not None:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            clients = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            pids += [pid for (pid,) in connection.execute(f"{clients} AND pid <> pg_backend_pid()")]
    worked = 0.0
    for pid in pids:
        with suppress(OSError):  # a connection has ended
            # The clock of another process has no name in Python: Linux makes its number so, see clock_getcpuclockid(3).
            worked += time.clock_gettime(~pid << 3 | 2) * 1000
    return worked


async def pages(staff: Mapping[str, Browser], home: Path) -> list[Page]:
    """Return every page that somebody at the desk opens."""
    clerk, admin = staff["clerk"], staff["admin"]
    numbers = re.findall(r'id="c-([\w-]+)"', (await clerk.opens("/desk/cases")).text)
    for number in numbers[:10]:
        await clerk.opens(f"/desk/cases/{number}")
        await clerk.sends(f"/desk/cases/{number}/claim", seen=_seen(clerk))
    number = numbers[0]
    query = f"tab=unclaimed&category={Category.WAGE_ARREARS}"
    await clerk.opens("/desk/cases")
    await clerk.sends("/desk/cases/views", name="欠薪", query=query)
    entry = re.search(r"/desk/duty/[0-9a-f]{8}", (await admin.opens("/desk/duty")).text)
    generations = Generations(home)
    latest, before, *_ = (each.id for each in generations.manifests())
    comparison = f"/desk/knowledge/index/{latest}/compare?against={before}&source=added/guides/高温.md"
    case = f"/desk/cases/{number}"

    async def something_happens() -> None:
        await clerk.posts(f"{case}/moves/note", text="又打了一次电话。", csrf=clerk.csrf)

    searched = "/desk/cases/search"
    found = [
        Page("today", "clerk", "/desk/"),
        Page("what waits", "clerk", "/desk/cases/counts"),
        Page("queue of a city", "clerk", "/desk/cases"),
        *(Page(f"queue, {tab}", "clerk", f"/desk/cases?tab={tab}") for tab in _TABS),
        *(Page(f"queue by {name}", "clerk", f"/desk/cases?{name}={value}") for name, value in _FILTERS.items()),
        Page("queue, saved view", "clerk", f"/desk/cases?{query}"),
        Page("queue of the province", "chief", "/desk/cases"),
        Page("queue of the province, ended", "chief", "/desk/cases?tab=ended"),
        Page("queue of the province, page 20", "chief", "/desk/cases?page=20"),
        Page("queue, auditor's", "auditor", "/desk/cases"),
        Page("case", "clerk", case),
        Page("case, news", "clerk", f"{case}/news"),
        Page("case, suggestion", "clerk", f"{case}/suggestion"),
        Page("case, names shown", "clerk", f"{case}/claimants", {"shown": "yes"}),
        Page("case, letter", "clerk", f"{case}/letters/reminder"),
        Page("case, auditor's", "auditor", case),
        Page("search by a word", "clerk", searched, {"q": RARE}),
        Page("search by a common word", "clerk", searched, {"q": "老板"}),
        Page("search by a name", "clerk", searched, {"q": NAME}),
        Page("search by a telephone", "clerk", searched, {"q": TELEPHONE}),
        Page("search, nothing found", "clerk", searched, {"q": "没有人说过"}),
        Page("search the province", "chief", searched, {"q": "没有人说过"}),
        Page("register", "clerk", "/desk/cases/new"),
        Page("figures, a year", "chief", "/desk/figures"),
        Page("figures, three years", "chief", "/desk/figures?months=36"),
        Page("figures of a city", "clerk", "/desk/figures"),
        Page("figures after an event", "chief", "/desk/figures", before=something_happens),
        Page("figures as csv", "chief", "/desk/figures/export.csv"),
        Page("figures as xlsx", "chief", "/desk/figures/export.xlsx"),
        Page("hot topics", "chief", "/desk/figures/hot"),
        Page("hot topics after an event", "chief", "/desk/figures/hot", before=something_happens),
        *(Page(f"report of a {span}", "chief", f"/desk/reports?span={span}") for span in ("week", "month")),
        Page("report after an event", "chief", "/desk/reports?span=month", before=something_happens),
        Page("report of a city", "clerk", "/desk/reports"),
        *(Page(f"report as {kind}", "chief", f"/desk/reports/export.{kind}?span=month") for kind in ("docx", "xlsx")),
        Page("documents", "admin", "/desk/knowledge"),
        Page("documents, looked for", "admin", "/desk/knowledge?q=驿站"),
        Page("drafts", "admin", "/desk/knowledge/papers/waiting"),
        Page("new document", "admin", "/desk/knowledge/papers/new"),
        Page("gaps", "admin", "/desk/knowledge/gaps"),
        Page("golden questions", "admin", "/desk/knowledge/golden"),
        Page("pins", "admin", "/desk/knowledge/pins"),
        Page("try a question", "admin", "/desk/knowledge/try?q=加班费怎么算"),
        Page("generations", "admin", "/desk/knowledge/index"),
        Page("generation, what changed", "admin", f"/desk/knowledge/index/{latest}"),
        Page("document compared", "admin", comparison),
        *(Page(f"directory, {name}", "admin", f"/desk/directory{path}") for name, path in _DIRECTORY.items()),
        Page("duty", "admin", "/desk/duty"),
        Page("staff", "admin", "/desk/staff"),
        Page("account", "clerk", "/desk/account"),
        Page("audit", "auditor", "/desk/audit"),
        *(Page(f"audit by {name}", "auditor", f"/desk/audit?{name}={value}") for name, value in _AUDIT.items()),
        Page("audit as csv", "auditor", "/desk/audit/export?act=case.read"),
    ]
    return [*found, Page("duty, an entry", "admin", entry[0])] if entry else found


_TABS = ("mine", "unclaimed", "soon", "overdue", "waiting", "ended")
_FILTERS = {"state": "in_progress", "category": Category.SAFETY, "urgency": "urgent", "union": CITY}
_DIRECTORY = {
    "parameters": "",
    "stations": "/stations",
    "unions": "/unions",
    "ways": "/routes",
    "holidays": "/holidays",
    "replies": "/canned",
}
_AUDIT = {"act": "case.read", "actor": "22222222", "subject": "staff/00000000", "hash": "abcdef", "since": "2026-11-01"}


def _seen(browser: Browser) -> str:
    found = re.search(r'name="seen" value="(\d+)"', browser.page.text if browser.page else "")
    return found[1] if found else ""


if __name__ == "__main__":
    main()
