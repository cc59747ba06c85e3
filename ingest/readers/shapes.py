"""What shape a text has, whatever the format that it came in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.draft import Draft, Paragraph, fill
from ingest.readers.errors import ReadError
from ingest.readers.markdown import read_markdown, split_front_matter
from ingest.reports import read_report
from ingest.statutes import file_date, looks_like_statute, read_statute
from knowledge.model import Document, DocumentKind
from knowledge.regions import load_regions


def document_of_text(text: str, source: str) -> Document:
    """Return a statute or a report, by the text's shape."""
    _require_words(text)
    return (read_statute if looks_like_statute(text.split("\n")) else read_report)(text, source)


def document_of_markdown(text: str, source: str) -> Document:
    """Return a statute or a guide, by the text's shape; front matter may say more of a statute than its own head."""
    front, body = split_front_matter(text)
    _require_words(body)
    if front.guide or not looks_like_statute(body.split("\n")):
        return read_markdown(text, source)
    document = read_statute(body, source)
    return replace(
        document,
        validity=front.validity if front.given else document.validity,
        issued=front.issued or document.issued,
        regions=document.regions if front.regions is None else front.regions,
        categories=front.categories,
        warnings=(*document.warnings, *front.warnings),
    )


def document_of_paragraphs(paragraphs: Sequence[Paragraph], source: str, title: str | None = None) -> Document:
    """Return a statute, a guide under the paragraphs' headings, or without any headings a report."""
    lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n")]
    _require_words("".join(lines))
    if looks_like_statute(lines):
        return read_statute("\n".join(lines), source)
    if not any(paragraph.level for paragraph in paragraphs):
        document = read_report("\n\n".join(lines), source)
        return replace(document, title=title) if title else document
    tops = [paragraph for paragraph in paragraphs if paragraph.level == 1]
    draft, rest = Draft(), list(paragraphs)
    if len(tops) == 1:  # a title rather than a section
        title = tops[0].text
        rest.remove(tops[0])
        draft.unlisted(title)
    fill(draft, rest)
    title = title or PurePosixPath(source).stem
    regions = load_regions().of_document(title, source)
    return draft.build(source, title, DocumentKind.GUIDE, issued=file_date(source), regions=regions)


def _require_words(text: str) -> None:
    if not text.strip():
        raise ReadError("holds no text")
