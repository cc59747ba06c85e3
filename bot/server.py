"""The web server: the address it takes, and how it ends."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import uvicorn

from knowledge.errors import NiangjiaError


class Server(uvicorn.Server):
    """Comes to its end on SIGINT and SIGTERM, so that what follows is done; uvicorn would die of them first."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        """`stopping` is set before open connections are waited for."""
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the streams end, then wait for what is under way."""
        self._stopping.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ask the server to stop at a signal, instead of raising it once more afterwards."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """Take the address; raise NiangjiaError where it cannot be had."""
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        reason = str(error.strerror).partition(" (while ")[0]  # what follows only names the address once more
        raise NiangjiaError(
            f"Cannot listen at {host}:{port} ({reason}): choose another port, "
            "with PORT=8001 before or after `make serve` or with --port."
        ) from error


def address(listening: socket.socket) -> str:
    """Return where a browser of this machine finds the server, also if it listens at all addresses."""
    host, port = listening.getsockname()[:2]
    return f"http://{'127.0.0.1' if ip_address(host).is_unspecified else host}:{port}"
