"""Tells which local amount a question asks for, such as the minimum wage, and states it where somebody confirmed it."""

import re
from collections.abc import Iterable
from datetime import date

from bot.texts import local as texts
from knowledge.organizations import load_organizations
from knowledge.parameters import Parameter, Parameters

NEAR = 8  # characters between what is meant and how much is asked, at most

# How a number of this unit is asked for; 失业金能领多少个月 asks for no money, 帮了多少学生 for no amount of one's own.
_MONEY = r"(?<!百分之)(?:多少|好多|几多)(?![个名]?[月天年次人户学伢])|几百|几千|几块|标准|多高"
_ASKED = {
    "元": _MONEY,
    "天": r"几天|(?:多少|好多|几多)天|多久|多长|好久",
    "%": r"比例|百分之|上限|最高|(?:多少|好多|几多)",
    "个": r"几个月|(?:多少|好多|几多)",
}
# What is asked about an amount and not for it: who sets it, where it is posted, what was spent in all.
_ABOUT = re.compile(r"谁|按什么|怎么[来定]|能不能|哪里|哪儿|一样|管不管|说了算|筹|投|资助|总共")
_GAP = "…"  # in a word: whatever stands between


def amount_asked(question: str, parameters: Iterable[Parameter], *, beside: bool = False) -> Parameter | None:
    """Return the parameter that a question asks the amount of, the longest word deciding; None if of none.

    With `beside` it is the one whose matter the question asks about.
    """
    if _ABOUT.search(question):
        return None
    found = [
        (len(word), parameter)
        for parameter in parameters
        for word in (parameter.beside if beside else parameter.words)
        if _asks(question, word, parameter.unit)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def _asks(question: str, word: str, unit: str) -> bool:
    thing = rf".{{0,{NEAR}}}".join(map(re.escape, word.split(_GAP)))
    amount = f"(?:{_ASKED[unit[0]]})"
    return bool(
        re.search(rf"{thing}[^，。？,?]{{0,{NEAR}}}?{amount}|{amount}[^，。？,?]{{0,{NEAR}}}?{thing}", question)
    )


def stated(parameters: Parameters, parameter: Parameter, region: str | None, day: date) -> str | None:
    """Return the amount that holds in the region on the day, with its source, None where nobody has confirmed one."""
    value = parameters.value(parameter.id, region, day)
    if value is None or value.value is None or value.since is None or value.source is None or value.confirmed is None:
        return None
    place = value.region or texts.WHOLE_PROVINCE
    told = texts.amount(place, parameter.name, value.value, parameter.unit, value.since, value.source, value.confirmed)
    hotline = load_organizations().hotlines[parameter.ask]
    return f"{told}\n{texts.ask_again(hotline.number, hotline.name)}"
