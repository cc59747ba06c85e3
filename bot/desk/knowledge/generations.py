"""The generations as somebody at the desk looks at them: which there are, what one changed, and whose that is."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.desk.doors import PREFIX
from bot.desk.knowledge import words
from bot.desk.knowledge.scope import scope_of
from bot.desk.knowledge.sections import Mark
from bot.desk.knowledge.workshop import Workshop
from bot.desk.staff import Staff
from knowledge.archive import DocumentKey
from knowledge.difference import Difference
from knowledge.manifest import Manifest
from knowledge.organizations import Organizations

SHOWN = 60  # documents of each kind of change that are named


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that a difference names."""

    title: str
    source: str
    url: str  # of the page that compares its sections


async def known(shop: Workshop, generation: str) -> tuple[Manifest, list[Manifest]]:
    """Return a generation's manifest and those of all; refuse one that is not there."""
    manifests = await shop.catalogue.manifests()
    for manifest in manifests:
        if manifest.id == generation:
            return manifest, manifests
    raise words.no_generation()


async def may_let_serve(shop: Workshop, staff: Staff, organizations: Organizations, generation: Manifest) -> bool:
    """Tell whether it changes nothing but documents that they keep."""
    scope = scope_of(staff, organizations)
    if scope.everything:
        return True
    current = shop.catalogue.current()
    serving = next((each for each in await shop.catalogue.manifests() if each.id == current), None)
    if serving is None or (serving.recipe, serving.model) != (generation.recipe, generation.model):
        return False
    changed = await shop.catalogue.difference(serving.id, generation.id)
    before, after = await shop.catalogue.outlines(serving.id), await shop.catalogue.outlines(generation.id)
    touched = (*changed.added, *changed.changed, *changed.removed)
    return all(scope.holds(each[key].regions) for key in touched for each in (before, after) if key in each)


def compared_with(
    manifests: list[Manifest], generation: str, asked: str, current: str | None, reviewed: str | None
) -> Manifest | None:
    """Return the generation that one is held against: the one asked for, or the usual one if that is not there.

    A new one is held against what serves, the serving one against what it came after.
    """
    ids = [each.id for each in manifests]
    usual = [current] if generation != current else [reviewed, *ids[ids.index(generation) + 1 :]]
    return next((each for name in (asked, *usual) for each in manifests if each.id == name), None)


async def changes(
    shop: Workshop, other: str, generation: str
) -> tuple[Difference, list[tuple[Mark, int, list[Changed]]]]:
    """Return what a generation changed, and of each kind of change how many documents and the first of them."""
    difference = await shop.catalogue.difference(other, generation)
    after, before = await shop.catalogue.outlines(generation), await shop.catalogue.outlines(other)

    def listed(mark: Mark, keys: tuple[DocumentKey, ...]) -> tuple[Mark, int, list[Changed]]:
        stated = ((key, after.get(key) or before[key]) for key in keys[:SHOWN])
        named = [Changed(each.title, each.source, _comparison(generation, other, key)) for key, each in stated]
        return mark, len(keys), named

    return difference, [
        listed(Mark.ADDED, difference.added),
        listed(Mark.CHANGED, difference.changed),
        listed(Mark.REMOVED, difference.removed),
    ]


def _comparison(generation: str, against: str, key: DocumentKey) -> str:
    asked = {"against": against, "source": key[0]} | ({} if key[1] is None else {"record": json.dumps(key[1])})
    return f"{PREFIX}/knowledge/index/{generation}/compare?{urlencode(asked)}"
