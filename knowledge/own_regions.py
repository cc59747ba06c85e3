"""The regions that a home adds, and those that it has otherwise than they ship."""

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge.entries import DirectoryError
from knowledge.regions import Known, Region, Regions, RegionsError, load_regions

OWN_PLACE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{3,20}")  # shorter ones stand in too many other words
# What every city has: as a name it would draw the matters of all of them.
EVERYWHERE = re.compile(
    r"(?:国家级?|省级|经济|技术|高新|产业|工业|物流|科技|综合|出口|加工|创业|示范|保税|新|老|旧|中心|主)*"
    r"(?:开发区|经开区|高新区|示范区|保税区|园区|工业园|产业园|物流园|科技园|创业园|城区|新区|市区|县城|郊区|管委会)"
    r"|总工会|火车站|汽车站|步行街|市中心|人民医院|中心医院"
)
LETTERS = re.compile(r"[A-Z]{2,6}")


def together(own: Iterable[Region]) -> Known:
    """Return all regions as a home has them; raise DirectoryError where one of its own does not fit."""
    shipped = load_regions()
    regions = dict(shipped.regions)
    for region in own:
        for name in (region.id, *region.names):
            if name not in shipped.names and not OWN_PLACE.fullmatch(name):
                raise DirectoryError(f"{region.id} has the name {name}: write 3 to 20 Chinese characters.")
        if not LETTERS.fullmatch(region.letters):
            raise DirectoryError(f"{region.id} has the letters {region.letters}: write two to six capitals.")
        union = shipped.regions[region.id].union if region.id in shipped.regions else ""
        regions[region.id] = replace(region, union=union)
    try:
        return Known(regions)
    except RegionsError as error:
        raise DirectoryError(f"{error}.") from error


def regions_of(own: Iterable[Region]) -> Regions:
    """Return a home's regions without the places of its unions; raise DirectoryError as `together` does."""
    known = together(own)
    return load_regions().following(lambda: known)
