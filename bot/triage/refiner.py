"""What a second reader may add to a reading: it may see more than the words, but it never makes light of them."""

from dataclasses import dataclass, replace
from typing import Protocol

from bot.triage.model import Danger, Intent, Label, Reason, Triage
from knowledge.vocabulary import Category, Urgency

MOST = 3  # categories of one message

_ACTED_ON = frozenset({Intent.GRIEVANCE, Intent.HELP})


@dataclass(frozen=True, slots=True)
class Refinement:
    """What a refiner would have otherwise; what it leaves out stays as it is."""

    intent: Intent | None = None
    categories: tuple[Category, ...] = ()
    urgency: Urgency | None = None
    danger: Danger | None = None
    words: str = ""  # of the message, by which it says so


class Refiner(Protocol):
    """Read a message a second time, with the first reading beside it."""

    async def refine(self, text: str, read: Triage) -> Refinement:
        """Return what to change; an empty refinement where nothing is."""
        ...


async def refined(text: str, read: Triage, refiner: Refiner | None) -> Triage:
    """Return the reading with what the refiner adds, if there is one and the reading is unsure.

    Danger is never waited for and stays danger, an urgency only rises, what is to be acted on stays so, and the
    category that was seen first is not lost. A danger that only the refiner sees is doubtful, but for self-harm.
    """
    if refiner is None or not read.unsure or read.danger is not None:
        return read
    asked = await refiner.refine(text, read)
    changed = replace(
        read, categories=_joined(asked.categories, read.category) if asked.categories else read.categories
    )
    if asked.danger is not None:
        doubtful = asked.danger is not Danger.SELF_HARM
        changed = replace(
            changed, intent=Intent.CRISIS, urgency=Urgency.EMERGENCY, danger=asked.danger, doubtful=doubtful
        )
    else:
        changed = replace(changed, intent=_intent(read.intent, asked.intent), urgency=_urgency(read, asked))
    if changed == read:
        return read
    return replace(changed, reasons=(*read.reasons, Reason(Label.INTENT, f"再读一遍，看的是“{asked.words}”")))


def _joined(categories: tuple[Category, ...], first: Category) -> tuple[Category, ...]:
    """Return the categories and the first reading's own: no order in a text may take a matter from its union."""
    kept = (*categories[: MOST - 1], first) if first is not Category.OTHER else categories[:MOST]
    return tuple(dict.fromkeys(kept))


def _intent(read: Intent, asked: Intent | None) -> Intent:
    if asked is None or asked is Intent.CRISIS:  # without a danger there is no crisis
        return read
    return read if read in _ACTED_ON and asked not in _ACTED_ON else asked


def _urgency(read: Triage, asked: Refinement) -> Urgency:
    """Return the higher of both; the highest belongs to danger alone."""
    return Urgency.URGENT if asked.urgency in (Urgency.URGENT, Urgency.EMERGENCY) else read.urgency
