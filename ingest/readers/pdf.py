"""PDF: the text of its pages; pages that are pictures go through OCR."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from ingest.mending import unwrap
from ingest.readers.encoding import normalise_lines
from ingest.readers.errors import ReadError
from ingest.readers.ocr import OcrEngine

_SCALE = 150 / 72  # of a point: enough for OCR to read print
_LONGEST = 6_000  # pixels of a page: a poster, or somebody who means harm
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FE0)}


def read_pdf(path: Path, engine: Callable[[], OcrEngine]) -> list[str]:
    """Return the paragraphs of a PDF; `engine` is asked for only where no page has text."""
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("is protected by a password: save it without one") from error
        raise ReadError("is broken: it cannot be read as a PDF") from error
    try:
        pages = [_text(page) for page in pdf]
        if not any("".join(page).strip() for page in pages):
            pages = [engine().lines(_drawn(page)) for page in pdf]
    except pypdfium2.PdfiumError as error:
        raise ReadError("is broken: one of its pages cannot be read") from error
    finally:
        pdf.close()
    paragraphs = unwrap(pages)
    if not paragraphs:
        raise ReadError("holds no text")
    return paragraphs


def _drawn(page: Any) -> NDArray[np.uint8]:
    """Return a page as a picture, a huge one at a coarser scale."""
    scale = min(_SCALE, _LONGEST / max(*page.get_size(), 1))
    return np.asarray(page.render(scale=scale).to_pil().convert("RGB"))


def _text(page: Any) -> list[str]:
    """Return a page's lines; radicals that some fonts put in a character's place become the character."""
    text_page = page.get_textpage()
    try:
        return normalise_lines(text_page.get_text_bounded()).translate(_RADICALS).split("\n")
    finally:
        text_page.close()
