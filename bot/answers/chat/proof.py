"""Holds what a chat model claims against the passages that it was given: code judges, never another model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from bot.answers.chat.quantities import Quantity, quantities
from knowledge.model import Passage
from knowledge.numerals import NUMERAL, to_chinese
from knowledge.organizations import load_organizations
from knowledge.sentences import sentences

CLAIMS = 6  # sentences of an answer
SOURCES = 3  # passages that it rests on
LONGEST = 120  # characters of a sentence
SHORTEST_QUOTE = 6  # characters that matter, below which a quote proves nothing
# Of the pairs of characters of a claim this share must stand in its passage. Of the sentences that our guides tell
# freely after an article 87 % do so, and 10 % if held against another article of its act; see benchmarks/proof.py.
SHARED = 0.2

_ARTICLE = re.compile(rf"第({NUMERAL}|\d+)条(之{NUMERAL})?")
_LAW = re.compile(r"《([^》]+)》")
_LATIN = re.compile(r"[A-Za-z][\w.:/@-]*", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[- .·－](?=\d)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NUMBERED = "日"  # the unit that 号 is taken for
_DENIES = re.compile(r"不(?!管|论|仅|但|足|同|满|断|过)|未(?!成年)|没|无(?!论)|禁|勿")
_FORBIDS = re.compile(r"不得|禁止|不能|不予|不应|严禁|不可")
# How what is forbidden may be told: that it is, that it is punished, or where its bounds are.
_BOUNDS = re.compile(
    r"不|未|没|无|别|禁|勿|免|非|违法|违反|违规|罚|拒|除|超过|至少|最少|最多|最低|最高|以内|上限|底线|才|只"
)
_STATE = "中华人民共和国"


class Claim(BaseModel):
    """A sentence and what proves it: words of one of the passages, which are numbered from 1."""

    text: str
    passage: int
    quote: str


class Draft(BaseModel):
    """What a chat model answers; not `answered` where the passages do not hold it."""

    answered: bool
    claims: list[Claim]


@dataclass(frozen=True, slots=True)
class Proved:
    """A claim whose quote stands at `[start, end)` of the text of its passage."""

    text: str
    passage: int  # from 0
    start: int
    end: int


def prove(draft: Draft, passages: Sequence[Passage]) -> tuple[list[Proved], list[str]]:
    """Return the claims with the places of their quotes, and what is wrong with the draft, in words for the model.

    Where something is wrong the first are of no use.
    """
    faults = []
    if not draft.claims:
        faults.append("answered 为 true，却没有 claim。")
    if len(draft.claims) > CLAIMS:
        faults.append(f"claim 最多 {CLAIMS} 条，现在有 {len(draft.claims)} 条。")
    if len({claim.passage for claim in draft.claims}) > SOURCES:
        faults.append(f"最多用 {SOURCES} 份材料。")
    proved = []
    for number, claim in enumerate(draft.claims, 1):
        if not 1 <= claim.passage <= len(passages):
            faults.append(f"第 {number} 条：没有编号为 {claim.passage} 的材料。")
            continue
        passage = passages[claim.passage - 1]
        span = locate(claim.quote, passage.text)
        if span is None:
            faults.append(f"第 {number} 条：quote 要从材料 {claim.passage} 里逐字照抄，{SHORTEST_QUOTE} 个字以上。")
        else:
            proved.append(Proved(claim.text.strip(), claim.passage - 1, *span))
        quoted = _sentences(passage.text, *span) if span else ""
        faults += [f"第 {number} 条：{fault}" for fault in _faults(claim.text, quoted, passage)]
    return proved, faults


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Return the span of the quote in the text, white space apart; None where it is not there, or too short."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    words = "".join(quote.split())
    at = "".join(text[place] for place in places).find(words)
    if at < 0 or len(words) < SHORTEST_QUOTE:
        return None
    return places[at], places[at + len(words) - 1] + 1


def shared(text: str, evidence: str) -> float:
    """Return the share of the text's pairs of Chinese characters that stand in the evidence too, 0 to 1."""
    own = _pairs(text)
    return len(own & _pairs(evidence)) / max(len(own), 1)


def added_numbers(text: str, evidence: str) -> list[str]:
    """Return the numbers of the text that the evidence does not tell, as they are written; national hotlines may be.

    A number whose unit one of both leaves out, as a table does, is told.
    """
    told = {quantity for _, quantity in quantities(evidence)}
    values = {quantity.value for quantity in told}
    bare = {quantity.value for quantity in told if quantity.unit is None}

    def is_told(quantity: Quantity) -> bool:
        if quantity.unit is None:
            return quantity.value in values or str(quantity.value) in load_organizations().hotlines
        return quantity in told or quantity.value in bare

    return [written for written, quantity in quantities(text) if not is_told(quantity)]


def _faults(text: str, quoted: str, passage: Passage) -> list[str]:
    """Return what is wrong with a claim; `quoted` are the whole sentences that it quotes from."""
    evidence = _evidence(passage)
    faults = []
    if not text.strip() or len(text) > LONGEST or "\n" in text.strip():
        faults.append(f"text 应当是一句话，{LONGEST} 字以内。")
    if added := added_numbers(text, evidence):
        faults.append(f"材料里没有“{'、'.join(added)}”这样的数字，不能写。")
    if names_mobile(text):
        faults.append("不能写手机号。")
    if added := [word for word in _LATIN.findall(text) if word.lower() not in evidence.lower()]:
        faults.append(f"材料里没有“{'、'.join(added)}”。")
    if added := _added_articles(text, passage, evidence):
        faults.append(f"材料里没有{'、'.join(added)}。")
    if shared(text, evidence) < SHARED:
        faults.append("这句话材料里没有说，或者用词离材料太远。")
    # Of these sentences 4 % deny what their article does not, and 1 % leave out that something is forbidden.
    if _DENIES.search(text) and not _DENIES.search(evidence):
        faults.append("材料里没有说“不”，这句话不能说成否定的。")
    if _FORBIDS.search(quoted) and not _BOUNDS.search(text):
        faults.append("quote 说的是不得、不能，这句话没有说出来。")
    return faults


def _sentences(text: str, start: int, end: int) -> str:
    return "".join(text[first:last] for first, last in sentences(text) if first < end and start < last)


def names_mobile(text: str) -> bool:
    """Tell whether a text names a mobile telephone, however it is written: it is somebody's own, whoever says so."""
    digits = _BETWEEN_DIGITS.sub("", text)
    return any(_MOBILE.fullmatch(str(one.value)) for _, one in quantities(digits) if one.unit in (None, _NUMBERED))


def _evidence(passage: Passage) -> str:
    """Return all that a passage tells, its title, headings and day among it."""
    issued = passage.issued
    day = f"{issued.year}年{issued.month}月{issued.day}日" if issued else ""
    return "\n".join(filter(None, (passage.title, *passage.path, day, passage.text)))


def _added_articles(text: str, passage: Passage, evidence: str) -> list[str]:
    """Return the acts and articles of the text that neither the passage is, nor rests on, nor names."""
    laws = [_short(name) for name in (passage.law or passage.title, *(one.law for one in passage.statutes))]
    known = {passage.article, *(one.article for one in passage.statutes), *_articles(evidence)}
    return [
        *(f"《{law}》" for law in _LAW.findall(text) if _short(law) not in laws and _short(law) not in evidence),
        *(article for article in _articles(text) if article not in known),
    ]


def _articles(text: str) -> list[str]:
    """Return the articles that a text names, with Chinese numerals."""
    return [
        f"第{to_chinese(int(number)) if number.isdecimal() and 0 < int(number) < 10_000 else number}条{part or ''}"
        for number, part in _ARTICLE.findall(text)
    ]


def _short(law: str) -> str:
    return law.removeprefix(_STATE)


def _pairs(text: str) -> set[str]:
    characters = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return {characters[at : at + 2] for at in range(len(characters) - 1)}
