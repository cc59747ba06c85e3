"""JSONL records, plain or gzipped, read as a stream: `{"id", "law" or "title", "article", "text"}` on each line."""

import gzip
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

import orjson

from ingest.readers.encoding import normalise_lines
from ingest.readers.errors import ReadError
from ingest.sources import Failure, SourceFile
from ingest.statutes import short_name
from knowledge.model import Block, BlockKind, Document, DocumentKind

MAX_LINE = 4 * 1024 * 1024  # bytes
MAX_UNPACKED = 1024 * 1024 * 1024  # bytes that a .gz may hold
MAX_RATIO = 200


def read_records(file: SourceFile) -> Iterator[Document | Failure]:
    """Yield a document for each record; a bad line is a failure of its own, and the others go in."""
    packed = file.source.lower().endswith(".gz")
    limit = min(MAX_UNPACKED, max(file.size * MAX_RATIO, MAX_LINE)) if packed else file.size
    seen: set[int | str] = set()
    try:
        with cast("IO[bytes]", gzip.open(file.path, "rb") if packed else file.path.open("rb")) as stream:
            for number, line in enumerate(_lines(stream, limit), 1):
                if not line.strip():
                    continue
                try:
                    document = _document(line.removeprefix(b"\xef\xbb\xbf"), file.source)
                except ReadError as error:
                    yield Failure(file.source, str(error), number)
                    continue
                record = cast("int | str", document.record)
                if record in seen:
                    yield Failure(file.source, f"repeats the id {record}", number)
                    continue
                seen.add(record)
                yield document
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError("is broken: it is no complete gzip file") from error


def _lines(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    while line := stream.readline(MAX_LINE + 1):
        total += len(line)
        if len(line) > MAX_LINE:
            raise ReadError(f"has a line of more than {MAX_LINE // 2**20} MB: it is no file of records")
        if total > limit:
            raise ReadError(f"unpacks to more than {limit / 2**20:.0f} MB, as a zip bomb does: it was not read further")
        yield line


def _document(line: bytes, source: str) -> Document:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ReadError(f"is no JSON record: {error}") from error
    if not isinstance(record, dict):
        raise ReadError("is no JSON record: an object is needed")
    name = record.get("id")
    if isinstance(name, bool) or not isinstance(name, int | str):
        raise ReadError("has no id that is a number or a word")
    law, article = _word(record, "law"), _word(record, "article")
    title = law or _word(record, "title")
    text = _word(record, "text")
    if not title or not text:
        raise ReadError(f"needs {'text' if title else 'a law or a title'}")
    text = normalise_lines(text).strip()
    kind = BlockKind.ARTICLE if article else BlockKind.TEXT
    return Document(
        source=source,
        title=short_name(title) if law else title,
        text=text,
        blocks=(Block(0, len(text), kind=kind, article=article),),
        kind=DocumentKind.RECORD,
        law=short_name(law) if law else None,
        record=name,
    )


def _word(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ReadError(f"has a {name} that is no text")
    return value.strip() or None if value else None
