"""Keep the words of one generation, its documents and passages, in one read-only SQLite file."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from knowledge.model import Block, BlockKind, Document, DocumentKind, Passage, Statute, Validity

_SCHEMA = """
CREATE TABLE documents (row INTEGER PRIMARY KEY, source TEXT NOT NULL, record, digest BLOB NOT NULL,
                        data BLOB NOT NULL);
CREATE TABLE passages (row INTEGER PRIMARY KEY, key BLOB NOT NULL, data BLOB NOT NULL);
"""
_INDEX = "CREATE INDEX documents_by_source ON documents (source, record)"

_STATED = ("title", "kind", "law", "issued", "validity", "regions", "categories", "warnings")
_OUTLINES = "SELECT source, record, json_object({}) FROM documents ORDER BY source, row".format(  # noqa: S608
    ", ".join(f"'{name}', json_extract(CAST(data AS TEXT), '$.{name}')" for name in _STATED)
)

DocumentKey = tuple[str, int | str | None]  # source and record


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document states of itself."""

    source: str
    record: int | str | None
    title: str
    kind: DocumentKind
    law: str | None
    issued: date | None
    validity: Validity
    regions: tuple[str, ...]
    categories: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A document or passage in the form that it is kept in."""

    data: bytes
    digest: bytes  # a document's content, or what a passage's vector was made from


def encode(item: Document | Passage) -> bytes:
    """Return the JSON that `Archive` gives the item back from."""
    return orjson.dumps(item)


class ArchiveWriter:
    """Write documents and passages in the order of their rows."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        # Nobody reads the file before it is whole, and a folder that was not finished is thrown away.
        self._database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA} BEGIN;")

    def add_document(self, document: Document, kept: Kept) -> None:
        """Append a document."""
        self._database.execute(
            "INSERT INTO documents (source, record, digest, data) VALUES (?, ?, ?, ?)",
            (document.source, document.record, kept.digest, kept.data),
        )

    def add_passages(self, first: int, passages: Iterable[Kept]) -> None:
        """Append passages from row `first` on."""
        self._database.executemany(
            "INSERT INTO passages (row, key, data) VALUES (?, ?, ?)",
            ((row, kept.digest, kept.data) for row, kept in enumerate(passages, first)),
        )

    def finish(self) -> None:
        """Commit and close."""
        self._database.execute(_INDEX)
        self._database.execute("COMMIT")
        self._database.close()

    def close(self) -> None:
        """Close without a commit; does no harm after `finish`."""
        self._database.close()


class Archive:
    """Give passages by row and documents by source; safe to share between threads."""

    def __init__(self, path: Path, passages: int) -> None:
        """Open the file; raise sqlite3.Error or ValueError where it is not whole: `passages` are how many it holds."""
        # `immutable` takes no lock and looks for no journal: nothing writes into a finished generation.
        self._database = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
        )
        self._lock = threading.Lock()
        (found,) = self._database.execute("SELECT count(*) FROM passages").fetchone()
        if found != passages:
            raise ValueError(f"{path} holds {found} passages instead of {passages}")

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of the rows, in the order asked for."""
        marks = ",".join("?" * len(rows))
        with self._lock:
            found = dict(
                self._database.execute(f"SELECT row, data FROM passages WHERE row IN ({marks})", rows)  # noqa: S608
            )
        return [decode_passage(found[row]) for row in rows]

    def document(self, source: str, record: int | str | None = None) -> Document | None:
        """Return the document of a source, or of one record in it; None if there is none."""
        with self._lock:
            row = self._database.execute(
                "SELECT data FROM documents WHERE source = ? AND record IS ? LIMIT 1", (source, record)
            ).fetchone()
        return None if row is None else decode_document(row[0])

    def outlines(self) -> list[Outline]:
        """Return what each document states of itself, in the order of the sources; texts are not read."""
        with self._lock:
            rows = self._database.execute(_OUTLINES).fetchall()
        return [Outline(source, record, **_typed(orjson.loads(data))) for source, record, data in rows]

    def digests(self) -> dict[DocumentKey, bytes]:
        """Return every document's content digest."""
        with self._lock:
            return {
                (source, record): digest
                for source, record, digest in self._database.execute("SELECT source, record, digest FROM documents")
            }

    def keys(self) -> dict[bytes, int]:
        """Return the row of each passage by what its vector was made from."""
        with self._lock:
            return dict(self._database.execute("SELECT key, row FROM passages"))

    def all_passages(self) -> Iterator[Passage]:
        """Yield every passage in the order of the rows."""
        with self._lock, closing(self._database.execute("SELECT data FROM passages ORDER BY row")) as cursor:
            for (data,) in cursor:
                yield decode_passage(data)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def decode_passage(data: bytes) -> Passage:
    """Return the passage that `encode` made this of."""
    fields = orjson.loads(data)
    del fields["id"]
    return Passage(**_typed(fields) | {"block": BlockKind(fields["block"]), "questions": tuple(fields["questions"])})


def decode_document(data: bytes) -> Document:
    """Return the document that `encode` made this of."""
    fields = orjson.loads(data)
    return Document(**_typed(fields) | {"blocks": tuple(map(_block, fields["blocks"]))})


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that documents and passages share their types back."""
    if "path" in fields:
        fields["path"] = tuple(fields["path"])
    return fields | {
        "kind": DocumentKind(fields["kind"]),
        "issued": _date(fields["issued"]),
        "validity": Validity(_date(fields["validity"]["effective"]), _date(fields["validity"]["expires"])),
        "regions": tuple(fields["regions"]),
        "categories": tuple(fields["categories"]),
        **({"statutes": _statutes(fields["statutes"])} if "statutes" in fields else {}),
        **({"warnings": tuple(fields["warnings"])} if "warnings" in fields else {}),
    }


def _block(fields: dict[str, Any]) -> Block:
    return Block(
        **fields
        | {
            "path": tuple(fields["path"]),
            "kind": BlockKind(fields["kind"]),
            "statutes": _statutes(fields["statutes"]),
            "questions": tuple(fields["questions"]),
        }
    )


def _statutes(items: list[dict[str, Any]]) -> tuple[Statute, ...]:
    return tuple(Statute(**item) for item in items)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
