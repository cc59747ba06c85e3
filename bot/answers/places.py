"""Finds places such as rest stations in the table that a union keeps, for who asks where one is."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.texts import local as texts
from knowledge.regions import Regions
from knowledge.stations import Station

SHOWN = 5  # places that one answer lists

# What is looked for → how the table's kinds and names call it.
_KINDS = tuple(
    (re.compile(asked), re.compile(called))
    for asked, called in (
        (r"司机之家", r"司机之家"),
        (r"驿站|歇脚|歇凉|避暑点|休息点", r"驿站"),
        (r"母婴室|妈咪小屋|喂奶|哺乳室|爱心小屋", r"母婴|妈咪|哺乳|爱心小屋"),
        (r"文化宫", r"文化宫"),
        (r"书屋|看书|借书", r"书屋"),
        (r"托管班", r"托管"),
        (r"职工之家", r"职工之家"),
        (r"心灵加油站|心理咨询室|心灵驿站|解压", r"心灵|心理"),
        (r"服务中心|服务站|办事大厅", r"服务中心|服务站|大厅"),
    )
)
_WHERE = re.compile(
    r"在(?:哪|啥地方|么地方|什么地方)|哪(?:里|儿|块|点)?(?:有|找|能|可以)|哪里|哪儿|地址|什么位置|怎么走|附近|周边|旁边|就近|最近的"
)
_ERRAND = re.compile(r"报名|申请|投诉|举报|反映")  # where to do that is no way to a place
_ALONE = 3  # characters beside what is looked for that a question may hold to be nothing but its name
_FILLER = re.compile(r"[，。？！,.?!\s的呢啊呀吗]|工会|爱心|请问|我想找|想找|找")
_MORE = re.compile(
    rf"(?:还有)?(?:{texts.MORE}|别的|其他的?|吗)[呢吗？?。]*|还有(?:没有|冇得|哪些)[呢吗？?。]*|继续|接着看?"
)


def is_more(question: str) -> bool:
    """Tell whether somebody wants to read on in a list."""
    return bool(_MORE.fullmatch(question.strip()))


def sought(question: str, stations: Iterable[Station], regions: Regions, region: str) -> list[Station]:
    """Return the places of the region that a question asks the way to, those nearest to its words first.

    A place without an address answers nobody, so it is left out.
    """
    open_to = regions.lineage(region)
    known = [station for station in stations if station.address and station.region in open_to]
    kind = next((called for asked, called in _KINDS if asked.search(question)), None)
    named = [station for station in known if station.name in question]
    rest = _FILLER.sub("", regions.masked(question, ""))
    alone = kind is not None and any(len(asked.sub("", rest)) <= _ALONE and asked.search(rest) for asked, _ in _KINDS)
    if _ERRAND.search(question) or not (_WHERE.search(question) or alone or named):
        return []
    found = named or [station for station in known if kind and kind.search(station.kind + station.name)]
    said = {one + two for one, two in pairwise(question)}
    return sorted(found, key=lambda station: (station.region != region, -_shared(said, station)))


def listed(found: Sequence[Station], region: str, page: int) -> str:
    """Return a page of the places in words; the first is 0."""
    start = page * SHOWN
    shown = found[start : start + SHOWN]
    if not shown:
        return texts.NO_MORE
    lines = [
        texts.station(number, one.name, one.address, one.hours, one.facilities)
        for number, one in enumerate(shown, start + 1)
    ]
    sources = tuple(dict.fromkeys(one.source for one in shown))
    return texts.stations(region, lines, len(found) - start - len(shown), sources)


def _shared(said: set[str], station: Station) -> int:
    """Return how many pairs of characters of the question stand in a place's name and address."""
    return len(said & {one + two for one, two in pairwise(f"{station.name} {station.address}")})
