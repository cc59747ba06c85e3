"""Lists of words beside the code, which whoever knows how workers speak can read and mend."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import NiangjiaError

Words = Mapping[str, re.Pattern[str]]


class WordlistError(NiangjiaError):
    """Say which list of words cannot be used."""


def read_wordlists(path: Path) -> dict[str, Words]:
    """Return the file's sections, each a list of named patterns; `<name>` in one stands for a piece of that name."""
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf8"))
    pieces = {name: f"({'|'.join(words)})" for name, words in data.pop("pieces", {}).items()}
    pieces = {name: _filled(words, pieces) for name, words in pieces.items()}
    try:
        return {
            section: {name: re.compile(_filled("|".join(words), pieces), re.DOTALL) for name, words in lists.items()}
            for section, lists in data.items()
        }
    except (re.error, TypeError, AttributeError) as error:
        raise WordlistError(f"{path.name} holds what is no list of words ({error}): correct it.") from error


def first(lists: Words, text: str) -> dict[str, str]:
    """Return the names of the lists that have a word in the text, each with the first such word."""
    return {name: found[0] for name, words in lists.items() if (found := words.search(text)) is not None}


def _filled(words: str, pieces: Mapping[str, str]) -> str:
    for name, piece in pieces.items():
        words = words.replace(f"<{name}>", piece)
    return words
