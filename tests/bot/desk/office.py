"""The desk of a few unions on loopback: real pages, real storage; only the clock is ours, and Argon2 is quick."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pyotp
import uvicorn
from argon2 import PasswordHasher
from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from bot.audit import CLI
from bot.desk.accounts import Accounts
from bot.desk.app import Desk, build_desk
from bot.desk.credentials import Passwords
from bot.desk.journeys import Journeys
from bot.desk.logins import LoginLimits, Logins
from bot.desk.provider import Client, IdentityProvider
from bot.desk.rooms import Rooms
from bot.desk.staff import Role, Staff
from bot.desk.subjects import Subjects
from bot.http import build_http
from bot.pages.limits import Rate
from bot.storage.case_numbers import SqlCaseNumbers
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from knowledge.organizations import load_organizations
from tests.bot.fakes import Clock

PROVINCE, CITY, COUNTY, OTHER_CITY = "湖北省总工会", "十堰市总工会", "郧西县总工会", "随州市总工会"
PASSWORD = "三月 purple 风筝 kettle"
GENERATION = "20261121T080000-0a1b2c3d"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PLENTY = LoginLimits(Rate(1_000_000, 1), Rate(1_000_000, 1), Rate(1_000_000, 1))
Pages = Callable[[Rooms, Storage], Sequence[APIRouter]]
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{32})"')


@dataclass
class Browser:
    """Somebody at the desk, as a browser without scripts."""

    client: httpx2.AsyncClient
    page: httpx2.Response | None = None

    async def opens(self, path: str) -> httpx2.Response:
        """Open a page, wherever it leads."""
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    async def sends(self, path: str, **fields: Any) -> httpx2.Response:
        """Send a form of the page that is open, and go where it leads."""
        self.page = await self.posts(path, **fields, csrf=self.csrf)
        if self.page.is_redirect:
            return await self.opens(self.page.headers["location"])
        return self.page

    async def posts(self, path: str, **fields: Any) -> httpx2.Response:
        """Send fields as they are."""
        return await self.client.post(path, data=fields)

    @property
    def csrf(self) -> str:
        """Return the token of the forms on the page that is open."""
        assert self.page is not None
        found = _CSRF.search(self.page.text)
        assert found, self.page.text
        return found[1]

    @property
    def text(self) -> str:
        """Return the words of the page that is open."""
        assert self.page is not None
        bare = re.sub(r"(?s)<(script|style|head).*?</\1>|<[^>]+>", " ", self.page.text)
        return " ".join(unescape(bare).split())

    @property
    def cookie(self) -> str:
        """Return the token in the cookie."""
        return self.client.cookies["niangjia-desk"]

    async def logs_in(self, login: str, password: str = PASSWORD) -> httpx2.Response:
        """Log in with a password."""
        await self.opens("/desk/login")
        return await self.sends("/desk/login", login=login, password=password)


@dataclass
class Office:
    """The running desk."""

    url: str
    storage: Storage
    accounts: Accounts
    desk: Desk
    clock: Clock
    secrets: dict[str, str] = field(default_factory=dict)  # of the second factors, by login

    def browser(self, **options: Any) -> Browser:
        """Return a new browser; it must be closed by its `client`."""
        return Browser(httpx2.AsyncClient(base_url=self.url, timeout=30, **options))

    async def hire(self, login: str, role: Role = Role.CLERK, *unions: str, factor: bool | None = None) -> Staff:
        """Add somebody who has taken up the invitation; an admin has a second factor unless it is said otherwise."""
        invited = self.accounts.invite(CLI, login=login, name=f"{login}同志", role=role, unions=unions or (CITY,))
        _, token = await invited
        staff = await self.accounts.join(token, f"{login}同志", PASSWORD, PASSWORD)
        if role is Role.ADMIN if factor is None else factor:
            secret = pyotp.random_base32()
            await self.logins.add_factor(staff, secret, pyotp.TOTP(secret).at(self.clock.now), "", address="")
            self.secrets[login] = secret
            self.clock.forward(seconds=30)
        return await self.accounts.named(login)

    async def admitted(self, login: str) -> Browser:
        """Return a browser in which this person has logged in, with the second factor if there is one."""
        browser = self.browser()
        page = await browser.logs_in(login)
        if page.url.path == "/desk/login/code":
            page = await browser.sends("/desk/login/code", code=self.code(login))
        assert page.url.path != "/desk/login", browser.text
        return browser

    def code(self, login: str) -> str:
        """Return a one-time password that was not used before."""
        self.clock.forward(seconds=30)
        return pyotp.TOTP(self.secrets[login]).at(self.clock.now)

    @property
    def logins(self) -> Logins:
        """Return what lets people in."""
        logins: Logins = self.desk.app.state.logins
        return logins


@asynccontextmanager
async def open_office(
    folder: Path,
    limits: LoginLimits = PLENTY,
    more: Pages = lambda rooms, storage: (),
    clock: Clock | None = None,
    client: Client | None = None,
    url: str | None = None,
) -> AsyncIterator[Office]:
    """Run a desk whose database lies in `folder`, with more pages and as `client` of a provider if there are any."""
    clock, organizations = clock or Clock(), load_organizations(home=folder)
    url = url or f"sqlite:///{folder / 'niangjia.db'}"
    seal, evidence = Seal(b"a secret of the tests only"), folder / "evidence"
    async with Storage(url, seal, evidence=evidence, organizations=organizations, now=clock) as storage:
        accounts = Accounts(storage.staff, Passwords(QUICK), organizations, clock)
        logins = Logins(accounts, storage.staff, storage.sessions, storage.audit, storage.throttle, clock, limits)
        provider = IdentityProvider(client, clock) if client else None
        journeys = (
            Journeys(provider, storage.journeys, storage.staff, logins, storage.audit, clock) if provider else None
        )
        desk = build_desk(
            accounts,
            logins,
            storage.audit,
            organizations,
            generation=lambda: GENERATION,
            now=clock,
            journeys=journeys,
            subjects=Subjects(SqlCaseNumbers(storage.database), {"0a1b2c3d": "探亲假怎么休"}.get),
            more=lambda rooms: more(rooms, storage),
        )
        app = build_http(PlainTextResponse("the chat page"), checks={}, desk=desk.guarded)
        config = uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Office(f"http://127.0.0.1:{port}", storage, accounts, desk, clock)
        finally:
            server.should_exit = True
            await serving
