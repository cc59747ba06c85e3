"""Choose the reader by a file's ending, and the shape of the text by the text itself."""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from ingest.readers.encoding import decode
from ingest.readers.errors import ReadError
from ingest.readers.markdown import read_markdown
from ingest.reports import read_report
from ingest.sources import Failure, SourceFile
from ingest.statutes import looks_like_statute, read_statute
from knowledge.model import Document

MAX_BYTES = 100 * 1024 * 1024


def iter_documents(file: SourceFile, *, max_bytes: int = MAX_BYTES) -> Iterator[Document | Failure]:
    """Yield the file's documents as they are read; what cannot be read comes as a `Failure`, and nothing is raised."""
    try:
        yield from _documents(file, max_bytes)
    except ReadError as error:
        yield Failure(file.source, str(error))
    except OSError as error:
        yield Failure(file.source, f"cannot be opened: {error.strerror or error}")


def read(file: SourceFile, *, max_bytes: int = MAX_BYTES) -> list[Document]:
    """Return all documents of a file; raise `ReadError` for the first thing that cannot be read."""
    documents: list[Document] = []
    for found in iter_documents(file, max_bytes=max_bytes):
        if isinstance(found, Failure):
            raise ReadError(f"{found.source} {found.reason}")
        documents.append(found)
    return documents


def _documents(file: SourceFile, max_bytes: int) -> Iterator[Document]:
    if file.size == 0:
        raise ReadError("is empty")
    if file.size > max_bytes:
        raise ReadError(f"is {file.size / 2**20:.0f} MB, more than {max_bytes / 2**20:.0f} MB: split it")
    reader = _READERS.get(PurePosixPath(file.source).suffix.lower())
    if reader is None:
        raise ReadError(f"is of no known kind; known are {' '.join(sorted(_READERS))}")
    yield from reader(file)


def _read_text(file: SourceFile) -> Iterator[Document]:
    text = decode(file.path.read_bytes())
    yield (read_statute if looks_like_statute(text.split("\n")) else read_report)(text, file.source)


def _read_markdown(file: SourceFile) -> Iterator[Document]:
    text = decode(file.path.read_bytes())
    yield (read_statute if looks_like_statute(text.split("\n")) else read_markdown)(text, file.source)


_READERS: dict[str, Callable[[SourceFile], Iterator[Document]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
}
