"""A report as a Word document and as a spreadsheet."""

import io
from collections.abc import Sequence

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Font

from bot.desk.reports import words
from bot.desk.reports.report import Line, Report

FONT = "仿宋"  # of official papers


def docx_of(report: Report) -> bytes:
    """Return the report as a Word document."""
    document = Document()
    for name, size in (("Normal", 12), ("Heading 1", 14), ("Title", 20)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.core_properties.title = words.title(report)
    document.core_properties.author = ""
    document.add_heading(words.title(report), 0)
    document.add_paragraph(words.about(report))
    document.add_heading(words.SUMMARY, 1)
    for sentence in words.summary(report):
        document.add_paragraph(sentence)
    for heading, lines in _tables(report):
        document.add_heading(heading, 1)
        rows = [(heading.removeprefix("按"), *words.COLUMNS), *((line.name, *words.cells(line)) for line in lines)]
        table = document.add_table(len(rows), len(rows[0]), "Table Grid")
        for row, values in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = str(value)
    document.add_paragraph(words.HOW)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx_of(report: Report) -> bytes:
    """Return the report as a spreadsheet: one sheet of all figures, and one for each table."""
    book = Workbook()
    sheet = book.active
    sheet.title = words.OVERVIEW
    for row in [(words.title(report),), (words.about(report),), *words.overview(report), (words.HOW,)]:
        sheet.append(row)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 28
    for heading, lines in _tables(report):
        sheet = book.create_sheet(heading)
        sheet.append((heading.removeprefix("按"), *words.COLUMNS))
        for line in lines:
            sheet.append((line.name, *words.cells(line)))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.column_dimensions["A"].width = 28
        sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _tables(report: Report) -> list[tuple[str, Sequence[Line]]]:
    unions, categories = words.TABLES.values()
    return [(unions, (*report.unions, report.total)), (categories, (*report.categories, report.total))]
