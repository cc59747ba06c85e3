"""Holds every quote against its source: what is not there, word for word, is not cited."""

from collections.abc import Callable, Iterable

from knowledge.model import Citation, Document


def verified(citations: Iterable[Citation], document: Callable[[str], Document | None]) -> tuple[Citation, ...]:
    """Return the citations whose quote stands in the source's text at its span; the others are left out."""
    return tuple(citation for citation in citations if stands(citation, document(citation.source)))


def stands(citation: Citation, document: Document | None) -> bool:
    """Tell whether the quote is the document's text at the citation's span."""
    return (
        document is not None
        and bool(citation.quote)
        and document.text[citation.start : citation.end] == citation.quote
    )
