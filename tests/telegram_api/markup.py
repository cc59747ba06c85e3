"""Telegram's HTML, read as strictly as its servers read it."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.telegram_api.errors import BadRequestError

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
}
# Telegram knows these four and the numeric ones; any other stays as it was written.
ENTITY = re.compile(r"&(lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?")
ATTRIBUTE = re.compile(r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<q>[^"]*)"|'(?P<a>[^']*)'|(?P<bare>[\w.-]+)))?""")
SPOKEN = re.compile(r"(?P<bot_command>(?<!\S)/\w{1,64}(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,32})|(?P<url>https?://\S+)")


def units(text: str) -> int:
    """Count a text as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    at: int  # UTF-16 units of plain text before it
    attributes: dict[str, str] = field(default_factory=dict)


def _refuse(reason: str) -> BadRequestError:
    return BadRequestError(f"can't parse entities: {reason}")


def _attributes(tag: str, source: str, offset: int) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while source[at:].strip():
        match = ATTRIBUTE.match(source, at)
        if match is None:
            raise _refuse(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        value = next((match[name] for name in ("q", "a", "bare") if match[name] is not None), None)
        if value is None and (tag, match["name"].lower()) != ("blockquote", "expandable"):
            raise _refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {offset}'
            )
        found[match["name"].lower()] = unescape(value or "")
        at = match.end()
    return found


def _entity(opened: _Open, end: int, inner: str) -> dict[str, Any] | None:
    kind = KINDS[opened.tag]
    entity: dict[str, Any] = {"type": kind, "offset": opened.at, "length": end - opened.at}
    if opened.tag == "a":
        entity["url"] = opened.attributes.get("href") or inner
        if "." not in entity["url"] and ":" not in entity["url"]:
            return None  # what is no address is shown as plain text
    if opened.tag == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    if opened.tag == "tg-emoji":
        entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
    return entity if entity["length"] else None


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the plain text and its entities; raise BadRequestError where Telegram would."""
    out: list[str] = []
    length = 0
    opened: list[_Open] = []
    entities: list[dict[str, Any]] = []
    at = 0
    while at < len(source):
        if source[at] != "<":
            match = ENTITY.match(source, at)
            piece = unescape(match[0]) if match else source[at]
            out.append(piece)
            length += units(piece)
            at = match.end() if match else at + 1
            continue
        offset = len(source[:at].encode())
        close = source.find(">", at)
        if source.startswith("</", at):
            if not opened:
                raise _refuse(f"Unexpected end tag at byte offset {offset}")
            if close < 0:
                raise _refuse(f"Unclosed end tag at byte offset {offset}")
            tag = source[at + 2 : close].strip().lower()
            last = opened.pop()
            if tag not in ("", last.tag):
                raise _refuse(f'Unmatched end tag at byte offset {offset}, expected "</{last.tag}>", found "</{tag}>"')
            inner = "".join(out).encode("utf-16-le")[last.at * 2 :].decode("utf-16-le")
            entities += filter(None, [_entity(last, length, inner)])
        else:
            if close < 0:
                raise _refuse(f"Unclosed start tag at byte offset {offset}")
            tag, _, rest = source[at + 1 : close].partition(" ")
            tag = tag.strip().lower()
            if tag not in KINDS:
                raise _refuse(f'Unsupported start tag "{tag}" at byte offset {offset}')
            attributes = _attributes(tag, rest, offset)
            if tag == "span" and attributes.get("class") != "tg-spoiler":
                raise _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
            opened.append(_Open(tag, length, attributes))
        at = close + 1
    if opened:
        raise _refuse(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return "".join(out), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def spoken_entities(text: str) -> list[dict[str, Any]]:
    """Return what Telegram marks of itself in a person's words: commands, mentions, addresses."""
    return [
        {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in SPOKEN.finditer(text)
    ]


def trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Cut the white space around a text, as Telegram does, and move its entities along."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    total = units(text)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - cut)
        end = min(total, entity["offset"] - cut + entity["length"])
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return text, moved
