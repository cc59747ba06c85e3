"""Why a file cannot be read, in words that help whoever brought it; `ingest` gives its reasons in English."""

import re

_TOLD = (
    (r"is empty|holds no text|holds no rows|without words", "里面没有文字。扫描件请先做文字识别，再上传。"),
    (r"is of no kind", "这种格式读不了。请另存为 Word、PDF、Excel、网页或纯文本。"),
    (r"protected by a password|of an old format", "有密码，或者是旧版 Office 格式。请去掉密码，另存为新格式。"),
    (r"is of \d+ MB|too large|far too large|a line of more than", "太大了。请分成几份。"),
    (r"zip bomb|declares XML entities", "内部结构不正常，像是有害文件，没有打开它。"),
    (r"not a text file|no text in any known", "内容和文件名的格式对不上，或者编码认不出来。请另存为 UTF-8 文本。"),
    (r"front matter that is not valid YAML", "开头“---”之间的说明格式不对，请检查冒号、缩进和引号。"),
    (r"names the region", "写了一个认不出的地区。请从列出的地区里选。"),
    (r"is no date", "日期写得不对，要像 2026-11-01 这样。"),
    (r"front matter whose|entry among its statutes", "开头“---”之间有一项写得不对。"),
    (r"more than one document", "里面有好几份资料，请一份一份地上传。"),
    (r"cannot be opened|neither a file nor a folder", "打不开，可能没有权限，或者已经不在了。"),
    (
        r"is broken|no complete|no CSV|no JSON|could not be read|cannot be read",
        "文件坏了，或者没有传完。请重新保存一次再上传。",
    ),
)
_PATTERNS = tuple((re.compile(english), chinese) for english, chinese in _TOLD)


def told(reason: str) -> str:
    """Return the reason in Chinese; one that nobody foresaw as it is."""
    return next((chinese for pattern, chinese in _PATTERNS if pattern.search(reason)), reason)
