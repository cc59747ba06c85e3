"""Word documents and slides, as paragraphs with their headings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pptx
from docx.table import Table
from pptx.util import Length

from ingest.draft import Paragraph
from ingest.readers.archives import check_office_file
from ingest.readers.errors import ReadError
from ingest.readers.tables import told_rows
from knowledge.model import BlockKind

_COLUMNS = 1_000  # of a table; Word makes 63
_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)


def read_docx(path: Path) -> list[Paragraph]:
    """Return a Word document's paragraphs and table rows, in their order; the style Title is level 1."""
    check_office_file(path)
    try:
        body = docx.Document(str(path)).iter_inner_content()
        return [paragraph for element in body for paragraph in _of_docx(element)]
    except Exception as error:  # python-docx raises whatever the broken part makes it raise
        raise ReadError("is broken: it cannot be read as a Word document") from error


def _of_docx(element: Any) -> Iterator[Paragraph]:
    if isinstance(element, Table):
        rows = ([_line(cell.text) for cell in _distinct(row)] for row in element.rows)
        yield from (
            Paragraph(words, kind=BlockKind.TABLE if is_row else BlockKind.TEXT) for is_row, words in told_rows(rows)
        )
    elif text := element.text.strip():
        name = element.style.name if element.style is not None else ""
        match = _HEADING_STYLE.match(name)
        level = 1 if name == "Title" else 1 + int(match[1]) if match else 0
        yield Paragraph(_line(text) if level else text, min(level, 6))


def _distinct(row: Any) -> list[Any]:
    """Return a row's cells, one that spans several columns once; raise ValueError for one that spans absurdly many."""
    if any(cell.grid_span > _COLUMNS for cell in row._tr.tc_lst):  # the library makes a cell of each
        raise ValueError("no table has so many columns")
    cells = row.cells
    return [cell for at, cell in enumerate(cells) if at == 0 or cell._tc is not cells[at - 1]._tc]


def read_pptx(path: Path) -> list[Paragraph]:
    """Return the slides' words in reading order, from top to bottom, each slide under its title, notes behind."""
    check_office_file(path)
    try:
        slides = pptx.Presentation(str(path)).slides
        return [paragraph for number, slide in enumerate(slides, 1) for paragraph in _of_slide(slide, number)]
    except Exception as error:  # python-pptx raises whatever the broken part makes it raise
        raise ReadError("is broken: it cannot be read as slides") from error


def _of_slide(slide: Any, number: int) -> Iterator[Paragraph]:
    title = slide.shapes.title
    words = _line(title.text_frame.text) if title is not None else ""
    body = [
        paragraph
        for shape in sorted(_flat(slide.shapes), key=lambda shape: (shape.top or Length(0), shape.left or Length(0)))
        if title is None or shape.shape_id != title.shape_id
        for paragraph in _of_shape(shape)
    ]
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None and notes.text.strip():
        body.append(Paragraph(notes.text.strip()))
    if words or body:
        yield Paragraph(words or f"第 {number} 页", 2)
        yield from body


def _flat(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _of_shape(shape: Any) -> Iterator[Paragraph]:
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            if text := "".join(run.text for run in paragraph.runs).strip():
                yield Paragraph(text)
    elif getattr(shape, "has_table", False):
        rows = ([_line(cell.text) for cell in row.cells] for row in shape.table.rows)
        yield from (
            Paragraph(words, kind=BlockKind.TABLE if is_row else BlockKind.TEXT) for is_row, words in told_rows(rows)
        )


def _line(text: str) -> str:
    return " ".join(text.split())
