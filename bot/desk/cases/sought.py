"""What somebody looks for in cases, and where it stands in one; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cases.model import Case, Claimant
from bot.desk.cases import words

AROUND = 40  # characters beside what was found
_WIDE = 0xFEE0  # from a sign of ASCII to the full-width one


@dataclass(frozen=True, slots=True)
class Found:
    """A case in which all words stand, with the place of the first of them."""

    case: Case
    where: str
    before: str
    match: str
    after: str


def patterns(asked: str) -> list[re.Pattern[str]]:
    """Return what finds each word; full-width and capital letters are as good as others, in JSON as in plain text."""
    return [re.compile("".join(map(_variants, word))) for word in asked.split()]


def find(case: Case, claimants: Sequence[Claimant], sought: Sequence[re.Pattern[str]]) -> Found | None:
    """Return where the first of the words stands, if all of them stand somewhere; a person's name stays masked."""
    told = list(_texts(case))
    persons = list(_persons(claimants))
    everything = [text for _, text in told] + [text for _, text, _ in persons]
    if not all(any(pattern.search(text) for text in everything) for pattern in sought):
        return None
    for where, text in told:
        if match := sought[0].search(text):
            start, end = match.span()
            return Found(case, where, text[max(0, start - AROUND) : start], match[0], text[end : end + AROUND])
    where, masked = next((where, masked) for where, text, masked in persons if sought[0].search(text))
    return Found(case, where, "", masked, "")


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    facts = case.facts
    for where, text in (
        (words.STORY, facts.story),
        (words.EMPLOYER, facts.employer),
        (words.PLACE, facts.place),
        (words.WISH, facts.wish),
        *facts.answers,
    ):
        if text:
            yield where, text
    for event in case.events:
        for text in (event.content.text, event.content.reason):
            if text:
                yield words.MOVES[event.move], text


def _persons(claimants: Sequence[Claimant]) -> Iterator[tuple[str, str, str]]:
    """Yield what the person may see of the claimants: where it stands, as it is, and masked."""
    for each in claimants:
        name, telephone = words.masked(each)
        if each.name:
            yield words.CLAIMANT, each.name, name
        if each.telephone:
            yield words.TELEPHONE, each.telephone, telephone


def _variants(sign: str) -> str:
    """Return a pattern of all ways in which a sign may be written."""
    sign = chr(ord(sign) - _WIDE) if 0 < ord(sign) - _WIDE < 0x7F else sign
    both = {sign.lower(), sign.upper(), sign}
    wide = {chr(ord(each) + _WIDE) for each in both if len(each) == 1 and "!" <= each <= "~"}
    escaped = {f"\\{sign}"} if sign in '"\\' else set()
    return f"(?:{'|'.join(sorted(map(re.escape, both | wide | escaped), key=len, reverse=True))})"
