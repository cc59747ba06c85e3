"""What no text may hold: a telephone, account or street that nobody has confirmed, a web address, a path."""

import re
from collections.abc import Iterator

_UNIT = r"\s*(?:[元块名户人家件个天日小时次月年分周万亿点条起场厘米度岁平米公里级以至到%％])"
_SHORT = re.compile(rf"(?<![\d.,:：/〔\-])(1[12]\d|12\d{{3}}|100\d{{2}}|9[56]\d{{3,4}})(?![\d.,:：/\-])(?!{_UNIT})")
_PERSONAL = (
    (
        "a telephone number",
        re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}[-－ ]?\d{7,8}|[48]00[-－ ]?\d{3,4}[-－ ]?\d{3,4})(?!\d)"),
    ),
    ("an identity number", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("an account", re.compile(r"(?:微信|公众号|[Qq]{2})[号群]?\s*[:：]\s*\S+")),
    (
        "a web address",
        re.compile(r"https?:\S+|www\.\S+|(?<![\w@.])(?:[A-Za-z0-9-]+\.)+(?:com|cn|net|org|gov)\b", re.ASCII),
    ),
    (
        "a path",
        re.compile(
            r"(?<![\w/:<])[~.]{0,2}/(?:[\w.-]+/)+[\w.-]*|\b[A-Za-z]:\\\S+|[\w/-]+\.(?:md|ya?ml|jsonl?|py)\b",
            re.ASCII,
        ),
    ),
)
_STREET = re.compile(r"[\u4e00-\u9fff]{2}(?:路|街|大道|巷)\s*\d+\s*号")


def forbidden(text: str, hotlines: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong in a text that workers are shown; `hotlines` are the short numbers that may stand in it."""
    yield from personal(text)
    yield from (
        f"names the number {number}, which is not allowed" for number in _SHORT.findall(text) if number not in hotlines
    )
    yield from (f"names the address {match[0]}" for match in _STREET.finditer(text))


def personal(text: str) -> Iterator[str]:
    """Yield what is wrong in any text, a worker's question too."""
    for name, pattern in _PERSONAL:
        yield from (f"holds {name}: {match[0]}" for match in pattern.finditer(text))
