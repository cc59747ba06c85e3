"""What Telegram brings, in its own words, of which only that is read which is used.

aiogram's models of the same take ten times as long.
"""

from typing import Any

from pydantic import BaseModel, Field


class Chat(BaseModel):
    """Where something is said."""

    id: int
    type: str


class Account(BaseModel):
    """Who says it."""

    id: int


class Size(BaseModel):
    """A photo in one of its sizes."""

    file_id: str
    file_size: int | None = None  # bytes


class File(Size):
    """Any other file."""

    file_name: str | None = None
    mime_type: str | None = None


class Location(BaseModel):
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


class Sticker(BaseModel):
    """A picture that stands for a feeling."""

    emoji: str | None = None


class Key(BaseModel):
    """A button under a message."""

    callback_data: str | None = None


class Keys(BaseModel):
    """The buttons under a message, in rows."""

    inline_keyboard: list[list[Key]]


class Message(BaseModel):
    """What somebody, or we, have said."""

    chat: Chat
    date: int  # seconds since 1970
    edit_date: int | None = None
    from_user: Account | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    sticker: Sticker | None = None
    contact: dict[str, Any] | None = None
    photo: list[Size] | None = None  # the largest last
    document: File | None = None
    voice: File | None = None
    audio: File | None = None
    video: File | None = None
    video_note: File | None = None
    location: Location | None = None
    reply_markup: Keys | None = None
    reply_to_message: "Message | None" = None


class Tapped(BaseModel):
    """The message whose button was tapped; of one that is too old Telegram tells little more than its chat."""

    chat: Chat


class Tap(BaseModel):
    """A tap on a button."""

    id: str
    from_user: Account = Field(alias="from")
    message: Tapped | None = None
    data: str | None = None


class Update(BaseModel):
    """Something that happened, of one of the kinds that we ask for."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Tap | None = None
