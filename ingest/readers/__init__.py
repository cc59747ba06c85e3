"""Turn a file of any known format into documents."""

from ingest.readers.dispatch import iter_documents, read
from ingest.readers.errors import ReadError

__all__ = ["ReadError", "iter_documents", "read"]
