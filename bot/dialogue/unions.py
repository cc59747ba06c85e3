"""Choosing one's union."""

import re
from dataclasses import replace

from bot import texts
from bot.dialogue.actions import Action
from bot.dialogue.ports import Conversation, Turn
from bot.messages import Button, Reply
from knowledge.regions import Regions

_PLACE = re.compile(r"(?:我(?:是|在|属于|的工会是)?|选择?)?\s*(?P<name>\S+?)\s*(?:的|人|这边|那边)?[。！!.]?")


class Unions:
    """Greets, and remembers whose member a worker is."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._region_of = {
            name: region.id for region in regions.regions.values() for name in (region.id, region.union, *region.names)
        }

    def __contains__(self, region: object) -> bool:
        return region in self._regions

    def named(self, text: str) -> str | None:
        """Return the region if `text` names one and says nothing else."""
        said = _PLACE.fullmatch(text)
        return self._region_of.get(text) or (self._region_of.get(said["name"]) if said else None)

    def welcome(self, conversation: Conversation) -> Turn:
        """Greet, and let choose if nothing is chosen."""
        chosen = self._regions.regions.get(conversation.region or "")
        if chosen:
            return Turn((Reply(texts.welcome(chosen.union)),), conversation)
        return Turn((Reply(texts.welcome(None), buttons=self._choices()),), conversation)

    def show(self, conversation: Conversation) -> Turn:
        """Let choose."""
        return Turn((Reply(texts.REGION_CHOICES, buttons=self._choices()),), conversation)

    def unknown(self, word: str, conversation: Conversation) -> Turn:
        """Say that there is nothing of this place."""
        return Turn((Reply(texts.region_unknown(word), buttons=self._choices()),), conversation)

    def choose(self, region: str, conversation: Conversation) -> Turn:
        """Remember the region."""
        union = self._regions.regions[region].union
        return Turn((Reply(texts.region_chosen(union)),), replace(conversation, region=region))

    def clear(self, conversation: Conversation) -> Turn:
        """Remember none."""
        return Turn((Reply(texts.REGION_CLEARED),), replace(conversation, region=None))

    def _choices(self) -> tuple[tuple[Button, ...], ...]:
        unions = ((Action.REGION.button(region.union, region.id),) for region in self._regions.regions.values())
        return (*unions, (Action.REGION.button(texts.ANY_UNION, ""),))
