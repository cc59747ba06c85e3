"""Receipts: 16 digits by which a worker finds a case again from any channel."""

import re
import secrets

from knowledge.characters import plain

DIGITS = 16
_NOT_DIGITS = re.compile(r"[\s\-－—–·]+|^(?:我的?|这是|请|帮我|给我|查一?下)*(?:回执号?|号码|单号)码?[是为:：]*|[。.]$")
_LOST = re.compile(
    r"我?(不知道|不晓得|不记得|没有|没得)(什么)?(回执|单号)号?[了的。]*"
    r"|.{0,6}(回执|单号).{0,4}(丢|忘|找不到|不见|没记|没存|没了|没有了|(在|到|去|从)?(哪|怎么)[里儿]?(看|找|查)).{0,6}"
)

_OTHERS = re.compile(
    r"(?<!我)(?<!我们)(?<!咱们)(?:他|她|他们|别人|老公|老婆|爱人|爸爸?|妈妈?|儿子|女儿|同事|工友|[张李王刘陈杨赵周吴][\u4e00-\u9fff]{1,2})的?(?:回执号?码?|进度|案子)"
)
_ASIDE = 30  # characters of a message that asks for nothing else


def new() -> str:
    """Return 15 random digits and a check digit."""
    body = "".join(secrets.choice("0123456789") for _ in range(DIGITS - 1))
    return body + _check_digit(body)


def shown(receipt: str) -> str:
    """Return the digits in groups of four, as they are read and told on the telephone."""
    return " ".join(receipt[start : start + 4] for start in range(0, DIGITS, 4))


def read(text: str) -> str | None:
    """Return the 16 digits if `text` is a receipt however it is spaced, and None otherwise; see `valid`."""
    digits = _NOT_DIGITS.sub("", plain(text))
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def missed(text: str) -> bool:
    """Tell whether `text` says that a receipt is lost."""
    return _LOST.fullmatch(text) is not None


def others(text: str) -> bool:
    """Tell whether `text` asks for what somebody else has brought."""
    return len(text) <= _ASIDE and _OTHERS.search(text) is not None


def mistyped(text: str) -> bool:
    """Tell whether `text` is nothing but a receipt with a digit too few or too many; 18 are an identity number."""
    digits = _NOT_DIGITS.sub("", plain(text))
    return digits.isascii() and digits.isdigit() and len(digits) in {DIGITS - 2, DIGITS - 1, DIGITS + 1}


def valid(digits: str) -> bool:
    """Tell whether the check digit fits; one wrong digit, or two neighbours swapped, never fit."""
    return _check_digit(digits[:-1]) == digits[-1]


# Damm's quasigroup: unlike Luhn's, it sees every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _check_digit(digits: str) -> str:
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return str(state)
