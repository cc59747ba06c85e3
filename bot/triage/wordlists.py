"""Lists of words beside the code, which whoever knows how workers speak can read and mend."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from bot.triage.needles import needles, pieces
from knowledge.errors import NiangjiaError

Name = TypeVar("Name")
Lists = Mapping[str, Sequence[str]]  # patterns by the name of what they tell


class WordlistError(NiangjiaError):
    """Say which list of words cannot be used."""


class Words(Generic[Name]):
    """Lists of words that are looked for together: of some hundred patterns a text needs but a few to be tried."""

    def __init__(self, lists: Mapping[Name, Sequence[str]]) -> None:
        """`lists` hold patterns; raise WordlistError at the first that is none."""
        self._patterns: list[tuple[Name, re.Pattern[str]]] = []
        tried: dict[str, list[int]] = {}  # by the pieces that call for them
        for name, patterns in lists.items():
            for pattern in patterns:
                try:
                    self._patterns.append((name, re.compile(pattern, re.DOTALL)))
                except re.error as error:
                    raise WordlistError(f"the list {name} holds {pattern} ({error}): correct it.") from error
                for piece in needles(pattern):
                    tried.setdefault(piece, []).append(len(self._patterns) - 1)
        self._tried = {piece: tuple(places) for piece, places in tried.items()}

    def first(self, text: str) -> dict[Name, str]:
        """Return the names of the lists that have a word in the text, in their order, each with the first such word."""
        places: set[int] = set()
        for piece in self._tried.keys() & pieces(text):
            places.update(self._tried[piece])
        found: dict[Name, re.Match[str]] = {}
        for place in sorted(places):
            name, pattern = self._patterns[place]
            match = pattern.search(text)
            if match and (name not in found or match.start() < found[name].start()):
                found[name] = match
        return {name: match[0] for name, match in found.items()}


def read_wordlists(path: Path) -> dict[str, Lists]:
    """Return the file's sections, each of named lists; `<name>` in one stands for a piece of that name."""
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf8"))
    try:
        stand_ins = {name: _alternatives(words) for name, words in data.pop("pieces", {}).items()}
        stand_ins = {name: _filled(words, stand_ins) for name, words in stand_ins.items()}
        return {
            section: {name: tuple(_filled(pattern, stand_ins) for pattern in words) for name, words in lists.items()}
            for section, lists in data.items()
        }
    except (TypeError, AttributeError) as error:
        raise WordlistError(f"{path.name} holds what is no list of words ({error}): correct it.") from error


def _alternatives(words: Sequence[str]) -> str:
    return f"({'|'.join(words)})"


def _filled(words: str, pieces: Mapping[str, str]) -> str:
    for name, piece in pieces.items():
        words = words.replace(f"<{name}>", piece)
    return words
