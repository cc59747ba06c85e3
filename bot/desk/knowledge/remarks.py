"""What somebody should look at before they let a text in."""

from collections.abc import Collection, Iterator
from datetime import date

from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.ports import Understood
from bot.redaction import redact
from knowledge.model import DocumentKind

FEW_CHARACTERS = 12  # of a passage that says next to nothing by itself


def remarks(understood: Understood, regions: Collection[str], today: date) -> Iterator[str]:
    """Yield a sentence for each; none of them keeps the text out. It is to hold in `regions`, or everywhere."""
    document, passages = understood.document, understood.passages
    if not passages:
        yield words.NO_PASSAGES
    if redact(document.text) != document.text:
        yield words.PERSONAL
    if document.validity.expires is not None and document.validity.expires <= today:
        yield words.EXPIRED
    if document.validity.effective is not None and document.validity.effective > today:
        yield words.later(document.validity.effective)
    if not regions:
        yield words.EVERYWHERE
    if document.kind is DocumentKind.REPORT:
        yield words.REPORT
    if document.validity.effective is None:
        yield words.NO_DATE
    bare = sum(not passage.path and not passage.article for passage in passages)
    if bare:
        yield words.bare(bare)
    short = sum(len(passage.text) < FEW_CHARACTERS for passage in passages)
    if short > len(passages) / 2:
        yield words.SHORT
    for warning in document.warnings:
        yield words.reader_says(reasons.noticed(warning))
