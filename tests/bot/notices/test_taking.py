from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx2
import pytest
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.notices import words
from bot.notices.duty import Duty
from bot.notices.links import LIFETIME, TAKE_PATH
from bot.notices.ports import Taken
from bot.notices.roster import Roster
from bot.notices.taking import Taking, build_take
from knowledge.calendar import load_calendar
from knowledge.organizations import load_organizations
from tests.bot.fakes import Clock
from tests.bot.notices.notes import CASE, EMERGENCY, UNION, links

GROUP = "-1001234567890"
ENTRY = {"unions": [UNION], "hours": "always"}
ROSTER = TypeAdapter(Roster).validate_python(
    {
        "people": [
            {**ENTRY, "name": "值班群", "channel": "telegram", "address": GROUP},
            {**ENTRY, "name": "王芳", "channel": "email", "address": "wangfang@example.org"},
        ]
    }
)


class Fixed:
    def current(self) -> Roster:
        return ROSTER


class Book:
    """Knows one emergency."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, datetime]] = []

    async def take(self, case: str, by: str, at: datetime) -> Taken:
        if case != CASE:
            return Taken.GONE
        if self.taken:
            return Taken.ALREADY
        self.taken.append((case, by, at))
        return Taken.TAKEN


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def taking(book: Book, clock: Clock) -> Taking:
    duty = Duty(Fixed(), load_organizations(), load_calendar().is_working)
    return Taking(links(), duty, book, clock)


@pytest.fixture
async def client(taking: Taking) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=[Mount(TAKE_PATH.rstrip("/"), build_take(taking))])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://bot.example.org") as opened:
        yield opened


def page_of(clock: Clock, entry: str = "王芳") -> str:
    link = links().take(EMERGENCY, entry, clock.now)
    assert link is not None
    return link


async def test_opening_the_link_changes_nothing_however_often_and_whoever_looks(
    client: httpx2.AsyncClient, book: Book, clock: Clock
) -> None:
    for _ in range(3):
        page = await client.get(page_of(clock))
        assert page.status_code == 200
    assert CASE in page.text and words.TAKE in page.text and "<form" in page.text
    assert (await client.head(page_of(clock))).status_code == 405
    assert book.taken == []


async def test_the_button_takes_it_once_and_says_so(client: httpx2.AsyncClient, book: Book, clock: Clock) -> None:
    first = await client.post(page_of(clock))
    second = await client.post(page_of(clock, "值班群"))
    assert words.TAKEN in first.text and "<form" not in first.text
    assert words.ALREADY in second.text
    assert book.taken == [(CASE, "王芳", clock.now)]


async def test_an_old_or_changed_link_says_what_to_do_and_takes_nothing(
    client: httpx2.AsyncClient, book: Book, clock: Clock
) -> None:
    link = page_of(clock)
    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    for method in ("GET", "POST"):
        answer = await client.request(method, forged)
        assert (answer.status_code, words.EXPIRED in answer.text) == (404, True)
    clock.now += LIFETIME + timedelta(seconds=1)
    assert words.EXPIRED in (await client.post(link)).text
    assert book.taken == []


async def test_a_form_on_another_site_takes_nothing(client: httpx2.AsyncClient, book: Book, clock: Clock) -> None:
    answer = await client.post(page_of(clock), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert book.taken == []


async def test_the_page_is_kept_nowhere_and_tells_no_other_site_where_it_was(
    client: httpx2.AsyncClient, clock: Clock
) -> None:
    page = await client.get(page_of(clock))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert (await client.get(style)).headers["content-type"].startswith("text/css")
    assert (await client.get("/take/static/0/other.css")).status_code == 404
