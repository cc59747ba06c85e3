"""What the page is drawn with: its templates, and replies as they are shown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import texts
from bot.channels.web.documents import quote_url, text_date
from bot.dialogue.actions import Action, parse
from bot.dialogue.ports import OutboxReply
from bot.messages import Button
from bot.pages.drawing import Drawing
from knowledge.model import Citation

HERE = Path(__file__).parent
_ITEM = re.compile(r"\s*(?:\d{1,2}[.、．)）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[·•*-]\s?)")
_SERVICE_NUMBER = re.compile(r"(?<![\d.第])(?:123\d\d|110|119|120)(?! ?[\d.,%％元块万千天日年月人个条名岁度分小])")
_DOTS = ("·", "•")
_MAIN = "✅"  # marks the button that most come for
_SIGNS = re.compile(r"^[^\w“《（]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as a card."""

    title: str
    quote: str
    date: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a reply: runs of words, each with the telephone number that it is, if it is one."""

    pieces: tuple[tuple[str, str | None], ...]
    item: bool  # of a list
    dot: bool  # an item without a number


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as it is drawn."""

    label: str
    action: str
    strong: bool  # what one most likely comes here to do


@dataclass(frozen=True, slots=True)
class Message:
    """A reply as the page draws it, after the question that it answers unless that was drawn already."""

    id: int
    key: str
    question: str  # or the label of the button that was tapped
    files: tuple[str, ...]
    text: str
    notice: bool
    sources: tuple[Source, ...]
    rows: tuple[tuple[Choice, ...], ...]

    @property
    def passing(self) -> bool:
        """Tell whether the buttons mean something only until the worker writes on, as those of a form's question do."""
        actions = {(parse(choice.action) or (None,))[0] for row in self.rows for choice in row}
        return bool(actions & {Action.DRAFT, Action.DONE})

    @property
    def paragraphs(self) -> list[list[Line]]:
        """Return the text's paragraphs, line by line."""
        paragraphs = [paragraph for paragraph in self.text.split("\n\n") if paragraph.strip()]
        return [
            [Line(_dialled(line), is_item(line), line.startswith(_DOTS)) for line in paragraph.split("\n")]
            for paragraph in paragraphs
        ]


class Page(Drawing):
    """Draws the pages of the channel."""

    def __init__(self) -> None:
        super().__init__(HERE, {"is_item": is_item})

    def fragment(self, message: Message) -> str:
        """Return the list items of one reply, for a page that runs scripts."""
        return self.render("turn.html", message=message, key="").strip()


def messages_of(replies: Sequence[OutboxReply], prefix: str, buttons: Iterable[Button] = ()) -> list[Message]:
    """Return the replies as they are drawn, each question once.

    `prefix` is what the stored keys begin with, `buttons` are those of the page itself, which may have been tapped.
    """
    drawn = []
    asked = ""
    labels = {button.action: button.label for button in buttons}
    for stored in replies:
        new = not stored.key or stored.key != asked
        asked = stored.key
        said = _tapped(stored, labels) if stored.action else labels.get(stored.question, stored.question)
        labels |= {button.action: button.label for row in stored.reply.buttons for button in row}
        drawn.append(
            Message(
                id=stored.id,
                key=stored.key.removeprefix(prefix),
                question=said if new else "",
                files=stored.files if new else (),
                text=stored.reply.text,
                notice=stored.reply.notice,
                sources=tuple(_source(citation, stored.id) for citation in stored.reply.citations),
                rows=tuple(row for row in map(_choices, stored.reply.buttons) if row),
            )
        )
    return drawn


def is_item(line: str) -> bool:
    """Tell whether a line is one of a list."""
    return _ITEM.match(line) is not None


def _dialled(line: str) -> tuple[tuple[str, str | None], ...]:
    """Split a line at the service numbers in it, which a phone can call; 110 元 is none."""
    pieces: list[tuple[str, str | None]] = []
    at = 0
    for match in _SERVICE_NUMBER.finditer(line):
        pieces += [(line[at : match.start()], None), (match[0], match[0])]
        at = match.end()
    return tuple(piece for piece in (*pieces, (line[at:], None)) if piece[0])


def _source(citation: Citation, reply: int) -> Source:
    notes = []
    if citation.path and citation.law is None:
        notes.append(citation.path[-1])
    if day := text_date(citation.issued, citation.law):
        notes.append(day)
    return Source(texts.source_name(citation), citation.quote, " · ".join(notes) or None, quote_url(citation, reply))


def _tapped(stored: OutboxReply, labels: Mapping[str, str]) -> str:
    """Return what the tapped button says; "" for a judgement, which is seen at its button, and for one not known."""
    action = stored.action or ""
    judged = (parse(action) or (None,))[0] in (Action.HELPFUL, Action.UNHELPFUL)
    return "" if judged else _SIGNS.sub("", labels.get(action, ""))


def _choices(row: tuple[Button, ...]) -> tuple[Choice, ...]:
    """Leave out the buttons of sources, which are cards here, and the little pictures, which old phones lack."""
    shown = (button for button in row if (parse(button.action) or (None,))[0] is not Action.SOURCE)
    return tuple(
        Choice(_SIGNS.sub("", button.label) or button.label, button.action, button.label.startswith(_MAIN))
        for button in shown
    )
