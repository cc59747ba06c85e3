"""What makes a matter hurry by rule: how long wages have been owed, how many share it, and what its category raises."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from bot.triage.model import MANY, Intent, People
from knowledge.numerals import NUMERAL, to_int
from knowledge.vocabulary import Category

MONTHS = 3  # of wages owed, from which the matter hurries
TOGETHER = 5  # people who share a grievance, from which it hurries

_ACTED_ON = frozenset({Intent.GRIEVANCE, Intent.HELP})
_HURRYING: Mapping[
    Category, tuple[tuple[frozenset[str], str], ...]
] = {  # as `categories.yaml` raises: all cues of a set together, and why
    Category.WAGE_ARREARS: ((frozenset({"flight"}), "老板找不到了"), (frozenset({"bread"}), "没钱吃饭、看病、落脚")),
    Category.SOCIAL_INSURANCE: ((frozenset({"in_hospital"}), "正在看病，报不了"),),
    Category.SAFETY: ((frozenset({"hazard"}), "隐患还在"),),
    Category.WOMEN: ((frozenset({"harass"}), "遭到骚扰"), (frozenset({"pregnant", "fired"}), "怀孕、生育时被赶走")),
    Category.LEGAL_AID: ((frozenset({"today"}), "日子快到了"),),
    Category.MEMBERSHIP: ((frozenset({"revenge"}), "因为入会、建会被报复"),),
}
_OWED = re.compile(
    r"没(有)?(发|给|结|拿|领|付|见|开|到)|欠|拖|压|不(发|给|结|付)|未(发|付|结)|讨|要不(到|回)|一分(钱)?(没|冇)|冇(发|给)|扣着|赖"
    r"|[私独]吞|吞(了|掉|我)|昧(了|下|我)|卷(了|走|跑)|黑(了|下)|截留|[白欠]条|不认账"
)
_MONTHS = re.compile(rf"(?P<number>\d+|{NUMERAL})(?P<half>个半)?多?(?:来|几)?个?多?月(?![份号底初中薪]|\d|工资标准)")
_YEARS = re.compile(r"(半|一|两|二|三|四|五|六|大半|整|\d)(整|多)?年(半|多|了)?|一个?季度|去年|前年")


def owed_months(text: str) -> str:
    """Return the words that say that wages have been owed for three months or longer, or nothing."""
    if _OWED.search(text) is None:
        return ""
    for match in _MONTHS.finditer(text):
        if 12 >= to_int(match["number"]) >= MONTHS and not text[match.end() :].startswith(("份", "号")):
            return match[0]
    years = _YEARS.search(text)
    return years[0] if years else ""


def pressing(text: str, intent: Intent, category: Category, affected: People, cues: AbstractSet[str]) -> str:
    """Return why the matter is urgent by rule, or nothing; what is merely asked hurries nobody.

    `cues` are the names of those that the text bears; see `categories.yaml` for what the rules stand for.
    """
    if intent not in _ACTED_ON:
        return ""
    if category is Category.WAGE_ARREARS and (words := owed_months(text)):
        return f"工资欠得久了（“{words}”）"
    if intent is Intent.GRIEVANCE and affected != MANY and affected >= TOGETHER:
        return f"{affected} 个人一起遇到"
    if "past" not in cues:
        for needed, why in _HURRYING.get(category, ()):
            if needed <= cues:
                return why
    if intent is Intent.HELP and category is Category.HARDSHIP and cues & {"bread", "stricken"} and "ask" not in cues:
        return "等着钱治病、吃饭、落脚"
    return ""
