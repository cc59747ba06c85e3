"""What the page refuses, in the words that the worker is shown."""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from bot.cases.ports import Fault
from bot.pages.refusals import Refused

_MALFORMED = ("刚才没有弄成", "请回到娘家的页面，刷新以后再试一次。")


def not_found() -> Refused:
    """Return the error for a page that does not exist."""
    return Refused(404, "没有找到这一页", "这份文件可能已经更新或换了位置。回到对话里再问一次，我给您找新的出处。")


def no_cookie() -> Refused:
    """Return the error for a message of which nobody could find the answer again."""
    return Refused(
        403,
        "还差一步",
        "您的浏览器不让网页记住东西（Cookie），回答就找不到您。请在浏览器设置里允许，刷新页面后再发一次。",
    )


def malformed() -> Refused:
    """Return the error for a message that no page of ours sends."""
    return Refused(400, *_MALFORMED)


def empty() -> Refused:
    """Return the error for a message without words."""
    return Refused(422, "还没有写内容", "请先写下您的问题，再点“发送”。")


_REFUSED_FILES = {
    Fault.EMPTY: (422, "这个文件是空的", "打开看看里面有没有内容，再选一次。"),
    Fault.TYPE: (415, "这种文件收不了", "可以发照片、录音、视频，或者 PDF、Word、Excel 文件；也可以拍张照片发过来。"),
    Fault.GONE: (410, "这个文件找不到了", "请再选一次。"),
}


def file_refused(fault: Fault, largest: int) -> Refused:
    """Return the error for a file that is not kept; `largest` is in bytes."""
    if fault is Fault.TOO_LARGE:
        return Refused(
            413, "文件太大了", f"一个文件最大 {largest // 2**20} MB。照片可以拍小一点，视频、录音可以分几段。"
        )
    return Refused(*_REFUSED_FILES[fault])


def no_room() -> Refused:
    """Return the error for a file that our disk has no room for."""
    return Refused(
        507,
        "这个文件没有收下",
        "我们这边存文件的地方满了，不是您的手机，也不是网络的毛病。要紧的先用文字写下来，照片自己留好，过一天再发。",
    )


def no_file() -> Refused:
    """Return the error for a form without a file."""
    return Refused(422, "还没有选文件", "请先选好照片或文件，再点“发送”。")


def too_many_files(most: int) -> Refused:
    """Return the error for a form with more than `most` files."""
    return Refused(413, "文件有点多", f"一次最多发 {most} 个，其余的请下一条再发。")


def file_lost() -> Refused:
    """Return the error for a file that cannot be sent with this message, or not any more."""
    return Refused(409, "照片或文件没有带上", "它可能放得太久了。请再选一次，再发给我。")


def too_slow() -> Refused:
    """Return the error for an upload that took too long."""
    return Refused(408, "没有传完", "网络有点慢，这次没有传完。请换个信号好的地方再试，或者一次少传一点。")


def refusal_of(error: Exception) -> Refused:
    """Return what a worker is told of any error."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, RequestValidationError):
        return malformed()
    if isinstance(error, HTTPException):
        return not_found() if error.status_code == 404 else Refused(error.status_code, *_MALFORMED)
    return Refused(500, "我这边出了点问题", "不是您的错。请过一会儿再试；着急的话，请打工会职工服务热线 12351。")
