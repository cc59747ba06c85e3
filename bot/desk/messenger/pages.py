"""The page on which somebody links their account in the messenger to the one at the desk, and unlinks it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import segno
from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.delivery import RetryLater, Undeliverable
from bot.desk.account import MESSENGER
from bot.desk.doors import Door, Visit
from bot.desk.messenger.linking import CODE_LIFE, Linking, start
from bot.desk.problems import StaffError
from bot.desk.rooms import Rooms, done, said
from bot.desk.staff import Permission
from bot.pages.refusals import TooMany

Own = Annotated[Visit, Depends(Door(Permission.OWN_ACCOUNT))]
Invitation = Callable[[str], Awaitable[str]]  # returns the link that starts the bot with these words


def messenger_pages(rooms: Rooms, linking: Linking, invitation: Invitation) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix=MESSENGER)

    async def shown(visit: Visit, words: str = "") -> dict[str, object]:
        url = await link(words) if words else None
        return {
            "words": words,
            "url": url,
            "picture": segno.make(url, error="m").svg_inline(border=4, light="#fff", omitsize=True) if url else "",
            "since": await linking.since(visit.staff),
            "minutes": int(CODE_LIFE.total_seconds() // 60),
        }

    async def link(words: str) -> str | None:
        """Return the link that starts the bot; None while the messenger does not say what the bot is called."""
        try:
            return await invitation(words)
        except (RetryLater, Undeliverable):
            return None

    @router.get("")
    async def page(visit: Own) -> Response:
        return rooms.page.show("messenger.html", visit, problem="", done=said(visit), **await shown(visit))

    @router.post("")
    async def offer(visit: Own) -> Response:
        """Show a code, once: whoever sends it to the bot acts for this account, so the person must prove themselves."""
        try:
            await rooms.logins.prove(visit.staff, visit.field("password"), visit.address)
        except (StaffError, TooMany) as error:
            return rooms.again("messenger.html", visit, error, done="", **await shown(visit))
        words = start(await linking.code(visit.staff))
        return rooms.page.show("messenger.html", visit, problem="", done="", **await shown(visit, words))

    @router.post("/off")
    async def unlink(visit: Own) -> Response:
        await linking.unlink(visit.staff)
        return done(MESSENGER, "unlinked")

    return router
