"""A report as a Word document and as a spreadsheet."""

import io
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font

from bot.desk.reports import words
from bot.desk.reports.report import Line, Report

FONT, GRID, CELL = "仿宋", "Table Grid", "Cell"  # the font of official papers
SIZES = {"Normal": 12, "Heading 1": 14, "Title": 20, CELL: 10.5}  # points, by style
MARGINS = (37, 26, 35, 28)  # mm, as official papers have them: top, right, bottom, left
WIDTH = 8_844  # of a table, in twentieths of a point: 156 mm are left between the margins
BOLD, LARGE = Font(bold=True), Font(bold=True, size=14)  # of a spreadsheet
BLACK = RGBColor(0, 0, 0)  # headings are blue by default
_W = nsdecls("w")
_NUMBER = f'<w:fldSimple {_W} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'  # of the page


def docx_of(report: Report) -> bytes:
    """Return the report as a Word document."""
    document = Document(io.BytesIO(_blank()))
    document.core_properties.title = words.title(report)
    document.core_properties.author = ""
    document.add_heading(words.title(report), 0)
    document.add_paragraph(words.about(report))
    document.add_heading(words.SUMMARY, 1)
    for sentence in words.summary(report):
        document.add_paragraph(sentence)
    for heading, rows in _tables(report):
        document.add_heading(heading, 1)
        document.element.body.sectPr.addprevious(parse_xml(_table(rows)))
    document.add_paragraph(words.HOW)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx_of(report: Report) -> bytes:
    """Return the report as a spreadsheet: one sheet of all figures, and one for each table."""
    book = Workbook()
    sheet = book.active
    sheet.title = words.OVERVIEW
    for line in [(words.title(report),), (words.about(report),), *words.overview(report), (words.HOW,)]:
        sheet.append(line)
    sheet["A1"].font = LARGE
    sheet.column_dimensions["A"].width = 28
    for heading, rows in _tables(report):
        sheet = book.create_sheet(heading)
        for row in rows:
            sheet.append(row)
        for (cell,) in sheet.iter_rows(max_col=1):
            cell.data_type = "s"  # never a formula, whatever a worker's question begins with
        for cell in sheet[1]:
            cell.font = BOLD
            sheet.column_dimensions[cell.column_letter].width = 2 * len(str(cell.value)) + 2  # characters are wide
        sheet.column_dimensions["A"].width = 28
        sheet.freeze_panes = "B2"
        sheet.print_title_rows = "1:1"  # again on each page
        if heading in words.TABLES.values() and len(rows) > 2:  # more than the columns and the total
            sheet.add_chart(_plot(sheet, len(rows) - 1), f"A{len(rows) + 2}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@cache
def _blank() -> bytes:
    """Return an empty A4 page with a report's styles and none beside, for each paragraph looks through all of them."""
    document = Document()
    for style in list(document.styles):
        if style.name.removesuffix(" Char") not in {*SIZES, GRID, "Normal Table"}:
            style.delete()
    document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), BLACK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [each for each in fonts.attrib if each.lower().endswith("theme")]:
            del fonts.attrib[theme]  # it would go before the font
        fonts.set(qn("w:eastAsia"), FONT)
    for language in document.styles.element.xpath("//w:lang"):
        language.set(qn("w:eastAsia"), "zh-CN")
    document.styles[CELL].paragraph_format.space_after = Pt(0)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.right_margin, page.bottom_margin, page.left_margin = map(Mm, MARGINS)
    foot = page.footer.paragraphs[0]
    foot.style, foot.alignment = document.styles["Normal"], WD_ALIGN_PARAGRAPH.CENTER
    foot._element.append(parse_xml(_NUMBER))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _table(rows: Sequence[Sequence[object]]) -> str:
    """Return a table's XML: python-docx would look for the place, the width and the style of each cell."""
    narrow = WIDTH // (len(rows[0]) + 2)  # the first column is three times as wide
    widths = [WIDTH - narrow * (len(rows[0]) - 1), *[narrow] * (len(rows[0]) - 1)]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(_row(row, widths, head=not place) for place, row in enumerate(rows))
    look = f'<w:tblStyle w:val="TableGrid"/><w:tblW w:type="dxa" w:w="{WIDTH}"/>'
    return f"<w:tbl {_W}><w:tblPr>{look}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"


def _row(row: Sequence[object], widths: Sequence[int], *, head: bool) -> str:
    """Return a row's XML; the head stands above the table on each page."""
    bold, again = ("<w:rPr><w:b/></w:rPr>", "<w:tblHeader/>") if head else ("", "")
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{CELL}"/><w:jc w:val="{"center" if column else "left"}"/></w:pPr>'
        f"<w:r>{bold}<w:t>{escape(str(value))}</w:t></w:r></w:p></w:tc>"
        for column, (value, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(cells)}</w:tr>"


def _plot(sheet: Any, last: int) -> BarChart:
    """Return what was taken in and what was closed as bars, of the rows from the second to the `last`."""
    plot = BarChart()
    plot.type, plot.width, plot.height = "bar", 24, 2 + last  # cm
    plot.add_data(Reference(sheet, min_col=2, max_col=3, min_row=1, max_row=last), titles_from_data=True)
    plot.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    plot.x_axis.scaling.orientation = "maxMin"  # the first row above
    plot.x_axis.delete = plot.y_axis.delete = False
    return plot


def _tables(report: Report) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Return the tables, each with its heading and its columns as the first row."""
    short: list[tuple[str, list[tuple[object, ...]]]] = [
        (heading, [columns, *(_writable(row) for row in rows)]) for heading, columns, rows in words.tables(report)
    ]
    long = zip(words.TABLES.values(), (report.unions, report.categories), strict=True)
    return [*short, *((heading, _long(heading, (*lines, report.total))) for heading, lines in long)]


def _long(heading: str, lines: Sequence[Line]) -> list[tuple[object, ...]]:
    return [(heading.removeprefix("按"), *words.COLUMNS), *((line.name, *words.cells(line)) for line in lines)]


def _writable(row: tuple[int | str, ...]) -> tuple[object, ...]:
    """Return a row without characters that no document may hold: a worker's question may."""
    return tuple(ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row)
