"""What Prometheus reads: counts and times of the whole, and nothing about anybody."""

import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import version
from ipaddress import ip_address
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PARTS = frozenset({"chat", "desk", "documents", "static", "take", "telegram"})  # first words of addresses
Counts = Callable[[], Awaitable[Mapping[Any, int]]]  # rows by state, an enumeration of the queue's own


class Metrics:
    """Counts what passes through, and asks how much waits in each queue whenever it is read."""

    def __init__(self, queues: Mapping[str, Counts], generation: Callable[[], str], token: str | None = None) -> None:
        """`queues` count their rows; without a `token` that readers must bring, only this machine reads."""
        self._queues = queues
        self._generation = generation
        self._token = token
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "niangjia_http_requests", "Requests by part and status.", ("part", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "niangjia_http_seconds", "Seconds until an answer began.", ("part",), registry=self._registry
        )
        self._rows = Gauge("niangjia_rows", "Rows of a queue by state.", ("queue", "state"), registry=self._registry)
        self._serving = Gauge("niangjia_info", "What serves.", ("version", "generation"), registry=self._registry)

    async def page(self, request: Request) -> Response:
        """Return the figures to who may read them; a queue that cannot be counted is left out."""
        if not self._allowed(request):
            told = "Read this from the machine itself, or with METRICS_TOKEN as bearer token.\n"
            return PlainTextResponse(told, 403, headers={"Cache-Control": "no-store"})
        self._rows.clear()
        for queue, counts in self._queues.items():
            for state, count in (await _counted(counts)).items():
                self._rows.labels(queue, state).set(count)
        self._serving.clear()
        self._serving.labels(version("niangjia"), self._generation()).set(1)
        figures = generate_latest(self._registry)
        return Response(figures, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count an answer that has begun; of its path only the part is kept."""
        first = path.strip("/").partition("/")[0]
        part = first if first in PARTS else "other"
        self._requests.labels(part, str(status)).inc()
        self._seconds.labels(part).observe(seconds)

    def _allowed(self, request: Request) -> bool:
        if self._token is not None:
            brought = request.headers.get("authorization", "")
            return hmac.compare_digest(brought.encode(), f"Bearer {self._token}".encode())
        try:
            return request.client is not None and ip_address(request.client.host).is_loopback
        except ValueError:
            return False


class Watched:
    """Tells the metrics of each answer of an application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and count its answer as it begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(scope["path"], message["status"], time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, counted)


async def _counted(counts: Counts) -> Mapping[Any, int]:
    try:
        return await counts()
    except Exception:  # `/readyz` tells what is wrong
        return {}
