"""The words that tell what a message wants and how it hurries; beside its terms, they are what the weights know."""

from collections.abc import Sequence
from pathlib import Path

from bot.triage.danger import Sighting, context
from bot.triage.wordlists import Words, read_wordlists

_WORDS = Words(
    {
        name: words
        for lists in read_wordlists(Path(__file__).parent / "cues.yaml").values()
        for name, words in lists.items()
    }
)


def cues(text: str, seen: Sequence[Sighting]) -> dict[str, str]:
    """Return the names of the cues that a corrected text bears, each with its words; what is `seen` is of danger."""
    found = _WORDS.first(text)
    for sighting in reversed(seen):
        found |= {sighting.sign.value: sighting.words, f"{sighting.sign}_{sighting.danger}": sighting.words}
    return {**found, **context(text)}
