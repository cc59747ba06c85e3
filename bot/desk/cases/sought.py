"""What somebody looks for in cases, and where it stands in one; pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cases.ports import QueueRow
from bot.cases.written import Written
from bot.desk.cases import words

AROUND = 40  # characters beside what was found
_WIDE = 0xFEE0  # from a sign of ASCII to the full-width one


@dataclass(frozen=True, slots=True)
class Found:
    """A case in which all words stand, with the place of the first of them."""

    case: QueueRow
    where: str
    before: str
    match: str
    after: str


def patterns(asked: str) -> list[re.Pattern[str]]:
    """Return what finds each word; full-width and capital letters are as good as others, in JSON as in plain text."""
    return [re.compile("".join(map(_variants, word))) for word in asked.split()]


def find(case: QueueRow, written: Written, sought: Sequence[re.Pattern[str]]) -> Found | None:
    """Return where the first of the words stands, if all of them stand somewhere; a person's name stays masked."""
    texts = list(_texts(written))
    people = list(_people(written))
    everything = [text for _, text in texts] + [text for _, text, _ in people]
    if not all(any(pattern.search(text) for text in everything) for pattern in sought):
        return None
    for where, text in texts:
        if match := sought[0].search(text):
            start, end = match.span()
            return Found(case, where, text[max(0, start - AROUND) : start], match[0], text[end : end + AROUND])
    where, masked = next((where, masked) for where, text, masked in people if sought[0].search(text))
    return Found(case, where, "", masked, "")


def _texts(written: Written) -> Iterator[tuple[str, str]]:
    for where, text in written.told:
        yield words.FACTS.get(where, where), text
    for move, text in written.said:
        yield words.MOVES[move], text


def _people(written: Written) -> Iterator[tuple[str, str, str]]:
    """Yield how the claimants are called and reached: where it stands, as it is, and masked."""
    for name, telephone in written.people:
        masked = words.masked(name, telephone)
        if name:
            yield words.CLAIMANT, name, masked[0]
        if telephone:
            yield words.TELEPHONE, telephone, masked[1]


def _variants(sign: str) -> str:
    """Return a pattern of all ways in which a sign may be written."""
    sign = chr(ord(sign) - _WIDE) if 0 < ord(sign) - _WIDE < 0x7F else sign
    both = {sign.lower(), sign.upper(), sign}
    wide = {chr(ord(each) + _WIDE) for each in both if len(each) == 1 and "!" <= each <= "~"}
    escaped = {json.dumps(each, ensure_ascii=False)[1:-1] for each in both}
    return f"(?:{'|'.join(sorted(map(re.escape, both | wide | escaped), key=len, reverse=True))})"
