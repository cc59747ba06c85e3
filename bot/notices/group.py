"""Notices over a messenger that the bot itself is in: into the staff's group, or to somebody in private."""

from bot.delivery import Undeliverable
from bot.messages import Reply
from bot.notices import words
from bot.notices.buttons import Buttons
from bot.notices.links import Links
from bot.notices.model import Dispatch, Notice
from bot.notices.ports import Writer


class GroupNotifier:
    """A `Notifier` with buttons, which colleagues press who have linked their account at the desk."""

    def __init__(self, writer: Writer, links: Links, buttons: Buttons) -> None:
        self._writer = writer
        self._links = links
        self._buttons = buttons

    async def send(self, dispatch: Dispatch) -> str:
        """Write the notice, or put one right that was written before, and return the message's id."""
        chat = self._writer.where(dispatch.address.target)
        reply = self._reply(dispatch.notice, chat)
        if dispatch.amends is None:
            return await self._writer.post(chat, reply)
        try:
            await self._writer.edit(chat, dispatch.amends, reply)
        except Undeliverable:  # it was deleted, or the group is another one since
            return await self._writer.post(chat, reply)
        return dispatch.amends

    def _reply(self, notice: Notice, chat: str) -> Reply:
        desk, page = self._links.desk(notice), self._links.page(notice.case)
        text = words.message(notice, None if page else desk, None)
        return Reply(text, buttons=self._buttons.under(notice, chat, page))
