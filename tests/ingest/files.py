"""Real files made on the fly, and the passages that are read from them."""

from pathlib import Path

from ingest.readers import read
from ingest.sources import SourceFile, walk
from ingest.splitter import split
from knowledge.model import Document, Passage


def source_file(path: Path) -> SourceFile:
    (found,) = walk(path)
    assert isinstance(found, SourceFile)
    return found


def document(path: Path) -> Document:
    (found,) = read(source_file(path))
    return found


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def passages(path: Path) -> list[Passage]:
    return split(document(path))
