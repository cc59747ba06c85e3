"""Telegram, through aiogram: the only home of that library."""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
