"""Choose the reader by a file's ending."""

from collections.abc import Callable, Iterator

from ingest.mending import unwrap
from ingest.readers.encoding import decode
from ingest.readers.errors import ReadError
from ingest.readers.html import read_html
from ingest.readers.ocr import ocr_engine, read_picture
from ingest.readers.office import read_docx, read_pptx
from ingest.readers.pdf import read_pdf
from ingest.readers.records import read_records
from ingest.readers.shapes import document_of_markdown, document_of_paragraphs, document_of_text
from ingest.readers.tables import read_csv, read_xlsx
from ingest.sources import Failure, SourceFile
from knowledge.model import Document
from knowledge.regions import Regions, load_regions

MAX_BYTES = 100 * 1024 * 1024


def iter_documents(
    file: SourceFile, *, max_bytes: int = MAX_BYTES, regions: Regions | None = None
) -> Iterator[Document | Failure]:
    """Yield the file's documents as they are read; what cannot be read comes as a `Failure`, and nothing is raised.

    A document may hold in `regions` only, by default those that ship.
    """
    known = regions or load_regions()
    try:
        for found in _documents(file, max_bytes):
            unknown = () if isinstance(found, Failure) else [each for each in found.regions if each not in known]
            yield Failure(file.source, f"names the region {unknown[0]}, which is not in the list") if unknown else found
    except ReadError as error:
        yield Failure(file.source, str(error))
    except OSError as error:
        yield Failure(file.source, f"cannot be opened: {error.strerror or error}")
    except (MemoryError, RecursionError):
        yield Failure(file.source, "is too large or too deep to be read: split it")


def read(file: SourceFile, *, max_bytes: int = MAX_BYTES, regions: Regions | None = None) -> list[Document]:
    """Return all documents of a file as `iter_documents` does; raise `ReadError` for the first that cannot be read."""
    documents: list[Document] = []
    for found in iter_documents(file, max_bytes=max_bytes, regions=regions):
        if isinstance(found, Failure):
            line = f" line {found.line}" if found.line else ""
            raise ReadError(f"{found.source}{line} {found.reason}")
        documents.append(found)
    return documents


def _documents(file: SourceFile, max_bytes: int) -> Iterator[Document | Failure]:
    if file.size == 0:
        raise ReadError("is empty")
    if file.size > max_bytes:
        raise ReadError(f"is of {file.size / 2**20:.0f} MB, more than the {max_bytes / 2**20:.0f} MB allowed: split it")
    name = file.source.lower()
    reader = next((reader for ending, reader in _READERS.items() if name.endswith(ending)), None)
    if reader is None:
        raise ReadError(f"is of no kind that can be read; these can: {' '.join(sorted(_READERS))}")
    return reader(file)


def _one(read_file: Callable[[SourceFile], Document]) -> Callable[[SourceFile], Iterator[Document | Failure]]:
    def reader(file: SourceFile) -> Iterator[Document | Failure]:
        yield read_file(file)

    return reader


def _html(file: SourceFile) -> Document:
    title, paragraphs = read_html(file.path.read_bytes())
    return document_of_paragraphs(paragraphs, file.source, title)


def _picture(file: SourceFile) -> Document:
    return document_of_text("\n\n".join(unwrap([read_picture(file.path, ocr_engine)])), file.source)


_TEXT = _one(lambda file: document_of_text(decode(file.path.read_bytes()), file.source))
_MARKDOWN = _one(lambda file: document_of_markdown(decode(file.path.read_bytes()), file.source))
_HTML = _one(_html)
_PICTURE = _one(_picture)
_READERS: dict[str, Callable[[SourceFile], Iterator[Document | Failure]]] = {
    ".txt": _TEXT,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".docx": _one(lambda file: document_of_paragraphs(read_docx(file.path), file.source)),
    ".pptx": _one(lambda file: document_of_paragraphs(read_pptx(file.path), file.source)),
    ".xlsx": _one(lambda file: read_xlsx(file.path, file.source)),
    ".csv": _one(lambda file: read_csv(decode(file.path.read_bytes()), file.source)),
    ".pdf": _one(lambda file: document_of_text("\n\n".join(read_pdf(file.path, ocr_engine)), file.source)),
    ".jsonl": read_records,
    ".jsonl.gz": read_records,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), _PICTURE),
}
