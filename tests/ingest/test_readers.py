"""Every format, made on the fly by a library that others wrote, and read back."""

from datetime import date
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pptx
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.readers import ReadError, iter_documents, read
from ingest.readers.ocr import RapidOcr, read_picture
from ingest.readers.pdf import read_pdf
from ingest.sources import Failure
from knowledge.model import BlockKind, DocumentKind
from tests.ingest.files import document, passages, source_file, texts, written

ARTICLES = ["第一条 为了保护劳动者，制定本法。", "第二条 工资应当按月支付。", "第三条 本法自2020年5月1日起施行。"]


def make_pdf(path: Path, pages: list[list[str]], **options: str) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4, **options)
    for lines in pages:
        canvas.setFont("STSong-Light", 12)
        for row, line in enumerate(lines):
            canvas.drawString(72, 770 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    return path


def make_scan(path: Path) -> Path:
    picture = path.with_suffix(".png")
    make_picture(picture)
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(str(picture), 72, 500, 300, 100)
    canvas.save()
    return path


def make_picture(path: Path) -> Path:
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).text((20, 40), "WAGES 5000", fill="black")
    image.save(path)
    return path


class Reader:
    """An engine that says whether it was given a picture in colour."""

    def lines(self, picture: NDArray[np.uint8]) -> list[str]:
        return [f"第{1 if picture.shape[2] == 3 else 0}页有字。"]


def test_a_word_document_keeps_its_headings_paragraphs_and_tables(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_heading("困难职工帮扶办法", 0)
    file.add_paragraph("本办法由市总工会解释。")
    file.add_heading("申请条件", 1)
    file.add_paragraph("家庭人均收入低于标准。")
    table = file.add_table(3, 2)
    for row, cells in enumerate([("档次", "金额"), ("一档", "5000元"), ("二档", "3000元")]):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    file.save(str(tmp_path / "办法(2024-03-01).docx"))
    found = document(tmp_path / "办法(2024-03-01).docx")
    assert (found.title, found.kind, found.issued) == ("困难职工帮扶办法", DocumentKind.GUIDE, date(2024, 3, 1))
    assert [(block.path, block.kind, words) for block, words in zip(found.blocks, texts(found), strict=True)] == [
        ((), BlockKind.TEXT, "本办法由市总工会解释。"),
        (("申请条件",), BlockKind.TEXT, "家庭人均收入低于标准。"),
        (("申请条件",), BlockKind.TABLE, "档次：一档；金额：5000元。"),
        (("申请条件",), BlockKind.TABLE, "档次：二档；金额：3000元。"),
    ]


def test_a_statute_is_told_by_its_shape_in_a_word_document_too(tmp_path: Path) -> None:
    file = docx.Document()
    for line in ["中华人民共和国某某法", "第一章　总则", *ARTICLES]:
        file.add_paragraph(line)
    file.save(str(tmp_path / "a.docx"))
    assert [passage.article for passage in passages(tmp_path / "a.docx")] == ["第一条", "第二条", "第三条"]
    assert document(tmp_path / "a.docx").law == "某某法"


def test_a_word_document_without_headings_is_read_as_a_report(tmp_path: Path) -> None:
    file = docx.Document()
    for line in ["关心职工 服务大局", "——十堰市总工会工作综述", "市总工会办了许多实事。"]:
        file.add_paragraph(line)
    file.save(str(tmp_path / "a.docx"))
    found = document(tmp_path / "a.docx")
    assert (found.kind, found.regions) == (DocumentKind.REPORT, ("十堰",))


def test_slides_are_read_from_top_to_bottom_under_their_titles(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "入会流程"
    low = slide.shapes.add_textbox(Inches(1), Inches(5), Inches(4), Inches(1))
    low.text_frame.text = "第二步：提交材料。"
    high = slide.shapes.add_textbox(Inches(1), Inches(3), Inches(4), Inches(1))
    high.text_frame.text = "第一步：填写申请。"
    slide.notes_slide.notes_text_frame.text = "提醒带身份证。"
    bare = show.slides.add_slide(show.slide_layouts[6])
    bare.shapes.add_textbox(0, 0, Inches(4), Inches(1)).text_frame.text = "咨询电话 12351。"
    show.save(str(tmp_path / "a.pptx"))
    assert [(passage.path, passage.text) for passage in passages(tmp_path / "a.pptx")] == [
        (("入会流程",), "第一步：填写申请。\n\n第二步：提交材料。\n\n提醒带身份证。"),
        (("第 2 页",), "咨询电话 12351。"),
    ]


def test_a_row_of_a_spreadsheet_is_a_fact_with_its_columns_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "驿站"
    for row in [
        ("工会驿站名录",),
        ("名称", "地址", "座位", "开放"),
        ("江津路驿站", "江津路１号", 12.0, date(2024, 5, 1)),
    ]:
        sheet.append(row)
    sheet.append((None, None))
    sheet.append(("沙市站", None, 8.5, None))
    book.create_sheet("空表")
    book.save(tmp_path / "a.xlsx")
    found = document(tmp_path / "a.xlsx")
    assert (found.title, found.kind) == ("工会驿站名录", DocumentKind.TABLE)
    assert [(passage.path, passage.text) for passage in passages(tmp_path / "a.xlsx")] == [
        (("驿站",), "工会驿站名录"),
        (("驿站",), "名称：江津路驿站；地址：江津路１号；座位：12；开放：2024-05-01。"),
        (("驿站",), "名称：沙市站；座位：8.5。"),
    ]


def test_a_table_of_questions_gives_each_answer_under_its_question(tmp_path: Path) -> None:
    rows = "职工之家问答,,\n序号,问题,答复\n1,电影票怎么领？,每月1日在前台领。\n2,书屋几点关门,晚上9点。\n3,没答的,\n"
    path = written(tmp_path, "问答.csv", rows)
    found = document(path)
    assert (found.title, found.kind) == ("职工之家问答", DocumentKind.GUIDE)
    assert [(passage.path, passage.text) for passage in passages(path)] == [
        (("电影票怎么领？",), "每月1日在前台领。"),
        (("书屋几点关门",), "晚上9点。"),
    ]


def test_a_row_ends_with_one_stop_whatever_its_cells_end_with(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "项目,标准\n省内,每人1800元。\n省外；,每人3200元；\n")
    assert [passage.text for passage in passages(path)] == [
        "项目：省内；标准：每人1800元。",
        "项目：省外；标准：每人3200元。",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [("姓名", "电话"), ("张主席", "0716-12351"), ("李干事", "0716-12352")]
    path = written(tmp_path, "通讯录.csv", "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert [passage.text for passage in passages(path)] == [
        "姓名：张主席；电话：0716-12351。",
        "姓名：李干事；电话：0716-12352。",
    ]


def test_a_table_without_a_header_gives_its_cells(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "一档,5000\n二档,3000\n")
    assert [passage.text for passage in passages(path)] == ["一档；5000。", "二档；3000。"]


def test_a_web_page_is_read_without_menus_and_scripts(tmp_path: Path) -> None:
    page = """<html><head><title>入会 - 工会网</title><style>p{}</style><script>var a="脚本"</script></head>
    <body><nav>首页 | 关于</nav><main><h1>怎样加入工会</h1><!-- 注释 --><p>在中国境内的<b>企业</b>，
    劳动者都可以入会。<br>不分民族。</p><h2>材料</h2><ul><li>身份证</li><li>申请书</li></ul>
    <table><tr><th>档</th><th>元</th></tr><tr><td>一</td><td>5&nbsp;元</td></tr></table></main><footer>备案</footer></body></html>"""
    path = written(tmp_path, "a.html", page)
    assert document(path).title == "怎样加入工会"
    assert [(passage.path, passage.text) for passage in passages(path)] == [
        ((), "在中国境内的企业， 劳动者都可以入会。\n\n不分民族。"),
        (("材料",), "身份证\n\n申请书"),
        (("材料",), "档：一；元：5 元。"),
    ]


def test_a_web_page_is_read_by_the_encoding_that_it_declares(tmp_path: Path) -> None:
    page = "<html><head><meta charset='gb2312'><title>职工</title></head><body><p>工会服务职工。</p></body></html>"
    assert "工会服务职工。" in document(written(tmp_path, "a.htm", page.encode("gbk"))).text


def test_a_pdfs_lines_become_paragraphs_again(tmp_path: Path) -> None:
    lines = ["工会是党领导的工人阶级群众组织，是党联系职工群众的桥梁和纽", "带，竭诚服务职工。", "另起一段说明。"]
    path = make_pdf(tmp_path / "a.pdf", [lines])
    assert (
        document(path).text.split("\n\n")[0]
        == "工会是党领导的工人阶级群众组织，是党联系职工群众的桥梁和纽带，竭诚服务职工。"
    )


def test_a_statute_is_told_by_its_shape_in_a_pdf_too(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["某某条例", *ARTICLES[:2], "1"], [ARTICLES[2], "2"]])
    assert [(passage.article, passage.text) for passage in passages(path)] == [
        ("第一条", ARTICLES[0]),
        ("第二条", ARTICLES[1]),
        ("第三条", ARTICLES[2]),
    ]


def test_a_scanned_pdf_is_read_through_ocr(tmp_path: Path) -> None:
    assert read_pdf(make_scan(tmp_path / "a.pdf"), Reader) == ["第1页有字。"]


def test_a_scan_as_large_as_a_house_is_drawn_no_larger_than_can_be_held(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(14_400, 100))
    canvas.rect(10, 10, 50, 50, fill=1)
    canvas.save()
    widths: list[int] = []

    class Measuring(Reader):
        def lines(self, picture: NDArray[np.uint8]) -> list[str]:
            widths.append(picture.shape[1])
            return super().lines(picture)

    read_pdf(tmp_path / "a.pdf", Measuring)
    assert widths == [6_000]


def test_a_pdf_with_text_never_asks_for_ocr(tmp_path: Path) -> None:
    def refuse() -> Reader:
        raise AssertionError("OCR was asked for")

    assert read_pdf(make_pdf(tmp_path / "a.pdf", [["职工之家"]]), refuse) == ["职工之家"]


def test_without_the_extra_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    with pytest.raises(ReadError, match=r"niangjia\[ocr\]"):
        RapidOcr()


def test_a_picture_is_read_through_ocr(tmp_path: Path) -> None:
    assert read_picture(make_picture(tmp_path / "a.png"), Reader) == ["第1页有字。"]


def test_the_ending_is_read_whatever_its_case(tmp_path: Path) -> None:
    assert document(written(tmp_path, "A.TXT", "工会服务职工。")).text == "工会服务职工。"


def test_reading_raises_what_iterating_yields(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xyz", "甲")
    (failure,) = iter_documents(source_file(path))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("is of no kind that can be read")
    with pytest.raises(ReadError, match=r"a\.xyz is of no kind"):
        read(source_file(path))
