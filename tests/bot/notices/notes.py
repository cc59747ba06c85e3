"""Notices to try things with."""

from collections.abc import Callable
from datetime import UTC, datetime
from hmac import digest

from bot.notices.buttons import Buttons
from bot.notices.links import Links
from bot.notices.model import Address, Dispatch, Kind, Medium, Notice
from knowledge.vocabulary import Category, Urgency

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
UNION = "荆州市总工会"
CASE = "JZ-2026-000123"
EMERGENCY = Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, CASE, Category.WORK_INJURY)
OVERDUE = Notice(
    Kind.OVERDUE, UNION, Urgency.URGENT, CASE, Category.WAGE_ARREARS, datetime(2026, 11, 20, 9, 30, tzinfo=UTC), level=1
)


def now() -> datetime:
    return NOW


def sign(text: str) -> str:
    return digest(b"a key of the tests", text.encode(), "sha256").hex()[:32]


def links(public_url: str | None = "https://bot.example.org/", key: Callable[[str], str] = sign) -> Links:
    return Links(public_url, key)


def buttons() -> Buttons:
    return Buttons(sign)


def dispatch(medium: Medium, target: str, notice: Notice = OVERDUE, *, secret: str | None = None) -> Dispatch:
    return Dispatch(1, "lane", notice, Address(medium, target, secret, "值班群"))
