"""All that can carry a notice in this deployment."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

from bot.notices.buttons import Buttons
from bot.notices.group import GroupNotifier
from bot.notices.links import Links
from bot.notices.mail import MailNotifier, MailServer
from bot.notices.model import Medium
from bot.notices.ports import Notifier, Writer
from bot.notices.robots import DingTalkRobot, WeComRobot


@asynccontextmanager
async def open_notifiers(
    links: Links, buttons: Buttons, now: Callable[[], datetime], *, mail: MailServer | None, writer: Writer | None
) -> AsyncIterator[dict[str, Notifier]]:
    """Give the notifiers by medium: robots always, mail with a server, the messenger with its `writer`."""
    async with httpx.AsyncClient() as client:
        notifiers: dict[str, Notifier] = {
            Medium.WECOM: WeComRobot(client, links, now),
            Medium.DINGTALK: DingTalkRobot(client, links, now),
        }
        if mail is not None:
            notifiers[Medium.EMAIL] = MailNotifier(mail, links, now)
        if writer is not None:
            notifiers[Medium.TELEGRAM] = GroupNotifier(writer, links, buttons)
        yield notifiers
