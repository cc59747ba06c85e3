"""Tells where somebody comes from from where they work: a matter belongs to the place of work."""

import re

from knowledge.regions import Regions

_FROM = (
    "(?:老家|家|户口|籍贯|娘家|婆家)(?:就?是|在)?(?:我们)?{place}的?|我们?(?:都?是)?{place}的(?=[，,。！!]|$)"
    "|{place}[市县区镇]?(?:老家|老乡|人(?![社民大才力事员口资]))"
)


def without_homes(text: str, regions: Regions) -> str:
    """Return `text` without the places that workers name as their homes, unless it names no other place."""
    plain = text
    for place in regions.places(text):
        plain = re.sub(_FROM.format(place=re.escape(place)), "，", plain)
    return plain if plain == text or regions.places(plain) or regions.elsewhere(plain) else text
