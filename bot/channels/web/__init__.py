"""The web chat page, its stream, and the documents that its answers quote."""

from bot.channels.web.app import Limits, build_web
from bot.channels.web.documents import Documents
from bot.channels.web.uploads import Uploads

__all__ = ["Documents", "Limits", "Uploads", "build_web"]
