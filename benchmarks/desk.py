"""Time the pages of the desk's cases over HTTP, with many sealed cases, on SQLite and on PostgreSQL.

    python -m benchmarks.desk [--cases N] [--own N] [--rounds N] [--json FILE]

Of all cases `--own` lie with the unions of a city's clerk, the others with all other unions; each has a story, six
further events and a claimant. Every page is asked for as a clerk's browser asks, and its median and its slowest are
told. The goal is a median of 100 ms. Exits with 1 if a page is missing.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import structlog

from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.model import Content, Event, Facts, Move
from bot.desk.staff import Role, reach
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases import house
from tests.bot.desk.cases.casework import Casework, open_casework
from tests.bot.desk.office import CITY, PROVINCE, Browser
from tests.bot.storage import postgres

BATCH = 100  # cases that are stored at a time
GOAL = 100.0  # ms
_SAID = "老板说下个月一定给，我们等了又等，工地上的机器都拉走了，打电话也不接，不知道该找谁。"


@dataclass(frozen=True, slots=True)
class Timed:
    """How long a page took."""

    database: str
    page: str
    first: float  # ms
    median: float
    slowest: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--own", type=int, default=1_000, help="of the clerk's unions")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}, {options.cases} cases\n")
    timed: list[Timed] = []
    with tempfile.TemporaryDirectory() as folder:
        timed += asyncio.run(measure("SQLite", Path(folder), None, options.cases, options.own, options.rounds))
    if postgres.programs() is not None:
        with tempfile.TemporaryDirectory() as folder, postgres.server() as url:
            timed += asyncio.run(measure("PostgreSQL", Path(folder), url, options.cases, options.own, options.rounds))
    print(f"\nload after {os.getloadavg()[0]:.1f}")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in timed], indent=1), "utf8")


async def measure(database: str, folder: Path, url: str | None, cases: int, own: int, rounds: int) -> list[Timed]:
    """Fill a database and ask for each page so many times."""
    async with open_casework(folder, url) as work:
        await fill(work, cases, own)
        await work.office.hire("clerk", Role.CLERK, CITY)
        await work.office.hire("chief", Role.SUPERVISOR, PROVINCE)
        clerk, chief = await work.office.admitted("clerk"), await work.office.admitted("chief")
        page = await clerk.opens("/desk/cases")
        number = page.text.partition('id="c-')[2].partition('"')[0]
        await chief.opens("/desk/cases")
        asked = {
            "first page": (clerk, "/desk/", {}),
            "what waits": (clerk, "/desk/cases/counts", {}),
            "queue of a city": (clerk, "/desk/cases", {}),
            "queue of the province": (chief, "/desk/cases", {}),
            "queue, filtered": (clerk, f"/desk/cases?tab=unclaimed&category={Category.WAGE_ARREARS}", {}),
            "a case": (clerk, f"/desk/cases/{number}", {}),
            f"search {own}, found": (clerk, "/desk/cases/search", {"q": "紫色的三轮车"}),
            f"search {own}, not found": (clerk, "/desk/cases/search", {"q": "没有人说过"}),
            "search the province": (chief, "/desk/cases/search", {"q": "没有人说过"}),
            "figures of a year": (chief, "/desk/figures", {}),
            "figures of three years": (chief, "/desk/figures?months=36", {}),
        }
        return [await timed(database, name, *each, rounds=rounds) for name, each in asked.items()]


async def timed(database: str, name: str, browser: Browser, path: str, form: dict[str, str], *, rounds: int) -> Timed:
    """Ask for a page again and again."""
    found = []
    token = browser.csrf
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        if form:
            answer = await browser.client.post(path, data={**form, "csrf": token})
        else:
            answer = await browser.client.get(path)
        found.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path}: {answer.status_code}")
    first, *others = found
    result = Timed(database, name, round(first, 1), round(median(others), 1), round(max(others), 1))
    mark = "" if result.median <= GOAL else "  over the goal"
    print(f"{database:11} {name:32} {result.median:7.1f} ms, slowest {result.slowest:7.1f}{mark}", flush=True)
    return result


async def fill(work: Casework, cases: int, own: int) -> None:
    """Store the cases, some hundreds in a transaction."""
    chance = random.Random(7)
    organizations = load_organizations()
    within = sorted(reach([CITY], organizations))
    beyond = [name for name in organizations.organizations if name not in within]
    unions = [chance.choice(within) for _ in range(own)] + [chance.choice(beyond) for _ in range(cases - own)]
    chance.shuffle(unions)
    now = work.office.clock.now
    for start in range(0, cases, BATCH):
        batch = unions[start : start + BATCH]
        changes = [_case(work, union, start + place, chance) for place, union in enumerate(batch)]
        await work.storage.cases.apply(changes, now)


def _case(work: Casework, union: str, number: int, chance: random.Random) -> OpenCase:
    """Return a case of a union with what happened to it."""
    at = work.office.clock.now - timedelta(minutes=chance.randrange(500_000))
    story = (
        f"第 {number} 件：" + _SAID * chance.randrange(2, 6) + ("还有一辆紫色的三轮车。" if number % 40 == 0 else "")
    )
    employer = f"十堰第{chance.randrange(3_000)}建筑有限公司"
    content = Content(
        facts=Facts(story, employer=employer, place="十堰", wish="把工钱要回来"),
        categories=(chance.choice(list(Category)),),
        urgency=chance.choices(list(Urgency), (90, 9, 1))[0],
        region="十堰",
        organization=union,
        department="rights",
        reason="在十堰。",
    )
    person: NewClaimant = house.claimant(f"{number}", anonymous=False, name=f"张{number}", telephone=f"138{number:08}")
    return OpenCase(tuple(_events(content, at)), (person,))


def _events(content: Content, at: datetime) -> Iterator[Event]:
    case = house.new_case(at, content)
    where = Content(organization=content.organization, department="rights", reason="在十堰。")
    for move, actor, said in (
        (Move.TRIAGE, house.TRIAGE, Content()),
        (Move.DISPATCH, house.TRIAGE, where),
        (Move.ACCEPT, house.HANDLER, Content()),
        (Move.START, house.HANDLER, Content()),
        (Move.SAY, house.WORKER, Content(text=_SAID)),
        (Move.SAY, house.HANDLER, Content(text="我们这两天就去找单位，有了消息马上告诉您。")),
    ):
        case = house.done(case, move, actor, at, said)
    yield from case.events


if __name__ == "__main__":
    main()
