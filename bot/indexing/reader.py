"""Reads what people bring, each file in a process of its own."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from bot.desk.knowledge.ports import Stated, Understood, UnreadableError
from bot.indexing.reading import Task
from knowledge.archive import decode_document, decode_passage

SECONDS = 60.0  # for one file
KEPT = 16  # texts that need not be read again, for a draft is looked at many times
FORMATS = (".md", ".markdown", ".txt", ".html", ".htm", ".docx", ".pptx", ".xlsx", ".csv", ".pdf")
_ENVIRONMENT = {"LANG": "C.UTF-8"}  # no secret of ours is there to be read


class FileReader:
    """Implements `Reader`; one file at a time, for two cores have a bot to serve."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._understood: OrderedDict[tuple[str, str, Stated | None], Understood] = OrderedDict()

    async def convert(self, name: str, content: bytes) -> str:
        """Return a file's words as Markdown with front matter; raise UnreadableError."""
        if not name.lower().endswith(FORMATS):
            raise UnreadableError("is of no kind that can be read")
        text: str = (await self._read(name, content, convert=True))["text"]
        return text

    async def understand(self, source: str, text: str, stated: Stated | None = None) -> Understood:
        """Return what an index would make of a Markdown text of which this is stated; raise UnreadableError."""
        asked = (source, text, stated)
        if (known := self._understood.get(asked)) is None:
            found = await self._read(source, text.encode("utf8", "replace"), convert=False, stated=stated)
            known = self._understood[asked] = Understood(
                found["text"],
                decode_document(orjson.dumps(found["document"])),
                tuple(decode_passage(orjson.dumps(passage)) for passage in found["passages"]),
            )
            while len(self._understood) > KEPT:
                self._understood.popitem(last=False)
        return known

    async def _read(self, name: str, content: bytes, *, convert: bool, stated: Stated | None = None) -> Any:
        async with self._one:
            with tempfile.TemporaryDirectory(prefix="niangjia-") as folder:
                path = Path(folder) / f"file{Path(name).suffix.lower()}"  # some libraries look at the ending
                await asyncio.to_thread(path.write_bytes, content)
                answer = await _ask(Task(str(path), name, convert, asdict(stated) if stated else None), folder)
        if "unreadable" in answer:
            raise UnreadableError(answer["unreadable"])
        return answer


async def _ask(task: Task, folder: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.indexing.reading",
        orjson.dumps(asdict(task)).decode(),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**_ENVIRONMENT, "HOME": folder, "TMPDIR": folder},
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate()
        return orjson.loads(said)
    except (TimeoutError, ValueError) as error:  # it took too long, or was killed for what it took
        raise UnreadableError("could not be read: it may be broken, or far too large") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
