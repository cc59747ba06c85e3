"""The one application that the server runs: chat page, desk, what a link in a notice opens, a webhook, a watchdog."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from bot.desk.doors import PREFIX as DESK
from bot.metrics import Metrics, Watched
from bot.notices.links import TAKE_PATH

Check = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a messenger calls us, and what answers it."""

    path: str
    handle: Callable[[Request], Awaitable[Response]]


def build_http(
    web: ASGIApp,
    *,
    checks: Mapping[str, Check],
    desk: ASGIApp | None = None,
    take: ASGIApp | None = None,
    webhook: Webhook | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the application; `/readyz` is 200 as soon as every check, by name, tells that its part is there."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> Response:
        return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})

    @app.get("/readyz")
    async def readyz() -> Response:
        states = {name: await _holds(check) for name, check in checks.items()}
        ready = all(states.values())
        return JSONResponse(states, 200 if ready else 503, headers={"Cache-Control": "no-store"})

    if metrics is not None:
        app.add_middleware(Watched, metrics=metrics)
        app.add_route("/metrics", metrics.page)
    if webhook is not None:
        app.add_route(webhook.path, webhook.handle, methods=["POST"])
    if desk is not None:
        app.add_route(DESK, lambda request: RedirectResponse(f"{DESK}/"))
        app.mount(DESK, desk)
    if take is not None:
        app.mount(TAKE_PATH.rstrip("/"), take)
    app.mount("/", web)
    return app


async def _holds(check: Check) -> bool:
    try:
        return await check()
    except Exception:  # whatever is wrong with a part, the answer is that it is not there
        return False
