"""The form in which a draft is written, and what is understood of it."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from bot.desk.doors import Visit
from bot.desk.knowledge import reasons, words
from bot.desk.knowledge.ports import Stated, Understood, UnreadableError
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.workshop import Workshop
from bot.desk.rooms import chosen
from bot.desk.staff import Staff
from bot.desk.uploading import MAX_TEXT
from knowledge.model import DocumentKind
from knowledge.organizations import Organizations, regions_with

PASTED = "paste.md"
LONGEST_TITLE = 80  # characters
_HEAD = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", re.DOTALL)  # front matter


class Unfit(Exception):  # noqa: N818 - named by what it says
    """Say in Chinese why a form was not taken."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of a draft holds."""

    paper: str  # id, "" for a new one
    origin: str
    head: str  # front matter, which is not shown
    body: str
    title: str
    regions: tuple[str, ...]
    effective: str
    expires: str
    kind: str  # guide or report; "" where the text's own shape tells what it is


class Reading:
    """Reads texts as an index would, and says in Chinese what is wrong with one."""

    def __init__(self, shop: Workshop, organizations: Organizations) -> None:
        self._shop = shop
        self._organizations = organizations

    async def form(self, form: Form) -> Understood:
        """Return what is understood of a form; raise Unfit."""
        if not 1 <= len(form.title) <= LONGEST_TITLE:
            raise Unfit(words.NO_TITLE)
        if not form.body.strip():
            raise Unfit(words.NO_WORDS)
        effective, expires = _day(form.effective), _day(form.expires)
        if effective is not None and expires is not None and expires <= effective:
            raise Unfit(words.BAD_DATES)
        report = form.kind == DocumentKind.REPORT if form.kind else None
        stated = Stated(form.title, form.regions, effective, expires, report)
        return await self.text(f"{form.head}\n{form.body}", form.title, stated)

    async def text(self, text: str, name: str, stated: Stated | None = None) -> Understood:
        """Return what is understood of a text that is called `name`; raise Unfit."""
        if len(text) > MAX_TEXT:
            raise Unfit(words.TOO_LONG)
        try:
            understood = await self._shop.reader.understand(PASTED, text, stated)
        except UnreadableError as error:
            raise Unfit(words.unreadable(name, reasons.told(str(error)))) from error
        if not set(understood.document.regions) <= self._organizations.known.regions.keys():
            raise Unfit(words.unreadable(name, words.UNKNOWN_REGION))
        return understood


def sent(visit: Visit, organizations: Organizations) -> Form:
    """Return the form as somebody sent it."""
    return Form(
        visit.field("paper"),
        visit.field("origin")[:200],
        visit.field("head"),
        visit.field("body").replace("\r\n", "\n"),
        " ".join(visit.field("title").split()),
        chosen(visit.fields.get("region", ()), tuple(organizations.known.regions)),
        visit.field("effective"),
        visit.field("expires"),
        kind if (kind := visit.field("kind")) in words.SAID else "",
    )


def form_of(understood: Understood, *, paper: str = "", origin: str = "") -> Form:
    """Return the form that says what is understood; a text without a title of its own has its file's name for one."""
    document, text = understood.document, understood.text
    head = found.group() if (found := _HEAD.match(text)) else ""
    named = document.title != PurePath(PASTED).stem
    effective, expires = document.validity.effective, document.validity.expires
    return Form(
        paper,
        origin,
        head,
        text.removeprefix(head).strip(),
        document.title if named else PurePath(origin).stem,
        document.regions,
        effective.isoformat() if effective else "",
        expires.isoformat() if expires else "",
        document.kind if document.kind in words.SAID else "",
    )


def placed(form: Form, staff: Staff, organizations: Organizations) -> Form:
    """Return a form that names no region with those that it is likely meant for.

    These are what its title or its file names, with the home's own regions; else those of the writer's own unions,
    but none at the top, where it holds everywhere.
    """
    if form.regions:
        return form
    scope = scope_of(staff, organizations)
    named = regions_with(organizations).of_document(form.title, form.origin)
    if not named and not scope.everything:
        named = tuple(region for union in staff.unions if (region := organizations.organizations[union].region))
    return replace(form, regions=tuple(region for region in dict.fromkeys(named) if scope.holds((region,))))


def _day(written: str) -> date | None:
    """Return the day that a field holds, None if it is empty; raise Unfit."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Unfit(words.BAD_DATES) from error
