"""Scraps: a name, a place, a number, how long, how much, said alone, which are part of a story and ask for nothing."""

import re
from datetime import date

from bot.forms.values import is_since, read_employer, read_phone
from bot.redaction import is_name
from knowledge.numerals import NUMERAL
from knowledge.regions import Regions

LONGEST = 24  # characters

_NUMBER = rf"(?:\d[\d.,]*|{NUMERAL})"
_WRONG = "没不未别欠扣拖压被打骂伤病死赔偿想要吗呢"  # in a sentence about where one works they tell of more
_PIECE = re.compile(
    # how many
    rf"(?:我们?|一共|总共|大概|大约|差不多|有|就|还有)*{_NUMBER}[多来几余]?(?:[个名位号口](?:人|工友|工人|同事|兄弟)?|人)(?:左右|上下)?"
    r"|(?:就|只有)我(?:一个(?:人)?|自己)"
    # how long, how much, how old
    r"|(?:我|他|她|都|已经|就|快|在[这那]里?|一共|刚)*(?:(?:干|做|工作|教|跑|开|打工|扫|来|进厂?|上班)[了满]?)?"
    rf"{_NUMBER}个?[多半]?(?:年|月|天|个星期|周)[多半]?(?:[了的]|工龄|左右)*"
    r"|(?:我|他|她|每|一?个月|月|的|基本|底|到手|工资|底薪|月薪|月入|薪水|是|大概|差不多|拿|只有)*"
    rf"(?:(?<=[资薪月入])|(?<=到手)){_NUMBER}[多来]?(?:块|元|千|万|k)?钱?(?:一个?月|每月|左右)?"
    rf"|(?:我|他|她|今年|满)*{_NUMBER}多?岁了?|(?:我是)?[男女]的"
    # where and as what
    rf"|(?:我们?|俺们?)?(?:是|就)?在[^{_WRONG}]{{2,14}}(?:上班|干活|做事|打工|做工|工作)的?"
    rf"|我(?:是|做|当)(?:一?个)?[^{_WRONG}]{{0,7}}(?:的|工|员|师傅|老师|护士|司机|保安|保洁|厨师|保姆|骑手)"
    # who
    r"|(?:我们?的?)?(?:领导|老板|主管|同事|经理|组长|班长|包?工头|厂长|站长|店长)"
    r"|(?:我|他|她|就)*[姓叫][\u4e00-\u9fff]{1,4}"
    # what stands between
    r"|(?:就是|然后|那个|嗯|嘛|吧|啊|呀|哈|的|了|[，,。.;；、！!~～\s])+"
)


def is_scrap(text: str, regions: Regions, today: date, *, idle: bool = False) -> bool:
    """Tell whether `text` only says who, where, when, how many or how much.

    `idle` says that it reads like small talk, which a bare name does, for 高温费 begins as a surname does.
    """
    if len(text) > LONGEST:
        return False
    said = text.strip("。.，,!！~～ 的")
    if (idle and is_name(said)) or is_since(said, today) or regions.places(said) == (said,):
        return True
    if (phone := read_phone(said)) and len(said) - len(phone) < LONGEST // 3:
        return True
    return read_employer(said) == said or _pieces(text)


def _pieces(text: str) -> bool:
    """Tell whether `text` is nothing but pieces, one after the other."""
    at = 0
    while at < len(text) and (found := _PIECE.match(text, at)):
        at = found.end()
    return at == len(text)
