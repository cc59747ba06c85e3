"""`Reply` → Telegram's messages and keyboards."""

import re
from dataclasses import dataclass
from html import escape

from bot import texts
from bot.channels.telegram.calls import Keyboard, Markup
from bot.messages import Button, Reply

LIMIT = 4096  # UTF-16 units of a message, after its entities are parsed
NUMBERS = "①②③④⑤⑥⑦⑧⑨"
# Where a long text may be parted, the best first: paragraphs, lines, sentences, clauses.
BREAKS = tuple(
    re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"[。！？；!?;…]+[”’」』）)]*", r"[，、,：:）)\s]")
)


@dataclass(frozen=True, slots=True)
class Part:
    """One message: as HTML, and in plain words for when Telegram cannot read that."""

    html: str
    plain: str


def units(text: str) -> int:
    """Count a text as Telegram does, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parts(reply: Reply) -> list[Part]:
    """Return the messages that a reply takes, its sources at the end of the last unless its words name them all.

    Whoever is asked for words is named by the first of ours, up to a comma.
    """
    if reply.asks:
        name, comma, rest = reply.text.partition("，")
        mention = f'<a href="tg://user?id={int(reply.asks)}">{escape(name)}</a>'
        return [Part(f"{mention}{comma}{escape(rest, quote=False)}", reply.text)]
    rendered = [Part(escape(piece, quote=False), piece) for piece in split(reply.text, LIMIT)]
    named = [texts.source_name(citation) for citation in reply.citations]
    if all(name in reply.text for name in named):
        return rendered
    numbers: dict[str, str] = {}  # two quotes from one document share its name
    for number, name in zip(NUMBERS, named, strict=False):
        numbers[name] = numbers.get(name, "") + number
    names = "　".join(f"{number}{name}" for name, number in numbers.items())
    sources = Part(f"<b>{texts.SOURCES}</b>{escape(names, quote=False)}", f"{texts.SOURCES}{names}")
    last = rendered[-1]
    if units(last.plain) + units(sources.plain) + 2 > LIMIT:
        return [*rendered, sources]
    return [*rendered[:-1], Part(f"{last.html}\n\n{sources.html}", f"{last.plain}\n\n{sources.plain}")]


def markup(reply: Reply) -> Markup | None:
    """Return what stands below a reply: its buttons, or the field for the words that it asks for."""
    # In a group it opens for nobody but the one who is named.
    return {"force_reply": True, "selective": True} if reply.asks else keyboard(reply.buttons)


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> Keyboard | None:
    """Return the buttons as an inline keyboard; None for no buttons."""
    return {"inline_keyboard": [[_key(button) for button in row] for row in rows]} if rows else None


def _key(button: Button) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.action}


def split(text: str, limit: int) -> list[str]:
    """Part a text into pieces of at most `limit` UTF-16 units, at the ends of paragraphs or sentences where it can."""
    pieces = []
    rest = text.strip()
    while units(rest) > limit:
        # Half a surrogate pair at the end is left out, so that no character is ever cut in two.
        head = rest.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")
        cut = _best_cut(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest]


def _best_cut(head: str) -> int:
    for pattern in BREAKS:
        ends = [match.end() for match in pattern.finditer(head)]
        if ends and ends[-1] > len(head) // 3:  # an earlier one would leave a scrap of a message
            return ends[-1]
    return len(head)
