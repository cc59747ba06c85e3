"""Drafts of letters about an employer, 一函两书; somebody reads, changes and seals them."""

import io
from datetime import datetime
from enum import StrEnum

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from bot.cases.model import Case
from bot.desk.page import CHINA
from knowledge.model import Citation

LONGEST = 6_000  # characters of a letter


class Letter(StrEnum):
    """Which letter."""

    REMINDER = "reminder"
    OPINION = "opinion"
    PROPOSAL = "proposal"


TITLES: dict[str, str] = {
    Letter.REMINDER: "工会劳动法律监督提示函",
    Letter.OPINION: "工会劳动法律监督意见书",
    Letter.PROPOSAL: "工会劳动法律监督建议书",
}
_TEXTS = {
    Letter.REMINDER: """{employer}：

近日，有职工向我会反映，贵单位在{category}方面可能存在以下情况：

{matter}

请贵单位对照有关法律法规自查。确有上述情况的，请及时改正，妥善处理与职工的关系。

请于收到本函之日起【  】个工作日内，将情况书面告知我会。

联系人：{handler}　　电话：【        】

{union}
{day}
""",
    Letter.OPINION: """{employer}：

经我会调查了解，贵单位在{category}方面存在以下情况：

{matter}

上述情况违反了【法律法规的名称和条款，请核对原文后填写】的规定。

根据《中华人民共和国工会法》和工会劳动法律监督的有关规定，现提出以下意见：

一、【请单位改正的事项】
二、【完成的期限】
三、请于收到本意见书之日起【  】个工作日内，将改正情况书面答复我会。逾期不答复或者不改正的，我会将提请有关部门依法处理。

联系人：{handler}　　电话：【        】

{union}（章）
{day}
""",
    Letter.PROPOSAL: """【人力资源和社会保障局等有主管职责的部门】：

我会在工作中发现，{employer}在{category}方面存在以下情况：

{matter}

我会已于【日期】向该单位发出意见书，【单位没有答复／没有改正】。上述情况涉嫌违反【法律法规的名称和条款，请核对原文后填写】的规定。

建议贵单位依法调查处理，并将处理结果告知我会。

联系人：{handler}　　电话：【        】

{union}（章）
{day}
""",
}


def draft(kind: Letter, case: Case, union: str, handler: str, now: datetime) -> str:
    """Return a letter of a union, as people call it, with what is known of the case.

    No claimant's name goes into it, and 【】 is left to fill in.
    """
    facts = case.facts
    matter = [
        f"反映的内容：【请概括，不要写出职工是谁】{facts.story}",
        f"时间：{facts.since}" if facts.since else "",
        f"涉及职工：{facts.people} 人" if facts.people else "",
    ]
    local = now.astimezone(CHINA)
    return _TEXTS[kind].format(
        employer=facts.employer or "【单位全称】",
        category=case.categories[0].value,
        matter="\n".join(line for line in matter if line),
        handler=handler,
        union=union,
        day=f"{local.year}年{local.month}月{local.day}日",
    )


def docx(title: str, text: str) -> bytes:
    """Return the letter as a document of Word."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(22)
    for line in text.splitlines():
        document.add_paragraph("".join(sign for sign in line if sign.isprintable() or sign == "\t"))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def cited(citation: Citation) -> str:
    """Name what is cited, as a reply names it."""
    if citation.law and citation.article:
        return f"《{citation.law}》{citation.article}"
    return f"《{citation.title}》"
