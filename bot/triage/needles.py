"""The pieces without which a pattern finds nothing in a text, so that most patterns need not be tried."""

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from operator import add
from re import DOTALL
from typing import Any

_parser = import_module("re._parser")  # how the library itself reads a pattern
_MOST = 300  # words that are spelt out of one stretch of a pattern
_ZERO_WIDTH = (_parser.AT, _parser.ASSERT, _parser.ASSERT_NOT)
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT)

Part = tuple[Any, Any]  # of a pattern: what it is, and what that holds
Spelt = frozenset[str]

_NOTHING: Spelt = frozenset({""})


@lru_cache(maxsize=4)  # several sets of patterns look at one message
def pieces(text: str) -> frozenset[str]:
    """Return the characters of a text, its pairs of neighbours, and the empty piece, which every text holds."""
    return frozenset(("", *text, *map(add, text, text[1:])))


def needles(pattern: str) -> Spelt:
    """Return pieces of which a text that matches holds at least one; the empty one where it needs none."""
    return frozenset(word[:2] for word in _needed(_parser.parse(pattern, DOTALL)))


def _needed(parts: Iterable[Part]) -> Spelt:
    """Return the most telling words of which each match holds one."""
    best, run = _NOTHING, _NOTHING
    for part in parts:
        spelt = _spelt(part)
        if spelt and len(run) * len(spelt) <= _MOST:
            run = frozenset(before + after for before in run for after in spelt)
        else:
            best = max(best, run, _within(part), key=_telling)
            run = spelt or _NOTHING
    return max(best, run, key=_telling)


def _telling(words: Spelt) -> tuple[int, int]:
    return min(2, *map(len, words)), -len(words)


def _spelt(part: Part) -> Spelt | None:
    """Return all that a part may match, or None where that is too much to spell out."""
    kind, held = part
    if kind in _ZERO_WIDTH:
        return _NOTHING
    if kind is _parser.LITERAL:
        return frozenset({chr(held)})
    if kind is _parser.IN and all(inner is _parser.LITERAL for inner, _ in held):
        return frozenset(chr(code) for _, code in held)
    if kind is _parser.SUBPATTERN:
        return _spelt_in_a_row(held[-1])
    if kind is _parser.BRANCH:
        branches = [_spelt_in_a_row(branch) for branch in held[1]]
        return None if None in branches else frozenset().union(*filter(None, branches))
    if kind in _REPEATS and held[:2] == (0, 1) and (once := _spelt_in_a_row(held[2])):
        return once | _NOTHING
    return None


def _spelt_in_a_row(parts: Iterable[Part]) -> Spelt | None:
    row = _NOTHING
    for part in parts:
        spelt = _spelt(part)
        if spelt is None or len(row) * len(spelt) > _MOST:
            return None
        row = frozenset(before + after for before in row for after in spelt)
    return row


def _within(part: Part) -> Spelt:
    """Return words of which each match of a part that cannot be spelt out holds one."""
    kind, held = part
    if kind is _parser.SUBPATTERN:
        return _needed(held[-1])
    if kind is _parser.BRANCH:
        return frozenset().union(*map(_needed, held[1]))
    if kind in _REPEATS and held[0] > 0:
        return _needed(held[2])
    return _NOTHING
