"""A Telegram Bot API on the loopback, as strict as Telegram, for tests that drive the real bot."""

from tests.telegram_api.driver import Person, Tap
from tests.telegram_api.server import Fault, TelegramApi
from tests.telegram_api.world import Chat, Message

__all__ = ["Chat", "Fault", "Message", "Person", "Tap", "TelegramApi"]
