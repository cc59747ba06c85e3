import io
from datetime import UTC, date, datetime, timedelta

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.desk.cases.figure_words import MEASURES
from bot.desk.cases.ports import Tally
from bot.desk.reports import words
from bot.desk.reports.files import BLACK, CELL, docx_of, xlsx_of
from bot.desk.reports.ports import Asked, Service
from bot.desk.reports.report import EARLIER, FEW, Question, Span, latest, period, questions, report
from knowledge.vocabulary import Category

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
WEEK = period(Span.WEEK, date(2026, 11, 21))
TALLIES = st.lists(
    st.builds(
        Tally,
        st.sampled_from(["甲工会", "乙工会", "丙工会"]),
        st.sampled_from(list(Category)[:5]),
        st.integers(0, EARLIER),
        *[st.integers(0, 9)] * len(MEASURES),
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("span", "day", "first", "last", "before"),
    [
        (Span.WEEK, date(2026, 11, 21), date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 9)),
        (Span.WEEK, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), date(2026, 12, 21)),
        (Span.MONTH, date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28), date(2026, 1, 1)),
        (Span.MONTH, date(2027, 1, 31), date(2027, 1, 1), date(2027, 1, 31), date(2026, 12, 1)),
    ],
)
def test_a_week_begins_on_monday_and_a_month_on_its_first(
    span: Span, day: date, first: date, last: date, before: date
) -> None:
    found = period(span, day)
    assert (found.first, found.last, found.before.first) == (first, last, before)
    assert [each.first for each in latest(span, day, 2)] == [first, before]
    assert found.before.end == found.first, "no day is left out and none counted twice"


@pytest.mark.parametrize(
    ("span", "day", "named"),
    [
        (Span.MONTH, date(2026, 11, 21), "2026年11月"),
        (Span.WEEK, date(2026, 11, 21), "2026年11月16日至11月22日"),
        (Span.WEEK, date(2027, 1, 1), "2026年12月28日至2027年1月3日"),
    ],
)
def test_a_period_is_named_with_its_days(span: Span, day: date, named: str) -> None:
    assert words.name(period(span, day)) == named


def test_a_period_is_counted_by_chinas_midnights() -> None:
    assert WEEK.bounds[-3:] == (
        datetime(2026, 11, 8, 16, tzinfo=UTC),
        datetime(2026, 11, 15, 16, tzinfo=UTC),
        datetime(2026, 11, 22, 16, tzinfo=UTC),
    )


@given(TALLIES)
def test_unions_and_categories_each_add_up_to_the_total(tallies: list[Tally]) -> None:
    found = report(WEEK, "甲", tallies, Service(), 0, NOW)
    mine = [each for each in tallies if each.stretch == EARLIER]
    assert found.total.counts == tuple(sum(getattr(each, name) for each in mine) for name in MEASURES)
    for lines in (found.unions, found.categories):
        assert tuple(map(sum, zip(*(line.counts for line in lines), strict=True))) in (found.total.counts, ())
        assert sum(line.before for line in lines) == found.total.before
    assert [line.taken_in for line in found.most] == sorted((line.taken_in for line in found.most), reverse=True)
    assert all(line.taken_in >= FEW and line.taken_in > line.usual for line in found.hot)
    assert all(sum(line.earlier) == line.usual * EARLIER for line in found.categories)


@pytest.mark.parametrize(
    ("before", "now", "told"), [(4, 6, "，增加 50%"), (4, 3, "，减少 25%"), (4, 4, "，持平"), (0, 3, "上期 0 件。")]
)
def test_a_summary_says_how_much_more_or_less_came_in(before: int, now: int, told: str) -> None:
    tallies = [
        Tally("甲", Category.SAFETY, EARLIER - 1, taken_in=before),
        Tally("甲", Category.SAFETY, EARLIER, taken_in=now),
    ]
    assert told in words.summary(report(WEEK, "甲", tallies, Service(), 0, NOW))[0]


def test_a_period_without_anything_is_told_without_topics() -> None:
    told = words.summary(report(WEEK, "甲", [], Service(), 0, NOW))
    assert "解决率 —" in told[0]
    assert len(told) == 3
    assert words.tables(report(WEEK, "甲", [], Service(), 0, NOW)) == []


def test_what_rises_most_above_what_is_usual_is_hot_and_what_few_came_about_is_not() -> None:
    counts = {
        Category.SAFETY: (9, 9, 9, 9, 9),  # as ever
        Category.WAGE_ARREARS: (1, 1, 1, 3, 6),
        Category.WORK_INJURY: (0, 0, 0, 0, 3),
        Category.WORKING_TIME: (0, 0, 0, 0, 2),  # too few to be told
    }
    tallies = [
        Tally("甲", category, stretch, taken_in=count)
        for category, row in counts.items()
        for stretch, count in enumerate(row)
    ]
    found = report(WEEK, "甲", tallies, Service(), 0, NOW)
    assert [(line.name, line.taken_in, line.usual) for line in found.hot] == [
        (Category.WAGE_ARREARS, 6, 1.5),
        (Category.WORK_INJURY, 3, 0.0),
    ]
    assert f"比平常多的是{Category.WAGE_ARREARS} 6 件（前四期平均 1.5 件）" in words.summary(found)[-1]


def test_a_question_is_told_if_several_people_asked_it_and_by_its_plainest_wording() -> None:
    now, before = WEEK.bounds[-2] + timedelta(hours=1), WEEK.bounds[-2] - timedelta(days=2)
    asked = [
        Asked("加班费到底应该怎么算", "a", now),
        Asked("加班费怎么算", "b", now),
        Asked("请问加班费怎么算呢", "c", now),
        Asked("加班费算法", "d", before),
        Asked("加班费？", "d", before),  # the same person in the same week
        Asked("一个人问了三次", "e", now),
        Asked("一个人问了三次的", "e", now),
        Asked("一个人问了三次吗", "e", now),
    ]
    assert questions(WEEK, asked, [range(5), range(5, 8)]) == (Question("加班费怎么算", 3, 0.25),)


def test_no_question_becomes_a_formula_and_the_long_tables_are_drawn() -> None:
    tallies = [Tally(union, Category.SAFETY, EARLIER, taken_in=count) for union, count in (("甲", 3), ("乙", 2))]
    asked = [Question('=HYPERLINK("https://evil.example")', 3, 0)]
    book = load_workbook(io.BytesIO(xlsx_of(report(WEEK, "甲", tallies, Service(), 0, NOW, questions=asked))))
    cell = book[words.ASKED]["A2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("https://evil.example")', "s")
    drawn = {sheet.title: [chart.series[0].val.numRef.f for chart in sheet._charts] for sheet in book.worksheets}
    assert drawn["按工会"] == ["'按工会'!$B$2:$B$3"]
    assert drawn["按类别"] == ["'按类别'!$B$2"]
    assert drawn[words.ASKED] == []


def test_a_document_is_on_a4_and_the_head_of_a_table_stands_on_each_page() -> None:
    tallies = [Tally(f"{number} & <工会>", Category.SAFETY, EARLIER, taken_in=1) for number in range(80)]
    document = Document(io.BytesIO(docx_of(report(WEEK, "甲", tallies, Service(), 0, NOW))))
    page = document.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    within = page.page_width.twips - page.left_margin.twips - page.right_margin.twips
    assert 'w:instr="PAGE"' in page.footer._element.xml
    assert {document.styles[name].font.color.rgb for name in ("Title", "Heading 1")} == {BLACK}
    assert "eastAsiaTheme" not in document.styles["Title"].element.xml, "it would go before the font"
    unions = document.tables[-2]
    for table in document.tables:
        assert sum(column.width.twips for column in table.columns) == pytest.approx(within, abs=2)
        assert [row._tr.xpath("./w:trPr/w:tblHeader") != [] for row in table.rows][:2] == [True, False]
        assert {run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs} == {True}
        assert {run.bold for cell in table.rows[1].cells for run in cell.paragraphs[0].runs} == {None}
        assert {cell.paragraphs[0].style.name for row in table.rows for cell in row.cells} == {CELL}
    assert {row.cells[0].text for row in unions.rows[1:-1]} == {each.organization for each in tallies}
    assert [cell.text for cell in unions.rows[-1].cells][:2] == ["合计", "80"]


def test_each_head_of_a_sheet_can_be_read_and_stands_on_each_page() -> None:
    tallies = [Tally("甲", Category.SAFETY, EARLIER, taken_in=3)]
    book = load_workbook(io.BytesIO(xlsx_of(report(WEEK, "甲", tallies, Service(), 0, NOW))))
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == "$1:$1"
        for cell in sheet[1]:
            assert sheet.column_dimensions[cell.column_letter].width >= 2 * len(cell.value)


def test_characters_that_no_document_may_hold_are_left_out_of_questions() -> None:
    found = report(WEEK, "甲", [], Service(), 0, NOW, questions=[Question("加班费\x00怎么\x0b算 <b>&", 3, 0)])
    assert Document(io.BytesIO(docx_of(found))).tables[0].rows[1].cells[0].text == "加班费怎么算 <b>&"
    assert load_workbook(io.BytesIO(xlsx_of(found)))[words.ASKED]["A2"].value == "加班费怎么算 <b>&"


def test_satisfaction_is_the_median_of_what_several_workers_said() -> None:
    def of(*scores: int) -> float | None:
        return report(WEEK, "甲", [], Service(), 0, NOW, scores=scores).satisfaction

    assert of(1, 5) is None
    assert of(5, 1, 4) == 4
    assert of(5, 2, 3, 4) == 3.5
