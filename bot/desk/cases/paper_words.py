"""Every sentence about files that staff bring or look at."""

from bot.cases.evidence import LARGEST
from bot.cases.ports import Fault
from bot.pages.refusals import Refused

NO_ROOM = "现在存不下，可能是磁盘满了。请告诉管理员，过一会儿再传。"
NO_FILE = "请先选好照片或文件。"
_FAULTS = {
    Fault.EMPTY: "是空的，请打开看看里面有没有内容。",
    Fault.TOO_LARGE: f"太大了，一个文件最大 {LARGEST >> 20} MB。",
    Fault.TYPE: "收不了这种文件。可以是照片、录音、视频，或者 PDF、Word、Excel 文件。",
    Fault.GONE: "找不到了，请再选一次。",
}


def refused_file(name: str, fault: Fault) -> str:
    """Say why a file is not taken."""
    return f"“{name}”{_FAULTS[fault]}"


def too_many_files(most: int) -> str:
    """Say how many files are taken at once."""
    return f"一次最多 {most} 个文件，其余的请再传一次。"


def too_big(largest: int) -> Refused:
    """Return the error for a form with more bytes of files than are taken at once."""
    return Refused(413, "文件太大了", f"一次最多传 {largest >> 20} MB，照片可以分几次传。")


def no_picture() -> Refused:
    """Return the error for a file of which no picture can be made."""
    return Refused(422, "这份材料打不开", "它可能坏了，或者加了密码。请回到诉求下载原件。")
