"""A story of a wrong, as it is looked up: the law answers it, not what the union of the place has done there."""

import re
from dataclasses import dataclass

from bot.redaction import redact
from bot.triage.model import Intent, Triage
from knowledge.regions import Regions
from knowledge.vocabulary import Category

WRONGS = frozenset(
    {
        Category.WAGE_ARREARS,
        Category.CONTRACT,
        Category.WORKING_TIME,
        Category.SOCIAL_INSURANCE,
        Category.WORK_INJURY,
        Category.SAFETY,
        Category.WOMEN,
    }
)
STORY = 6  # characters that tell of something
SOMEWHERE = "某地"
_OF_THERE = re.compile(
    "工会|多少|几[十百千万]?[块元]|哪[里儿个家]|在哪|电话|地址|标准|最低工资"
)  # asks for what differs from place to place

# Asks for help: searched for, it finds what unions offer and not what the law says of the wrong.
_PLEA = re.compile(
    r"[，,。 ]*(?:想|希望|请|求|麻烦|能不能)*(?:你们?|您们?)?(?:请|让|叫|找)?工会(?:的人)?(?:来|给|能|能不能|可以)?"
    r"(?:帮帮?(?:忙|我们?|咱们?)?|出面|管一?管|做主|主持公道)(?:一下|把钱要回来|要回来|解决|处理)*[吗吧。！!]*"
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is searched for, by the rules of which region, and in which words if that finds nothing."""

    story: str
    named: str
    region: str | None


def wrong_in(text: str, read: Triage, region: str | None, regions: Regions) -> Wrong | None:
    """Return the wrong that `text` tells of, None where it tells of none.

    Where it happened says whose matter it is and which rules hold; searched for, the name of the place would find what
    its union has done there; unless what holds in that place is asked for. `region` is the one chosen, if one is.
    """
    if read.intent is not Intent.GRIEVANCE or read.category not in WRONGS or len(text) < STORY:
        return None
    story = _PLEA.sub("，", redact(text)).strip("，")
    story = story if _OF_THERE.search(text) else regions.masked(story, SOMEWHERE)
    return Wrong(story, f"{read.category}，{story}", region or next(iter(regions.mentioned(text)), None))
