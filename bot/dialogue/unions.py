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

    def __contains__(self, region: object) -> bool:
        known = self._regions.regions.get(region) if isinstance(region, str) else None
        return known is not None and known.retired is None

    def named(self, text: str) -> str | None:
        """Return the region if `text` names one and says nothing else."""
        said = _PLACE.fullmatch(text)
        return self._named(text) or (self._named(said["name"]) if said else None)

    def welcome(self, conversation: Conversation) -> Turn:
        """Greet, and let choose if nothing is chosen."""
        if conversation.region is not None and conversation.region in self:
            return Turn((Reply(texts.welcome(self._union(conversation.region))),), conversation)
        return Turn((Reply(texts.welcome(None), buttons=self._choices()),), conversation)

    def show(self, conversation: Conversation) -> Turn:
        """Let choose."""
        return Turn((Reply(texts.REGION_CHOICES, buttons=self._choices()),), conversation)

    def unknown(self, word: str, conversation: Conversation) -> Turn:
        """Say that there is nothing of this place."""
        return Turn((Reply(texts.region_unknown(word), buttons=self._choices()),), conversation)

    def choose(self, region: str, conversation: Conversation) -> Turn:
        """Remember the region."""
        return Turn((Reply(texts.region_chosen(self._union(region))),), replace(conversation, region=region))

    def clear(self, conversation: Conversation) -> Turn:
        """Remember none."""
        return Turn((Reply(texts.REGION_CLEARED),), replace(conversation, region=None))

    def _named(self, name: str) -> str | None:
        """Return the region that has this name, or whose union has."""
        for region in self._regions.offered:
            if region.union == name:
                return region.id
        return self._regions.mentioned(name)[0] if self._regions.places(name) == (name,) else None

    def _union(self, region: str) -> str:
        """Return what the region's union is called, or that of the nearest region above it which has one."""
        titles = (self._regions.regions[each].union for each in self._regions.lineage(region))
        return next(filter(None, titles), region)

    def _choices(self) -> tuple[tuple[Button, ...], ...]:
        unions = ((Action.REGION.button(region.union, region.id),) for region in self._regions.offered)
        return (*unions, (Action.REGION.button(texts.ANY_UNION, ""),))
