"""Receipts: 16 digits by which a worker finds a case again from any channel."""

import re
import secrets

from knowledge.characters import plain

DIGITS = 16
_NOT_DIGITS = re.compile(r"[\s\-－—–·]+|^(?:我的?|这是|查一?下)*(?:回执号?|号码|单号)码?[是为:：]*|[。.]$")
_LOST = re.compile(
    r".{0,6}(回执|单号).{0,4}(丢|忘|找不到|不见|没记|没存|没了|没有了|(在|到|去|从)?(哪|怎么)[里儿]?(看|找|查)).{0,6}"
)


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
