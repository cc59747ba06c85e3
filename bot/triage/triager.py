"""Reads a message as somebody at the union's desk would: danger first, then what is wanted, of whom, and how soon."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.triage.classifier import Classifier, Guess, load_weights
from bot.triage.cues import cues
from bot.triage.danger import Sighting, Sign, sightings
from bot.triage.homes import without_homes
from bot.triage.injection import without_commands
from bot.triage.model import Danger, Intent, Label, People, Reason, Triage
from bot.triage.people import people
from bot.triage.urgency import pressing
from knowledge.categories import Categories, load_categories
from knowledge.lexicon import Lexicon, load_lexicon
from knowledge.organizations import Organization, Organizations, load_organizations, regions_with
from knowledge.regions import Regions, load_regions
from knowledge.vocabulary import Category, Urgency

ALARM = 0.2  # probability of danger from which the alarm is given: a missed danger costs more than a false one
PLAIN = 0.5  # below this an alarm that no plain word of danger gives is in doubt
DOUBT = 0.15  # from here on words of self-harm suffice: numbers and care cost little
SURE = 0.005  # from here on words that leave no doubt suffice
SHORT = 5  # characters; fewer say nothing by themselves but words of danger
HURRY = 0.5  # probability from which a matter is urgent
SECOND = 0.2  # probability from which a further category is named
_TOLD = {Sign.CERTAIN: 1.5, Sign.LIKELY: 0.6, Sign.HINT: 0.1}  # what words add to the probability of their danger
AT_MOST = 3  # categories of one message

WHOLE = 2000  # characters that are read at once
PART = 200  # of what comes after them

# Where a second reading is worth its time: of our own messages kept apart, a fifth, with most of those read wrongly.
LONG = 6  # characters; fewer have no more to tell
CLEAR_INTENT = 0.7  # probability of the likeliest intent
CLEAR_CATEGORY = 0.5
CALM = 0.05  # probability of danger


class Triager:
    """Gives messages their labels, and the reasons for each."""

    def __init__(
        self,
        classifier: Classifier,
        lexicon: Lexicon,
        regions: Regions,
        organizations: Organizations,
        categories: Categories,
    ) -> None:
        self._classifier = classifier
        self._lexicon = lexicon
        self._regions = regions
        self._organizations = organizations
        self._categories = categories

    def triage(self, text: str) -> Triage:
        """Return how `text` is to be read: a long one by its beginning, unless danger is in a later part."""
        read = self._read(text[:WHOLE])
        if len(text) <= WHOLE or read.danger is not None:
            return read
        parts = (text[start : start + PART] for start in range(WHOLE - PART // 2, len(text), PART // 2))
        return next((late for part in parts if (late := self._read(part)).danger is not None), read)

    def _read(self, text: str) -> Triage:
        plain, command = without_commands(self._lexicon.corrected(text))
        found = sightings(plain)
        seen = cues(plain, found)
        guess = self._classifier.guess(plain, tuple(seen))
        danger, why_danger = _danger(plain, guess, found, seen)
        wordless = danger is not None and guess.danger < PLAIN and not found
        doubtful = danger not in (None, Danger.SELF_HARM) and (
            (guess.danger < PLAIN and not _named(found)) or _is_over(found, seen)
        )
        intent, why_intent = (Intent.CRISIS, why_danger) if danger else _intent(plain, guess, command, seen)
        categories = _categories(guess, intent, danger)
        affected, counted = people(plain, intent is Intent.CRISIS)
        urgency, why_urgency = _urgency(plain, guess, intent, categories[0], affected, seen)
        # A question may be about home, as of taking one's pension there; what is to be acted on is where the work is.
        where = plain if intent is Intent.QUESTION else without_homes(plain, self._regions)
        places = self._regions.places(where)
        region = self._region(where)
        owner = self._owner(region, places, categories[0])
        ignored = [Reason(Label.INTENT, f"“{command}”是说给机器听的，不算数")] if command else []
        reasons = [
            Reason(Label.INTENT, why_intent),
            *ignored,
            *(Reason(Label.CATEGORY, f"像是{c}的事（{_percent(guess.categories[c])}）") for c in categories),
            Reason(Label.URGENCY, why_urgency),
            Reason(Label.PEOPLE, f"写了“{counted}”" if counted else "没有写人数，按一个人算"),
            Reason(Label.REGION, f"写了{'、'.join(places)}" if region else "没有写在哪里，不猜"),
        ]
        if owner:
            reasons.append(Reason(Label.ORGANIZATION, f"{region}的{categories[0]}归{owner.title}"))
        elsewhere = self._regions.elsewhere(where)
        return Triage(
            intent,
            categories,
            urgency,
            danger,
            region,
            places,
            elsewhere,
            affected,
            owner,
            tuple(reasons),
            doubtful,
            wordless=wordless,
            unsure=danger is None and len(plain) >= LONG and _unclear(guess),
        )

    def _region(self, text: str) -> str | None:
        """Return the first region named, or one within it that is named too: 荆州城发 says more than 荆州."""
        named = self._regions.mentioned(text)
        inner = (region for region in named if named[0] in self._regions.lineage(region)[1:])
        return next(inner, named[0]) if named else None

    def _owner(self, region: str | None, places: tuple[str, ...], category: Category) -> Organization | None:
        owner = self._organizations.owner(region, places)
        if owner is None:
            return None
        if self._categories[category].by_parent:
            return self._organizations.chain(owner)[:2][-1]
        return self._organizations.taker(owner, category)


@cache
def load_triager(home: Path | None = None) -> Triager:
    """Return the triager over what is shipped, with the unions and the places that a home has."""
    lexicon, organizations = load_lexicon(), load_organizations(home=home)
    # The classifier's weights were learnt with the names that ship, so those alone are masked for it.
    classifier = Classifier(load_weights(), lexicon, load_regions())
    return Triager(classifier, lexicon, regions_with(organizations), organizations, load_categories())


def _danger(
    text: str, guess: Guess, seen: tuple[Sighting, ...], context: Mapping[str, str]
) -> tuple[Danger | None, str]:
    certain = [s for s in seen if s.sign is Sign.CERTAIN]
    if len(text) < SHORT and not _named(seen):  # an answer to a question, such as 15 or 十三个
        return None, ""
    despair = [s for s in seen if s.danger is Danger.SELF_HARM and s.sign is not Sign.HINT]
    real = not {"unreal", "denial"} & context.keys()
    if not (
        guess.danger >= ALARM or (certain and real and guess.danger >= SURE) or (despair and guess.danger >= DOUBT)
    ):
        return None, ""
    kinds = {sighting.danger: sighting for sighting in reversed(seen)}
    danger = max(
        guess.dangers, key=lambda kind: guess.dangers[kind] + (_TOLD[kinds[kind].sign] if kind in kinds else 0)
    )
    if danger is not Danger.SELF_HARM and guess.danger < PLAIN and _is_over(seen, context):
        return None, ""  # care, and no alarm
    if danger in kinds:
        return danger, f"写了“{kinds[danger].words}”，有{danger}的危险"
    return danger, f"整句话像是有{danger}的危险（{_percent(guess.danger)}）"


def _unclear(guess: Guess) -> bool:
    return (
        max(guess.intents.values()) < CLEAR_INTENT
        or max(guess.categories.values()) < CLEAR_CATEGORY
        or guess.danger > CALM
    )


def _named(seen: tuple[Sighting, ...]) -> bool:
    """Tell whether words name a danger rather than hint at it."""
    return any(sighting.sign is not Sign.HINT for sighting in seen)


def _is_over(found: tuple[Sighting, ...], cued: Mapping[str, str]) -> bool:
    """Tell whether a harm is told together with what it left behind, and with no word of its going on."""
    under_way = {"now", "today"} & cued.keys() or any(sighting.sign is Sign.CERTAIN for sighting in found)
    return "aftermath" in cued and not under_way


def _intent(text: str, guess: Guess, command: str, cued: Mapping[str, str]) -> tuple[Intent, str]:
    if command and not text:
        return Intent.SMALL_TALK, "没有要办的事"
    intent = max(guess.intents, key=lambda intent: guess.intents[intent])
    if command and intent in (Intent.GRIEVANCE, Intent.HELP) and "wrong" not in cued:
        return Intent.QUESTION, "没有说受了什么委屈，当作咨询"
    return intent, f"说法像是{intent}（{_percent(guess.intents[intent])}）"


def _categories(guess: Guess, intent: Intent, danger: Danger | None) -> tuple[Category, ...]:
    ranked = sorted(guess.categories, key=lambda category: guess.categories[category], reverse=True)
    if intent in (Intent.SMALL_TALK, Intent.HUMAN):
        return (ranked[0] if guess.categories[ranked[0]] >= 0.5 else Category.OTHER,)
    further = (c for c in ranked[1:AT_MOST] if c is not Category.OTHER and guess.categories[c] >= SECOND)
    if danger is Danger.THREAT and ranked[0] is not Category.MENTAL_HEALTH:  # the police's first, whatever it is about
        return (Category.OTHER, *(c for c in (ranked[0], *further) if c is not Category.OTHER))[:AT_MOST]
    return (ranked[0], *further)


def _urgency(
    text: str, guess: Guess, intent: Intent, category: Category, affected: People, cued: Mapping[str, str]
) -> tuple[Urgency, str]:
    if intent is Intent.CRISIS:
        return Urgency.EMERGENCY, "有人有危险"
    if why := pressing(text, intent, category, affected, cued.keys()):
        return Urgency.URGENT, why
    if guess.urgent >= HURRY:
        return Urgency.URGENT, f"说的事等不得（{_percent(guess.urgent)}）"
    return Urgency.NORMAL, "没有说等不得的事"


def _percent(share: float) -> str:
    return f"{share:.0%}"
