"""Why a file cannot be read, and what was noticed in it, in words that help; `ingest` says both in English."""

import re

from bot.desk.knowledge.words import UNKNOWN_REGION

_TOLD = (
    (r"is empty|holds no text|holds no rows|without words", "里面没有文字。"),
    (r"holds pictures of text", "是扫描的图片，这里还认不了图上的字。请上传能选中文字的版本。"),
    (r"is of no kind", "这种格式读不了。请另存为 Word、PDF、Excel、网页或纯文本。"),
    (r"protected by a password|of an old format", "有密码，或者是旧版 Office 格式。请去掉密码，另存为新格式。"),
    (r"is of \d+ MB|too large|far too large|a line of more than|a sheet of more than", "太大了。请分成几份。"),
    (r"zip bomb|declares XML entities", "内部结构不正常，像是有害文件，没有打开它。"),
    (r"not a text file|no text in any known", "内容和文件名的格式对不上，或者编码认不出来。请另存为 UTF-8 文本。"),
    (r"front matter that is not valid YAML", "开头“---”之间的说明格式不对，请检查冒号、缩进和引号。"),
    (r"names the region", UNKNOWN_REGION),
    (r"is no date", "日期写得不对，要像 2026-11-01 这样。"),
    (r"front matter whose|entry among its statutes", "开头“---”之间有一项写得不对。"),
    (r"more than one document", "里面有好几份资料，请一份一份地上传。"),
    (r"cannot be opened|neither a file nor a folder", "打不开，可能没有权限，或者已经不在了。"),
    (
        r"is broken|no complete|no CSV|no JSON|could not be read|cannot be read",
        "文件坏了，或者没有传完。请重新保存一次再上传。",
    ),
)
_NOTICED = (
    (r"category (.+) is not in the vocabulary and was left out", r"类别“\1”不认识，没有用"),
    (r"questions are given for the heading (.+), which has no text", r"给“\1”写了常见问法，可是没有这个小标题"),
    (r"the file's name says (.+), the newest date of the heading is (.+)", r"文件名写的是 \1，正文开头最新的日期是 \2"),
    (r"(第\S+) stands there twice", r"\1出现了两次"),
    (r"(第\S+) stands after (第\S+)", r"\1排在\2后面"),
    (r"(第\S+?)(?: to |–|-)(第\S+) are missing", r"缺了\1到\2"),
    (r"(第\S+) (?:is|are) missing", r"缺了\1"),
    (r"is the same document as (\S+) and was left out", r"和 \1 内容一样，只用了那一份"),
)
_REASONS = tuple((re.compile(english), chinese) for english, chinese in _TOLD)
_WARNINGS = tuple((re.compile(english), chinese) for english, chinese in _NOTICED)


def told(reason: str) -> str:
    """Return the reason in Chinese; one that nobody foresaw as it is."""
    return next((chinese for pattern, chinese in _REASONS if pattern.search(reason)), reason)


def noticed(warning: str) -> str:
    """Return what a reader noticed in Chinese, the file's name before it as it is; an unforeseen one as it is."""
    return next((pattern.sub(chinese, warning) for pattern, chinese in _WARNINGS if pattern.search(warning)), warning)
