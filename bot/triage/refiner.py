"""What a chat model may add to a reading: it may see more than the words, but it never makes light of them."""

from dataclasses import dataclass, replace
from typing import Protocol

from bot.triage.model import Danger, Intent, Label, Reason, Triage
from knowledge.vocabulary import Category, Urgency

_RISING = tuple(Urgency)  # as the vocabulary lists them, from 普通 to 特急


@dataclass(frozen=True, slots=True)
class Refinement:
    """What a refiner would have otherwise; None leaves a label as it is."""

    intent: Intent | None = None
    categories: tuple[Category, ...] | None = None
    urgency: Urgency | None = None
    danger: Danger | None = None
    why: str = ""


class Refiner(Protocol):
    """Read a message a second time, with the first reading beside it."""

    async def refine(self, text: str, read: Triage) -> Refinement:
        """Return what to change; an empty refinement where nothing is."""


async def refined(text: str, read: Triage, refiner: Refiner) -> Triage:
    """Return the reading with what the refiner adds: danger stays danger, and an urgency only rises."""
    asked = await refiner.refine(text, read)
    if read.danger or asked.danger:
        changed = replace(read, intent=Intent.CRISIS, urgency=Urgency.EMERGENCY, danger=read.danger or asked.danger)
    else:
        kept = asked.intent if asked.intent is not Intent.CRISIS else None  # without a danger there is no crisis
        urgency = max(read.urgency, asked.urgency or read.urgency, key=_RISING.index)
        changed = replace(
            read, intent=kept or read.intent, categories=asked.categories or read.categories, urgency=urgency
        )
    if changed == read:
        return read
    return replace(changed, reasons=(*read.reasons, Reason(Label.INTENT, asked.why or "又读了一遍，改了上面的判断")))
