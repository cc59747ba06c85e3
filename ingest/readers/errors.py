"""The one error of all readers."""

from knowledge.errors import NiangjiaError


class ReadError(NiangjiaError):
    """A file cannot be read; the message says why and what to do."""
