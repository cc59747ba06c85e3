"""The process that reads one file that somebody brought: `python -m bot.indexing.reading TASK`.

Whatever a hostile file does, it does here: with little memory, for a short time, and to nothing but this process.
"""

import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ingest.readers import ReadError, read
from ingest.readers.encoding import decode
from ingest.readers.shapes import document_of_markdown
from ingest.rewriting import as_markdown, restated, with_head
from ingest.sources import SourceFile
from ingest.splitter import split

LIMITS = (
    (resource.RLIMIT_AS, 3 << 30),  # bytes of addresses; readers of pictures reserve far more than they use
    (resource.RLIMIT_CPU, 30),  # seconds
    (resource.RLIMIT_FSIZE, 64 << 20),  # bytes of a file that it writes
)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read: a file of this name, or Markdown that was a file once."""

    path: str
    name: str
    convert: bool
    stated: dict[str, Any] | None = None  # the fields of a `Stated`


def main(task: Task) -> bytes:
    """Return JSON: `text`, with `document` and `passages` unless it is only converted, or why it is `unreadable`."""
    for limit, most in LIMITS:
        resource.setrlimit(limit, (most, most))
    try:
        return orjson.dumps(_converted(task) if task.convert else _understood(task))
    except ReadError as error:
        return orjson.dumps({"unreadable": str(error)})
    except (MemoryError, RecursionError):
        return orjson.dumps({"unreadable": "is too large or too deep to be read: split it"})


def _converted(task: Task) -> dict[str, object]:
    path = Path(task.path)
    if task.name.lower().endswith((".md", ".markdown")):
        return {"text": with_head(decode(path.read_bytes()), task.name)}
    documents = read(SourceFile(path, task.name, path.stat().st_size, 0.0))
    if len(documents) != 1:
        raise ReadError("holds more than one document: bring them one by one")
    return {"text": as_markdown(documents[0])}


def _understood(task: Task) -> dict[str, object]:
    text = decode(Path(task.path).read_bytes())
    if task.stated is not None:
        text = restated(text, task.stated)
    document = document_of_markdown(text, task.name)
    return {"text": text, "document": document, "passages": split(document)}


if __name__ == "__main__":
    sys.stdout.buffer.write(main(Task(**orjson.loads(sys.argv[1]))))
