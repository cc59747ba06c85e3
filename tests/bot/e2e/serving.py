"""`niangjia serve` as an operator runs it: a process of its own, in a folder without any setting."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings

NIANGJIA = Path(sys.executable).with_name("niangjia")
PATIENCE = 60  # seconds, for a busy machine
_OPEN = re.compile(r"is open: (http://\S+)")


@dataclass(frozen=True, slots=True)
class Serving:
    """A running bot."""

    url: str
    home: Path
    process: Process
    said: list[str]  # the lines that it printed before it could be opened

    async def ends(self) -> tuple[int, str]:
        """Wait until it has stopped; return its exit code and what it complained of."""
        async with asyncio.timeout(PATIENCE):
            _, errors = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()


async def start(home: Path, *words: str, **settings: str) -> Process:
    """Run `niangjia` with these words; no setting but the given ones reaches it."""
    return await asyncio.create_subprocess_exec(
        NIANGJIA, *words, "--home", str(home), cwd=home, env=_environment(settings), stdout=PIPE, stderr=PIPE
    )


async def ran(home: Path, *words: str) -> tuple[int, str, str]:
    """Run `niangjia` to its end; return exit code, output and complaints."""
    process = await start(home, *words)
    async with asyncio.timeout(PATIENCE):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


@asynccontextmanager
async def serving(home: Path, **settings: str) -> AsyncIterator[Serving]:
    """Serve a home at a free port until the block ends."""
    process = await start(home, "serve", "--port", "0", **settings)
    said: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE):
            url = await _address(process, said)
        yield Serving(url, home, process, said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _address(process: Process, said: list[str]) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode().rstrip())
        if match := _OPEN.search(said[-1]):
            return match[1]
    _, errors = await process.communicate()
    raise AssertionError(f"it ended before it could be opened: {said} {errors.decode()}")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | dict(settings)
