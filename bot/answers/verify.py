"""Holds every quote against its source: what is not there, word for word, is not cited."""

from knowledge.model import Citation, Document


def stands(citation: Citation, document: Document | None) -> bool:
    """Tell whether the quote is the document's text at the citation's span."""
    if document is None or not citation.quote or citation.end - citation.start != len(citation.quote):
        return False
    return document.text[citation.start : citation.end] == citation.quote
