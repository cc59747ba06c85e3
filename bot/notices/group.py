"""Notices into the staff group of a messenger that the bot itself is in."""

from collections.abc import Callable
from datetime import datetime

from bot.messages import Button, Reply
from bot.notices import words
from bot.notices.links import TAKE_ACTION, Links
from bot.notices.model import Dispatch
from bot.notices.ports import Writer


class GroupNotifier:
    """A `Notifier` by which an emergency is taken with a button, so that it needs no address of ours."""

    def __init__(self, writer: Writer, links: Links, now: Callable[[], datetime]) -> None:
        self._writer = writer
        self._links = links
        self._now = now

    async def send(self, dispatch: Dispatch) -> str:
        """Write the notice into the group and return the message's id."""
        notice = dispatch.notice
        token = self._links.token(notice, dispatch.address.entry, self._now())
        buttons = ((Button(words.TAKE, TAKE_ACTION + token),),) if token else ()
        text = words.message(notice, self._links.desk(notice), None)
        return await self._writer.post(dispatch.address.target, Reply(text, buttons=buttons))
