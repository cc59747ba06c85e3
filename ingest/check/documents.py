"""Whether our own documents are what `docs/knowledge-format.md` says that they are."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.check.acts import Acts, act_name
from ingest.check.contacts import forbidden
from ingest.check.figures import Figures
from ingest.check.finding import Finding, Group
from ingest.check.guide import Guide, Head, Section
from ingest.readers.errors import ReadError
from ingest.readers.markdown import parse_statute
from knowledge.model import Statute
from knowledge.numerals import NUMERAL
from knowledge.regions import load_regions
from knowledge.sentences import sentences

MAX_SECTION = 700  # characters
MAX_STATUTES = 6  # of one section
MAX_SENTENCE = 70  # characters, sources in brackets not counted

_FOLDERS = {"right": "rights/", "service": "services/"}
_ARTICLE = rf"第{NUMERAL}条(?:之{NUMERAL})?"
_CITED = re.compile(rf"《([^》]+)》((?:{_ARTICLE}[、和]?)+)")
_SOURCE = re.compile(rf"（(?:[^（）]|（[^（）]*）)*(?:{_ARTICLE}|(?:报告|综述)[^（）]*)）")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]*)\)")
_COMMENT = re.compile(r"<!--.*?-->")


def check_guides(
    guides: Sequence[Guide], acts: Acts, figures: Figures, hotlines: frozenset[str], today: date
) -> Iterator[Finding]:
    """Yield what is wrong with the documents; articles and figures are looked up where acts and reports are given."""
    titles: dict[str, str] = {}
    for guide in guides:
        yield from guide.findings
        if guide.head is not None:
            yield from _head(guide, guide.head, today)
            first = titles.setdefault(guide.head.title, guide.id)
            if first != guide.id:
                yield Finding(Group.FRONT_MATTER, guide.file, guide.line_of("title"), f"{first} has the same title")
        yield from _sections(guide, acts)
        for section in guide.sections:
            yield from _text(guide, section, acts, figures, hotlines)


def _head(guide: Guide, head: Head, today: date) -> Iterator[Finding]:
    def finding(key: str, message: str, warning: bool = False) -> Finding:
        return Finding(Group.FRONT_MATTER, guide.file, guide.line_of(key), message, warning)

    if head.id != guide.id:
        yield finding("id", f"the id is {head.id}, the path says {guide.id}")
    if not guide.id.startswith(_FOLDERS[head.kind]):
        yield finding("kind", f"a {head.kind} belongs into {_FOLDERS[head.kind]}")
    for region in head.regions:
        if region not in load_regions():
            yield finding("regions", f"{region} is no region")
    if head.effective and head.expires and head.expires <= head.effective:
        yield finding("expires", "expires before it holds")
    if head.reviewed > today:
        yield finding("reviewed", "was reviewed on a day that has not come")
    if head.recheck <= head.reviewed:
        yield finding("recheck", "is to be looked at again before it was reviewed")
    if head.recheck <= today:
        yield finding("recheck", f"was to be looked at again on {head.recheck}", warning=True)
    yield from _head_statutes(guide, head)


def _head_statutes(guide: Guide, head: Head) -> Iterator[Finding]:
    line = guide.line_of("statutes")
    try:
        listed = {parse_statute(entry) for entry in head.statutes}
    except ReadError as error:
        yield Finding(Group.STATUTES, guide.file, line, str(error))
        return
    used = {statute for section in guide.sections for statute in section.statutes}
    for statute in sorted(listed - used, key=_named):
        yield Finding(Group.STATUTES, guide.file, line, f"{_named(statute)} is listed, but no section rests on it")
    for statute in sorted(used - listed, key=_named):
        yield Finding(Group.STATUTES, guide.file, line, f"{_named(statute)} is not listed, but a section rests on it")


def _sections(guide: Guide, acts: Acts) -> Iterator[Finding]:
    headings: set[str] = set()
    for section in guide.sections:
        if not section.heading:
            yield Finding(Group.SECTIONS, guide.file, section.line, "there is text above the first heading")
        if section.heading in headings:
            yield Finding(Group.SECTIONS, guide.file, section.line, f"the heading {section.heading} stands there twice")
        headings.add(section.heading)
        if section.length > MAX_SECTION:
            message = f"{section.heading} has {section.length} characters, {MAX_SECTION} are allowed: split it with ###"
            yield Finding(Group.SECTIONS, guide.file, section.line, message)
        if len(section.statutes) > MAX_STATUTES:
            message = f"{section.heading} rests on {len(section.statutes)} articles, {MAX_STATUTES} are allowed"
            yield Finding(Group.STATUTES, guide.file, section.line, message)
        for statute in section.statutes:
            if statute.article is None:
                yield Finding(Group.STATUTES, guide.file, section.line, f"{statute.law} is named without an article")
            elif fault := acts.fault(statute):
                yield Finding(Group.STATUTES, guide.file, section.line, fault)
    if not guide.sections:
        yield Finding(Group.SECTIONS, guide.file, 1, "there is no section with text")


def _text(guide: Guide, section: Section, acts: Acts, figures: Figures, hotlines: frozenset[str]) -> Iterator[Finding]:
    for number, line in section.lines:
        words = _COMMENT.sub("", line)
        for start, end in sentences(words):
            length = len(_SOURCE.sub("", words[start:end]))
            if length > MAX_SENTENCE:
                message = (
                    f"a sentence has {length} characters, {MAX_SENTENCE} are allowed: “{words[start : start + 15]}…”"
                )
                yield Finding(Group.SECTIONS, guide.file, number, message)
        for fault in _citations(words, section, acts):
            yield Finding(Group.STATUTES, guide.file, number, fault)
        for link in _LINK.findall(words):
            yield Finding(Group.CONTACTS, guide.file, number, f"holds a link to {link}: a section is read alone")
        for fault in forbidden(words, hotlines):
            yield Finding(Group.CONTACTS, guide.file, number, fault)
        if figures:
            yield from (Finding(Group.FIGURES, guide.file, number, fault) for fault in figures.faults(words))


def _citations(words: str, section: Section, acts: Acts) -> Iterator[str]:
    """Yield what is wrong with articles in the text: it rests on those in brackets, and only speaks of the others."""
    for source in _SOURCE.finditer(words):
        for law, article in _cited(source[0]):
            if not any(article == statute.article and _abbreviates(law, statute.law) for statute in section.statutes):
                yield f"《{law}》{article} is cited, but not among the section's statutes"
    for law, article in _cited(_SOURCE.sub("", words)):
        if fault := acts.fault(Statute(law, article)):
            yield fault


def _cited(words: str) -> Iterator[tuple[str, str]]:
    for match in _CITED.finditer(words):
        yield from ((match[1], article) for article in re.findall(_ARTICLE, match[2]))


def _abbreviates(short: str, law: str) -> bool:
    """Tell whether the characters of `short` stand in `law` in their order, as in 劳动争议解释（一）."""
    rest = iter(act_name(law))
    return all(character in rest for character in act_name(short))


def _named(statute: Statute) -> str:
    return f"{statute.law} {statute.article or ''}".strip()
