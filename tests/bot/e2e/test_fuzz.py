"""Whatever is sent to any route of the whole app, as whoever: no answer is an error of ours.

The routes are those that `bot.app.serve` puts together. What OpenAPI does not know of them, because the doors read
forms themselves, is added: the fields that stand in the desk's templates, and ids of what is really there. More is sent
by `FUZZ_EXAMPLES=100 make test ARGS=tests/bot/e2e/test_fuzz.py`.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from starlette.routing import Mount

import bot.desk
from bot import app as composition
from bot import http
from bot.app import site
from bot.cases.ports import Queue
from bot.desk.doors import csrf_of
from bot.desk.staff import Role
from bot.server import listen
from bot.settings import Settings
from bot.storage.seal import open_seal
from bot.storage.storage import Storage, utc_now
from knowledge.embedder import Embedder
from tests.bot.cases.house import open_case
from tests.bot.e2e.hiring import hiring, welcome_in
from tests.bot.e2e.serving import PATIENCE
from tests.library import index, write
from tests.telegram_api import TelegramApi

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error:Duplicate Operation ID"),  # of two routes one would not be walked
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))  # of each route and person
SECRET = "told-to-telegram-only"
UNION, OTHER = "荆州市总工会", "十堰市总工会"
COLLEAGUES = (
    ("clerk", Role.CLERK, UNION),
    ("other", Role.CLERK, OTHER),
    ("supervisor", Role.SUPERVISOR, UNION),
    ("auditor", Role.AUDITOR, UNION),
)
# These end the session that the walk needs, or begin minutes of work.
LEFT_OUT = re.compile(r"/desk/logout|/desk/account/sessions|/desk/knowledge/index|/chat/stream|/watch$")
FIELD = re.compile(r'(?:name=|parts\.field\()"(\w+)"')
TEMPLATES = Path(bot.desk.__file__).parent / "templates"


@dataclass(frozen=True)
class Whole:
    """The whole app as it is served."""

    url: str
    paths: Mapping[str, Any]  # OpenAPI, with the prefixes of what is mounted
    components: Mapping[str, Any]
    headers: Mapping[str, Mapping[str, str]]  # by who sends


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    home = folder / "home"
    index(home, write(folder / "papers"), encoder)
    async with TelegramApi() as telegram:
        settings = Settings(
            _env_file=None,
            niangjia_home=home,
            telegram_bot_token=telegram.token,
            telegram_api_base=telegram.base,
            telegram_webhook_secret=SECRET,
            oidc_issuer="http://127.0.0.1:9/",  # where nobody is, as on a bad day
            oidc_client_id="niangjia",
            public_url="http://127.0.0.1:1",
        )
        async with served(settings) as (app, url, link), hiring(url, link, *COLLEAGUES) as staff:
            async with Storage(settings.database, open_seal(home, None)) as storage:
                now = utc_now()
                await storage.cases.apply([open_case(now)], now)
                (row,) = (await storage.cases.queue(Queue())).rows
            known = {"number": row.number, "staff_id": "00000000", "source": "guides/驿站.md"}
            headers = {"stranger": stranger()}
            for login, browser in staff.items():
                await browser.opens("/desk/account")
                headers[login] = {"Cookie": f"niangjia-desk={browser.cookie}", "X-CSRF-Token": browser.csrf}
            paths, components = described(app, known)
            yield Whole(url, paths, components, headers)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[FastAPI, str, str]]:
    """Serve within this process; yield the app, its address and the link for the first admin."""
    apps: list[FastAPI] = []
    told: asyncio.Future[tuple[str, str | None]] = asyncio.get_running_loop().create_future()
    build = http.build_http

    def kept(*args: Any, **named: Any) -> FastAPI:
        apps.append(build(*args, **named))
        return apps[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "build_http", kept)
        listening = listen("127.0.0.1", 0)
        serving = asyncio.create_task(composition.serve(settings, listening, lambda *said: told.set_result(said)))
        try:
            async with asyncio.timeout(PATIENCE):
                url, link = await told
            yield apps[0], url, welcome_in(link or "")
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


def stranger() -> dict[str, str]:
    """Return what somebody sends who is at the chat page, has opened the login, and even knows Telegram's secret."""
    token = "x" * 43
    return {
        "Cookie": f"niangjia={'y' * 32}; niangjia-desk={token}",
        "X-CSRF-Token": csrf_of(token),
        "X-Telegram-Bot-Api-Secret-Token": SECRET,
    }


def described(app: FastAPI, known: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the paths and components of everything that is mounted."""
    paths: dict[str, Any] = {"/telegram/webhook": {"post": json_body({"update_id": {}, "message": {}})}}
    paths |= {path: {"get": {"responses": {}}} for path in ("/metrics", "/desk")}
    components: dict[str, Any] = {}
    for prefix, part in [("", app), *mounted(app)]:
        schema = part.openapi()
        components |= schema.get("components", {}).get("schemas", {})
        for path, methods in schema["paths"].items():
            paths[prefix + path.replace(":path}", "}")] = methods
    fields = sorted({name for page in TEMPLATES.rglob("*.html") for name in FIELD.findall(page.read_text("utf8"))})
    for path, methods in paths.items():
        for parameter in (each for method in methods.values() for each in method.get("parameters", ())):
            if parameter["name"] in known:
                parameter["schema"] = {"anyOf": [{"enum": [known[parameter["name"]]]}, parameter["schema"]]}
        if path.startswith(("/desk", "/take")) and "post" in methods:
            methods["post"]["requestBody"] = form_body(fields)
    paths["/chat/messages"]["post"] |= json_body({name: {} for name in ("key", "text", "action", "files")})
    return {path: methods for path, methods in paths.items() if not LEFT_OUT.search(path)}, components


def mounted(app: FastAPI) -> Iterator[tuple[str, FastAPI]]:
    for route in app.routes:
        if isinstance(route, Mount):
            inner: Any = route.app
            while not isinstance(inner, FastAPI):
                inner = getattr(inner, "app", None) or inner._app
            yield route.path, inner


def json_body(properties: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"anyOf": [{"type": "object", "properties": properties}, {}]}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}


def form_body(fields: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    return {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}


async def test_all_that_is_served_is_described(whole: Whole) -> None:
    for path in ("/", "/healthz", "/chat/messages", "/documents/{source}", "/take/{token}", "/desk/staff/{staff_id}"):
        assert path in whole.paths
    assert len(whole.paths) > 50


@pytest.mark.parametrize("who", ["stranger", "admin", "clerk", "other", "supervisor", "auditor"])
async def test_no_answer_is_an_error_of_ours(whole: Whole, who: str) -> None:
    paths = whole.paths if who == "stranger" else {path: whole.paths[path] for path in whole.paths if "/desk" in path}
    spec = {"openapi": "3.1.0", "info": {"title": "niangjia", "version": "1"}, "paths": paths}
    schema = schemathesis.openapi.from_dict({**spec, "components": {"schemas": whole.components}})
    answers = await asyncio.to_thread(fuzzed, schema, whole, who)
    broken = {told for status, told in answers if status >= 500 and "/readyz" not in told}
    assert broken == set()
    came_in = {status for status, told in answers if "/desk/account" in told}
    assert 200 in came_in or who == "stranger", "the session held until the end"
    assert len(answers) >= len(paths)


def fuzzed(schema: Any, whole: Whole, who: str) -> list[tuple[int, str]]:
    """Send examples of every route; return the status of each, and how to send it again."""
    answers: list[tuple[int, str]] = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @hypothesis_settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            answer = case.call(base_url=whole.url, headers=dict(whole.headers[who]), allow_redirects=False)
            answers.append((answer.status_code, case.as_curl_command()[:800]))

        send()
    return answers
