"""Characters that look alike or like nothing: phones and input methods write them, and those who hide words."""

import re
import unicodedata

# Marks that turn the direction of writing or take no room; the joiner within emoji is none of them.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_JOINERS = re.compile("[\u200d\ufe00-\ufe0f]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_OTHER_DIGITS = re.compile(r"[^\D0-9]")


def visible(text: str) -> str:
    """Return the text without marks that nobody sees, so that it reads everywhere as it was written."""
    return _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """Return the text with digits of any script as 0 to 9 and spaces of any width as one, for numbers to be read."""
    narrow = _SPACES.sub(" ", _JOINERS.sub("", visible(text)))
    return _OTHER_DIGITS.sub(lambda digit: str(unicodedata.digit(digit[0])), narrow)
