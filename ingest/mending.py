"""Mend what page breaks and scanning tore: nothing but white space is moved or removed."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.numerals import NUMERAL

_STRAY_QUOTATION_END = re.compile(r"(\S)[ \t\u3000]*\n\s*([”’』」]+)")
_CLOSERS = "”’』」）)】》"
_STOPS = "。！？!?…；;：:.—"
_COMMAS = "，,、"
_LATIN = re.compile(r"[A-Za-z0-9]")


def mend_quotations(text: str) -> str:
    """Return the text with closing quotation marks that begin a line moved back to the sentence that they close."""
    return _STRAY_QUOTATION_END.sub(r"\1\2\n\n", text)


def is_finished(words: str) -> bool:
    """Tell whether a paragraph ends as a sentence does, closing marks after the stop included."""
    return words.rstrip(_CLOSERS + " ").endswith(tuple(_STOPS))


def is_torn(words: str) -> bool:
    """Tell whether a line ends in mid-sentence: after a comma or within a quotation, or long and without a stop."""
    if is_finished(words) and not opens_quotation(words):
        return False
    return (
        words.endswith(tuple(_COMMAS)) or opens_quotation(words) or len(words) > 16 or any(c in words for c in _COMMAS)
    )


def opens_quotation(words: str) -> bool:
    """Tell whether the last quotation mark of the words, or their last bracket, is an opening one."""
    return words.rfind("“") > words.rfind("”") or max(words.rfind("（"), words.rfind("(")) > max(
        words.rfind("）"), words.rfind(")")
    )


def join(before: str, after: str) -> str:
    """Return two halves of a sentence as one; words in Latin letters keep a space between them."""
    before, after = before.rstrip(), after.lstrip()
    apart = _LATIN.match(before[-1:]) and _LATIN.match(after[:1])
    return f"{before}{' ' if apart else ''}{after}"


_STRUCTURAL = re.compile(
    rf"第{NUMERAL}(?:条|章|节|编)|{NUMERAL}、|[（(](?:{NUMERAL}|\d{{1,2}})[）)]|\d{{1,2}}[.．、]|[①-⑳▲●■◆【#]|附[录件表]"
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*/\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–·\s]*")
_FULL = 0.85  # of the usual width: a line that is shorter ends its paragraph


def unwrap(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the paragraphs of printed pages: lines joined, page numbers and running heads left out."""
    lines = [line for page in _without_furniture(pages) for line in page]
    widths = sorted(_width(line) for line in lines)
    full = widths[int(len(widths) * 0.9)] * _FULL if widths else 0
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _STRUCTURAL.match(line):
            paragraphs[-1] = join(paragraphs[-1], line)
        else:
            paragraphs.append(line)
        goes_on = _width(line) >= full
    return paragraphs


def _without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    kept = [[stripped for line in page if (stripped := line.strip())] for page in pages]
    edges = Counter(line for page in kept for line in {*page[:1], *page[-1:]})
    recurring = {line for line, times in edges.items() if times >= 3 and times > len(kept) / 2}
    for page in kept:
        for at in (0, -1):
            while page and (page[at] in recurring or _PAGE_NUMBER.fullmatch(page[at])):
                page.pop(at)
    return kept


def _width(line: str) -> int:
    """Return how wide a line prints, in halves of a Chinese character."""
    return sum(1 if character.isascii() else 2 for character in line)
