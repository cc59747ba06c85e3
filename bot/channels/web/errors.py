"""What the page refuses, in the words that the worker is shown."""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.pages.refusals import Refused

_MALFORMED = ("没有看懂这个请求", "请回到娘家的页面，刷新以后再试一次。")


def not_found() -> Refused:
    """Return the error for a page that does not exist."""
    return Refused(404, "没有找到这一页", "这份文件可能已经更新或换了位置。回到对话里再问一次，我给您找新的出处。")


def no_cookie() -> Refused:
    """Return the error for a message of which nobody could find the answer again."""
    return Refused(
        403, "还差一步", "浏览器没有保存 Cookie，回答就找不到您。请允许本站使用 Cookie，刷新页面后再发一次。"
    )


def malformed() -> Refused:
    """Return the error for a message that no page of ours sends."""
    return Refused(400, *_MALFORMED)


def empty() -> Refused:
    """Return the error for a message without words."""
    return Refused(422, "还没有写内容", "请先写下您的问题，再点“发送”。")


def refusal_of(error: Exception) -> Refused:
    """Return what a worker is told of any error."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, RequestValidationError):
        return malformed()
    if isinstance(error, HTTPException):
        return not_found() if error.status_code == 404 else Refused(error.status_code, *_MALFORMED)
    return Refused(500, "我这边出了点问题", "不是您的错。请过一会儿再试；着急的话，请打工会职工服务热线 12351。")
