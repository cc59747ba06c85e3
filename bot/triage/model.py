"""The nouns of triage: what a message asks of the union, how soon, and why it is read so."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from knowledge.organizations import Organization
from knowledge.vocabulary import Category, Urgency

MANY: Literal["多人"] = "多人"

People = int | Literal["多人"]  # a number where the message says one


class Intent(StrEnum):
    """What a worker wants of the union."""

    GRIEVANCE = "诉求"  # something wrong was done, and the union shall act
    QUESTION = "咨询"
    CRISIS = "危机"  # somebody is in danger
    HELP = "求助"  # aid, a service, a person at their side
    PROGRESS = "查询进度"
    SMALL_TALK = "闲聊"
    HUMAN = "转人工"


class Danger(StrEnum):
    """What somebody is in danger of, the one to be met first named first."""

    SELF_HARM = "自伤"
    VIOLENCE = "暴力"
    ACCIDENT = "事故"
    CONFINEMENT = "拘禁"
    THREAT = "威胁"  # violence that is announced, by whomever and against whomever
    CHILD_LABOUR = "童工"
    CROWD = "聚集"


class Label(StrEnum):
    """What a reason is given for."""

    INTENT = "意图"
    CATEGORY = "类别"
    URGENCY = "缓急"
    REGION = "地区"
    PEOPLE = "人数"
    ORGANIZATION = "归属"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was given, in words that staff read."""

    label: Label
    why: str


@dataclass(frozen=True, slots=True)
class Triage:
    """How one message is read; nothing in it is guessed that the message does not say."""

    intent: Intent
    categories: tuple[Category, ...]  # the first owns the matter, further ones are mostly none
    urgency: Urgency
    danger: Danger | None = None  # given exactly where the intent is CRISIS
    region: str | None = None  # an id of regions.yaml
    places: tuple[str, ...] = ()  # names of that region as the message writes them
    elsewhere: tuple[str, ...] = ()  # places named that no region of ours holds
    people: People = 1
    organization: Organization | None = None  # the union that owns it; None where no region is known
    reasons: tuple[Reason, ...] = ()
    doubtful: bool = False  # of a danger that no word names plainly: a question that has its answer may be just that
    wordless: bool = (
        False  # of a danger less likely than not, of which no word speaks at all: what is under way goes on
    )
    unsure: bool = False  # of what is wanted and whose it is: worth a second reading, see `refiner.py`

    @property
    def category(self) -> Category:
        """Return the category that owns the matter."""
        return self.categories[0]

    @property
    def also(self) -> tuple[Category, ...]:
        """Return the further categories."""
        return self.categories[1:]

    def why(self, label: Label) -> tuple[str, ...]:
        """Return the reasons given for `label`."""
        return tuple(reason.why for reason in self.reasons if reason.label is label)
