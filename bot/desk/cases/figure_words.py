"""The words of the pages of figures, and how counts are told."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from bot.desk.cases.ports import Tally
from bot.desk.page import CHINA, moment

MEASURES = {
    "taken_in": "收到",
    "closed": "结案",
    "satisfied": "职工确认解决",
    "reopened": "重开",
    "overdue": "现在超时",
}
measured = attrgetter(*MEASURES)
SPANS = {3: "三个月", 6: "半年", 12: "一年", 36: "三年"}
UNIT = "单位：件"
EVERYBODY = "全部工会"


def month(at: datetime) -> str:
    """Write a month: 2026-11."""
    return at.astimezone(CHINA).strftime("%Y-%m")


def own(unions: Sequence[str]) -> str:
    """Name the unions that somebody sees, so that figures on paper say whose they are."""
    return f"{'、'.join(unions)}及下级工会"


def counted(about: str, months: Sequence[str], at: datetime) -> str:
    """Say whose figures these are, of which months, and when they were counted."""
    return f"{about} · {months[0]} 至 {months[-1]} · 出表 {moment(at)}"


def counts(tallies: Sequence[Tally]) -> tuple[int, ...]:
    """Add up what was counted, in the order of `MEASURES`."""
    return tuple(map(sum, zip(*map(measured, tallies), strict=True))) or (0,) * len(MEASURES)


def share(tallies: Sequence[Tally]) -> str:
    """Return which part of what was closed the workers said was settled."""
    closed = sum(each.closed for each in tallies)
    return f"{100 * sum(each.satisfied for each in tallies) / closed:.0f}%" if closed else "—"
