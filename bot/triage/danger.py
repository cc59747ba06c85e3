"""The words by which people speak of danger, and those that tell it from a question, a memory or a figure of speech.

What is asked about the law of such things (认定, 赔偿 …), told of the past, of a film, a game, a training or the news,
is a message like any other, unless it says that somebody is in danger now.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from bot.triage.model import Danger
from bot.triage.wordlists import Words, read_wordlists


class Sign(StrEnum):
    """How surely words speak of danger."""

    CERTAIN = "certain"
    LIKELY = "likely"
    HINT = "hint"  # told in such words, among others


@dataclass(frozen=True, slots=True)
class Sighting:
    """Words that speak of a danger."""

    danger: Danger
    sign: Sign
    words: str


_LISTS = read_wordlists(Path(__file__).parent / "danger.yaml")
_SIGNS = Words({(sign, Danger(danger)): words for sign in Sign for danger, words in _LISTS[sign].items()})
_CONTEXT = Words(_LISTS["context"])
_FIGURES = re.compile("|".join(_LISTS["context"]["figure"]), re.DOTALL)


def sightings(text: str) -> tuple[Sighting, ...]:
    """Return what of a corrected text speaks of danger, the surest first; figures of speech are left out."""
    plain = _FIGURES.sub("，", text) if "figure" in context(text) else text
    return tuple(Sighting(danger, sign, words) for (sign, danger), words in _SIGNS.first(plain).items())


def tells_of_harm(text: str) -> bool:
    """Tell whether a text speaks of somebody who came to harm, now or long ago."""
    return "aftermath" in context(text) or any(seen.sign is not Sign.HINT for seen in sightings(text))


@lru_cache(maxsize=16)  # a message is asked twice
def context(text: str) -> Mapping[str, str]:
    """Return what tells how danger is spoken of (now, law, past, unreal …), each with the words that say so."""
    return _CONTEXT.first(text)
