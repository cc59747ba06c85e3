"""When cases belong together: how an employer's name is compared, and from how many workers on a supervisor is told."""

import re
import unicodedata
from datetime import timedelta

WITHIN = timedelta(days=90)  # in which an open case about the same is offered to be joined
WATCHED = timedelta(days=7)  # in which workers at one employer are counted
MANY = (3, 5, 10, 20, 50, 100)  # workers at which the supervisor is told

_LEGAL_FORM = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|集团公司|责任公司|股份公司|分公司|公司|集团|项目经理部|项目部|工地|厂区|总厂|分厂|工厂|厂)+$"
)
_PLACE = re.compile(r"^(中国)?(湖北省?)?([\u4e00-\u9fff]{2,3}市)?")
_NOISE = re.compile(r"[\W_]+")


def normalised(employer: str) -> str:
    """Return an employer's name as it is compared: without form, province, city and signs; "" if nothing is left."""
    name = _NOISE.sub("", unicodedata.normalize("NFKC", employer)).lower()
    bare = _PLACE.sub("", _LEGAL_FORM.sub("", name))
    return bare if len(bare) >= 2 else name


def crossed(before: int, after: int) -> int | None:
    """Return the count that is told if so many workers were known before and are now, and None if none is crossed."""
    return after if any(before < threshold <= after for threshold in MANY) else None
