"""Where a matter goes: the nearest union that can act, and the bodies outside it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts import cases as texts
from knowledge.categories import Categories
from knowledge.organizations import OFFICE, Body, Organization, Organizations
from knowledge.vocabulary import Category


@dataclass(frozen=True, slots=True)
class Directory:
    """Who there is, and who takes what."""

    organizations: Organizations
    categories: Categories


@dataclass(frozen=True, slots=True)
class Route:
    """Who takes a matter, and why; without an organization it belongs to another city's unions."""

    organization: str | None  # a name of organizations.yaml
    department: str  # an id of organizations.yaml
    reason: str  # in words, for the worker and for staff
    bodies: tuple[Body, ...] = ()  # who decides outside the union, the usual first step first
    elsewhere: tuple[str, ...] = ()  # the places of which another city's 12351 takes care


def route(
    categories: Sequence[Category],
    region: str | None,
    places: Sequence[str],
    directory: Directory,
    *,
    conflict: bool = False,
    elsewhere: Sequence[str] = (),
) -> Route:
    """Return where a matter goes.

    `categories` begins with the one that owns it. `places` are names within the region and `elsewhere` names outside
    all regions, as `Regions` finds them. `conflict` says that it is about the very union, or a person of it, that would
    take it. Without a region the province takes it.
    """
    rule = directory.categories[categories[0]]
    bodies = _bodies(categories, directory)
    unions = directory.organizations
    if region is None and elsewhere:
        return Route(None, rule.department, texts.route_elsewhere(elsewhere), bodies, tuple(elsewhere))
    nearest = unions.owner(region, places) or _top(unions)
    taker, steps = nearest, [texts.route_nearest(nearest.title, _named(places, nearest, region))]
    if conflict or rule.by_parent:
        taker, department = _above(nearest, unions), OFFICE
        steps.append(texts.route_above(nearest.title, taker.title if taker is not nearest else None))
    else:
        taker, department = unions.taker(nearest, categories[0]), rule.department
        if taker is not nearest:
            steps.append(texts.route_able(categories[0], nearest.title, taker.title))
        steps.append(texts.route_department(categories[0], unions.department(taker, department)))
    return Route(taker.name, department, "".join(steps), bodies)


def _bodies(categories: Sequence[Category], directory: Directory) -> tuple[Body, ...]:
    ids = dict.fromkeys(body for category in categories for body in directory.categories[category].bodies)
    return tuple(directory.organizations.bodies[id] for id in ids)


def _above(union: Organization, unions: Organizations) -> Organization:
    """Return the union one level up, or the same where nobody stands above it."""
    return unions.chain(union)[:2][-1]


def _top(unions: Organizations) -> Organization:
    return next(union for union in unions.active.values() if union.parent is None)


def _named(places: Sequence[str], nearest: Organization, region: str | None) -> str | None:
    """Return the place by which the union was found, as the worker named it."""
    return next((place for place in places if place in nearest.places), places[0] if places else region)
