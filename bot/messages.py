"""The words between channels and dialogue: what came in, and what goes out."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Citation


class Channel(StrEnum):
    """Where a conversation takes place."""

    TELEGRAM = "telegram"
    WEB = "web"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message, still in the hands of the channel: `reference` is what fetches it there."""

    kind: str  # photo, document, voice, video, location
    reference: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None  # bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or one tap, as a channel hands it over."""

    channel: Channel
    chat: str  # the conversation's address in its channel
    key: str  # the channel's own id of this update: the same key twice is one message
    text: str = ""
    action: str | None = None  # a tapped button's action, see `Button`
    attachments: tuple[Attachment, ...] = ()
    sender: str = ""  # the account that wrote or tapped, where the channel tells it: in a group not the chat
    answers: tuple[str, ...] = ()  # the actions under our message that this one replies to
    answered: str = ""  # the words of our message that this one replies to, where that has no buttons
    edited: bool = False  # words that were sent before are put right
    alone_at: str = ""  # where others read along, as in a group: the address at which the bot is written to alone


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a reply; `action` is at most 64 bytes of UTF-8, Telegram's limit.

    With `url` it leads to a page instead; only what is written for a messenger has such buttons.
    """

    label: str
    action: str
    url: str | None = None  # https


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person: plain text, no markup; the channel renders it."""

    text: str
    citations: tuple[Citation, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    asks: str = ""  # the account whose words are awaited: its app opens the field for them; then there are no buttons
    notice: bool = False  # a short acknowledgement of a tap rather than a message of its own
