"""Mend what page breaks and scanning tore: nothing but white space is moved or removed."""

import re

_STRAY_QUOTATION_END = re.compile(r"(\S)[ \t\u3000]*\n\s*([”’』」]+)")
_CLOSERS = "”’』」）)】》"
_STOPS = "。！？!?…；;：:.—"
_COMMAS = "，,、"
_LATIN = re.compile(r"[A-Za-z0-9]")


def mend_quotations(text: str) -> str:
    """Return the text with closing quotation marks that begin a line moved back to the sentence that they close."""
    return _STRAY_QUOTATION_END.sub(r"\1\2\n\n", text)


def is_finished(words: str) -> bool:
    """Tell whether a paragraph ends as a sentence does, closing marks after the stop included."""
    return words.rstrip(_CLOSERS + " ").endswith(tuple(_STOPS))


def is_torn(words: str) -> bool:
    """Tell whether a line ends in mid-sentence: after a comma or within a quotation, or long and without a stop."""
    if is_finished(words) and not opens_quotation(words):
        return False
    return (
        words.endswith(tuple(_COMMAS)) or opens_quotation(words) or len(words) > 16 or any(c in words for c in _COMMAS)
    )


def opens_quotation(words: str) -> bool:
    """Tell whether the last quotation mark of the words, or their last bracket, is an opening one."""
    return words.rfind("“") > words.rfind("”") or max(words.rfind("（"), words.rfind("(")) > max(
        words.rfind("）"), words.rfind(")")
    )


def join(before: str, after: str) -> str:
    """Return two halves of a sentence as one; words in Latin letters keep a space between them."""
    before, after = before.rstrip(), after.lstrip()
    apart = _LATIN.match(before[-1:]) and _LATIN.match(after[:1])
    return f"{before}{' ' if apart else ''}{after}"
