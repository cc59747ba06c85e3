"""The composition root: the only room that knows every concrete class.

`parts.py` opens what the bot is made of, `dialogue.py` puts together what answers workers, `site.py` mounts the pages,
and `background.py` runs what carries messages and keeps promises. `configured.py` makes what the settings name.
"""

import asyncio
import gc
import socket

import uvicorn

from bot.app.background import Announce, running
from bot.app.dialogue import dialogue_of
from bot.app.parts import open_accounts, open_carriers, open_parts, welcome_link
from bot.app.site import site_of
from bot.server import Server
from bot.settings import Settings

__all__ = ["Announce", "open_accounts", "open_carriers", "serve", "welcome_link"]


async def serve(settings: Settings, listening: socket.socket, announce: Announce) -> None:
    """Serve at `listening` until interrupted; `announce` is given the address once the page can be opened."""
    stopping = asyncio.Event()
    async with open_parts(settings) as parts:
        config = uvicorn.Config(
            site_of(parts, stopping),
            log_config=None,
            access_log=False,
            lifespan="off",
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=3,
        )
        server = Server(config, stopping)
        dialogue = dialogue_of(parts)
        # All that is made by now stays; to look through it for what nobody uses stopped everything for 0.2 s each time.
        gc.collect()
        gc.freeze()
        async with running(parts, dialogue, server, listening, announce):
            await server.serve(sockets=[listening])
