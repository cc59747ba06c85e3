"""What a worker reads of amounts and places that somebody has confirmed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

WHOLE_PROVINCE = "全省"
MORE = "更多"  # what a worker writes to read on


def amount(place: str, name: str, value: Decimal, unit: str, since: date, source: str, confirmed: date) -> str:
    """State an amount, since when it holds, where that is written, and when somebody looked."""
    return (
        f"{place}的{name}：{value.normalize():f} {unit}，{_day(since)}起执行。\n"
        f"出处：{source}（{_day(confirmed)}核对过）。"
    )


def ask_again(hotline: str, name: str) -> str:
    """Say who knows whether an amount has changed since."""
    return f"标准会调整，要用它算账前，可以打 {hotline} {name}再问一声。"


def station(number: int, name: str, address: str, hours: str, facilities: Sequence[str]) -> str:
    """Tell a place."""
    details = (f"地址：{address}", hours and f"开放：{hours}", facilities and f"里面有：{'、'.join(facilities)}")
    return "\n".join((f"{number}. {name}", *(f"   {detail}" for detail in details if detail)))


def stations(place: str, lines: Sequence[str], left: int, sources: Sequence[str]) -> str:
    """List places; `left` are not listed yet."""
    more = (f"还有 {left} 处。发“{MORE}”接着看，或者说出街道、小区的名字，我先找近的。",) if left else ()
    return "\n".join((f"{place}能去的地方：", *lines, *more, f"出处：{'；'.join(sources)}。出门前最好先问一声。"))


def office(name: str, reached: str, source: str, confirmed: date) -> str:
    """Say how an office is reached, who says so, and when somebody looked."""
    return f"{name}：{reached}。\n出处：{source}（{_day(confirmed)}核对过）。"


NO_MORE = "就这些了，再没有登记的了。没找到合适的，打 12351 问最近的一家。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
