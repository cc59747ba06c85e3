"""What any of our pages refuses, in words that fit whoever reads it."""

import math

from knowledge.errors import NiangjiaError


class Refused(NiangjiaError):  # noqa: N818 - named by what it says
    """Say why a request was not taken; `status` is the HTTP status."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.title = title
        self.text = text
        self.headers: dict[str, str] = {}


class TooMany(Refused):
    """Ask to wait `seconds` before the next try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(429, "请稍等一下", "您发得有点快，请稍等一会儿再发，我一直都在。")
        self.headers = {"Retry-After": str(max(1, math.ceil(seconds)))}


class Outage(Refused):
    """Say that what is stored is out of reach for now; nothing was taken, and nothing that was stored is lost."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "这会儿连不上",
            "我们这边出了点问题，正在恢复，刚才的没有收下。请过一会儿再试；着急的话，请打工会职工服务热线 12351。",
        )
        self.headers = {"Retry-After": "10"}


def foreign() -> Refused:
    """Return the error for a request that another site sent."""
    return Refused(403, "这个请求没有收下", "它好像是从别的网站发来的。请回到娘家的页面，再发一次。")


def too_long(limit: int) -> Refused:
    """Return the error for a text of more than `limit` characters."""
    return Refused(413, "写得有点长", f"一次最多写 {limit} 个字，请分成几条来发。")
