"""Numbers in Chinese text, by value and unit, however they are written: 百分之三十 and 30%, 三十日 and 30天."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge.numerals import to_int

_OTHERS = "户次级个种项份家座度米档样笔类成折件套张步场批吨亩"  # units that mean nothing but themselves
_UNITS = {unit: unit for unit in (*_OTHERS, "公里", "公斤", "平方米")} | {  # as it is written → one name for the same
    "个工作日": "工作日",
    "工作日": "工作日",
    "个半月": "个月",
    "年半": "年",
    "个月": "个月",
    "月": "月",
    "周岁": "岁",
    "周年": "年",
    "年": "年",
    "个星期": "周",
    "个礼拜": "周",
    "星期": "周",
    "礼拜": "周",
    "周": "周",
    "天": "日",
    "日": "日",
    "号": "日",
    "个小时": "小时",
    "个钟头": "小时",
    "小时": "小时",
    "分钟": "分钟",
    "块钱": "元",
    "元": "元",
    "块": "元",
    "倍": "倍",
    "%": "%",
    "岁": "岁",
    "个人": "人",
    "人": "人",
    "名": "人",
    "位": "人",
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_CHINESE = "零〇一二三四五六七八九十百千万亿两"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PLACES = r"[零〇一二三四五六七八九]"
_SHARE = re.compile(rf"(?P<whole>百|千|万|[{_CHINESE}]+)分之(?P<part>[{_CHINESE}]+(?:点{_PLACES}+)?|{_DIGITS})")
_NUMBER = re.compile(
    rf"(?:(?P<digits>{_DIGITS})(?P<scale>[百千万亿]*)|(?P<chinese>[{_CHINESE}]+(?:点{_PLACES}+)?)|(?P<half>半)|(?P<double>双))"
    rf"[余多来]?(?P<unit>{_UNIT})?"
)
# Of 三至六个月 the first number counts what the second does.
_RANGE = re.compile(rf"[至到~～—–、或-](?:{_DIGITS}|[{_CHINESE}]+)[余多来]?(?P<unit>{_UNIT})")
_ARTICLE_LIKE = re.compile(rf"第(?:[{_CHINESE}]+|\d+)[条款项章节编](?:之[{_CHINESE}]+)?")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_WIDTH = str.maketrans("０１２３４５６７８９％．，", "0123456789%.，")
# A lone 一 before any other unit counts nothing: 一次性, 一家单位, 一份合同, 同一个, 一样.
_FIRM = {"年", "个月", "月", "工作日", "日", "周", "小时", "分钟", "元", "倍", "%", "级", "岁", "成"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts; None where that is not told by one of the known units."""

    value: Decimal | str  # a fraction such as 三分之一 by its words, 1/3
    unit: str | None


def quantities(text: str) -> Iterator[tuple[str, Quantity]]:
    """Yield the numbers of a text, as they are written and by what they say; numbers of articles are not among them.

    A numeral that counts nothing, as in 一律, 万一 or 三方, is none.
    """
    text = _ARTICLE_LIKE.sub("，", re.sub(r"\s+", "", text.translate(_WIDTH)))
    for share in _SHARE.finditer(text):
        yield share[0], _share(share["whole"], _value(share["part"]))
    text = _SHARE.sub("，", text)
    for match in _NUMBER.finditer(text):
        counted = match if match["unit"] else _RANGE.match(text, match.end())
        unit = _UNITS[counted["unit"]] if counted else None
        if match["half"] or match["double"]:
            if unit is None or (match["double"] and unit != "倍"):
                continue
            value = Decimal("0.5") if match["half"] else Decimal(2)
            yield match[0], Quantity(Decimal(6), "个月") if match[0] == "半年" else Quantity(value, unit)
        elif match["digits"]:
            yield match[0], Quantity(_scaled(_value(match["digits"]), match["scale"]) + _rest(match["unit"]), unit)
        elif not _counts_nothing(match["chinese"], unit):
            yield match[0], Quantity(_value(match["chinese"]) + _rest(match["unit"]), unit)


def _counts_nothing(numeral: str, unit: str | None) -> bool:
    if unit is None and (len(numeral) == 1 or numeral in ("万一", "千万", "一一")):
        return True
    return numeral == "一" and unit not in _FIRM


def _rest(unit: str | None) -> Decimal:
    """Return the half of 一个半月 and 一年半."""
    return Decimal("0.5") if unit in ("个半月", "年半") else Decimal(0)


def _share(whole: str, part: Decimal) -> Quantity:
    if whole == "百":
        return Quantity(part, "%")
    return Quantity(f"{part}/{_value(whole)}", None)


def _scaled(value: Decimal, scale: str) -> Decimal:
    for name in scale:
        value *= _SCALES[name]
    return value


def _value(numeral: str) -> Decimal:
    """Return what a numeral says: 46.8, 1,200, 二十五, 十五万三千, 二〇二三 or 一点五."""
    if numeral[0].isdecimal():
        return Decimal(numeral.replace(",", ""))
    whole, _, places = numeral.partition("点")
    return _whole(whole) + (Decimal(f"0.{_places(places)}") if places else 0)


def _whole(numeral: str) -> Decimal:
    for name in ("亿", "万"):
        head, found, rest = numeral.rpartition(name)
        if found:
            return (_whole(head) if head else 1) * Decimal(_SCALES[name]) + (_whole(rest) if rest else 0)
    return Decimal(to_int(numeral))


def _places(places: str) -> str:
    """Return numerals that stand for places, such as 五 of 一点五, as digits."""
    return "".join(str(to_int(place)) for place in places)
