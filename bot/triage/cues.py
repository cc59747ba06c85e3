"""The words that tell what a message wants and how it hurries; beside its terms, they are what the weights know."""

from pathlib import Path

from bot.triage.danger import context, sightings
from bot.triage.wordlists import first, read_wordlists

_WORDS = read_wordlists(Path(__file__).parent / "cues.yaml")


def cues(text: str) -> dict[str, str]:
    """Return the names of the cues that a corrected text bears, each with its words."""
    found = {name: words for lists in _WORDS.values() for name, words in first(lists, text).items()}
    for seen in reversed(sightings(text)):
        found |= {seen.sign.value: seen.words, f"{seen.sign}_{seen.danger}": seen.words}
    return found | context(text)
