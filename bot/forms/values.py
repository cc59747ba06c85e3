"""Reading what a worker writes as the value of a question: a moment, a number of people, a place, a telephone."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.triage.model import MANY, People
from bot.triage.people import is_range, people
from knowledge.characters import plain
from knowledge.numerals import NUMERAL, to_int
from knowledge.regions import Regions

_NUMBER = rf"(?:\d{{1,4}}|{NUMERAL})"
_YEARS = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3, "上年": 1}
_YEAR = rf"(?P<year>(?:19|20)\d\d年?|{'|'.join(_YEARS)})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正腊冬])月(?:份)?"
_DAY = r"(?:(?P<day>[12]\d|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[号日])"
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_CALENDAR = re.compile(rf"(?:{_YEAR}[的\s]*)?{_MONTH}{_DAY}?")
_DASHED = re.compile(  # 2026-3-15, 2026.3
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<dash>[-/.])(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=dash)(?P<day>[12]\d|3[01]|0?[1-9]))?(?![\d.])"
)
_DAY_OF_MONTH = re.compile(rf"(?P<which>上上个?月|上个?月|这个月|本月){_DAY}")
_YEAR_ONLY = re.compile(  # 押金2000 is no year
    rf"(?P<year>(?:19|20)\d\d年|(?<!\d)(?:19|20)\d\d(?=[初底]|[上下]半年|$)|{'|'.join(_YEARS)})"
    r"(?:初|底|年初|年底|上半年|下半年)?"
)
_SPAN = re.compile(
    rf"(?P<half>半)(?P<halved>年|个月|天)|(?P<number>\d{{1,3}}|{NUMERAL}|几|好几|十几)个?(?P<more>多|半)?(?P<unit>天|周|星期|礼拜|月|年)"
    r"(?P<end>多|半|前|以前|以来)?"
)
_LONG = r"(?:\d{1,2}|[一二两三四五六七八九十半]+)个?(?:多|半)?(?:月|年|天|星期|周)"
# Words of a story that tell when its trouble began, in the group `when`.
_BEGAN = (
    re.compile(r"(?:从|自从|自|打)(?P<when>[^，。；,;！!？? ]{1,12}?)(?:起|开始|以来|到现在|到今天|至今|就)"),
    re.compile(rf"(?P<when>(?:{_YEAR}[的\s]*)?{_MONTH}|上个?月|去年|年初|年底)(?:份)?(?:起|开始|以来|到现在|至今)"),
    re.compile(rf"(?:欠|拖|压|扣)[了着]?(?:我|我们|大家|工人|工资|工钱){{0,2}}(?P<when>{_LONG})"),
    re.compile(rf"(?P<when>{_LONG})[了都还就也]{{0,2}}(?:没|不|未)"),
    re.compile(
        rf"(?:工资|工钱|钱|社保|加班费|押金)[^。；;]{{0,10}}[，,]\s*(?:都|有|已经)?(?:快|将近)?(?P<when>{_LONG})了"
    ),
)
_NEAR = {
    "大前天": 3, "前天": 2, "昨天": 1, "昨晚": 1, "今天": 0, "今早": 0, "刚刚": 0, "刚才": 0, "这个月": 0, "本月": 0,
    "上上个月": 60, "上个月": 30, "上月": 30, "上周": 7, "上星期": 7, "上个星期": 7, "上礼拜": 7, "前几天": 4,
    "最近": 14,
}  # fmt: skip
_WHEN_ONLY = re.compile(
    r"([，,。.!！~～、的\s]|从|自|打|大概|大约|差不多|可能|应该|就?是|就?在|那天|开始|起|左右|时候|就|了|快|都|到现在|至今|发生|出事"
    r"|凌晨|早上|上午|中午|下午|晚上|夜里|半夜|\d{1,2}[点:：](半|多|钟|\d{1,2}分?)?)*"
)
_NEARBY = re.compile("|".join(sorted(_NEAR, key=len, reverse=True)))
_SEASON = re.compile(
    "(?:年前|年后|过年|春节|元旦|五一|端午|中秋|国庆|十一|开春|暑假|寒假|年初|年底)(?:前|后|以前|以后)?"
)

_ALONE = re.compile(
    r"就我(一个|自己|一人|[。.]?$)|只有我|我一个人|(?<!另外)一个人|我自己|^(1|一)(个|人)?$|就(一个|1个)|单独|没有?别人"
)
_ROUGH = re.compile("[几多来余]")
_BARE = re.compile(
    rf"(?:大概|大约|差不多|有|一共|总共)*\s*(?P<number>\d{{1,5}}|{NUMERAL})(?P<more>几|多|来)?\s*(?:个|名|位|人)?(?:左右|上下)?[。.!！]?"
)

_PHONE = re.compile(
    r"(?<!\d)(?:[+＋]?86[-－—– ]{0,3})?(1[3-9]\d)[-－—– ]{0,3}(\d{4})[-－—– ]{0,3}(\d{4})(?!\d)"
    r"|(?<!\d)(0\d{2,3})[）)]?[-－—– ]{0,3}(\d{7,8})(?!\d)"
)
_HOUSE = (
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,24}?"
    r"(?:有限公司|集团|公司|工厂|厂|工地|项目部|项目|酒店|宾馆|饭店|餐厅|医院|学校|幼儿园|超市|商场|物业|站点|车队|矿|店|中心)"
)
_EMPLOYER = re.compile(
    rf"(?:在|给|是|跟着|(?<!一)帮)(?P<name>(?!这|那|哪|一|上班|我们){_HOUSE})"
    rf"|(?:^|[，。；,;\s])(?![我在给是跟帮])(?P<alone>{_HOUSE})(?=[，。；,;\s]|$)"
)
_LEAD = re.compile(r"^.*(?:在|那个|这个|那家|这家|一个|一家)(?=.{3})")  # 我们一帮人在沙市那个恒达工地: only its name
_DESCRIBED = re.compile(  # 2019年3月进的厂, 在荆州的工地
    r"的(?:公司|工厂|厂|工地|项目|酒店|饭店|餐厅|医院|学校|超市|商场|车队|矿|店|中心)$|^\d{2,4}年"
)
_VAGUE = re.compile(
    r"(?:一|某|这|那|哪|个|家|小|大|我们|你们|他们|老板|私人|附近|外面|工|的)*(?:公司|厂|工厂|工地|项目|酒店|饭店|超市|商场|店|医院|学校|中心|物业)"
)
_YES = re.compile(
    r"(?:嗯|是|是的|有|办过|建过|交过|参加过|买过|对|对的|好|好的|可以|要|愿意|同意|行)[的了啊呀吧。！!]*"
)
_NO = re.compile(
    r"(?:没|没有|没得|冇得?|[没冇](?:建|办|交|买)过?|不是|没办过|没建过|没交过|没参加|没买|不|不用|不要|不愿意|还没|否|无)[的了啊呀吧过。！!]*"
)
_CALLED = re.compile(
    r"(?P<opening>我叫|我姓|就?叫我|我是|姓名[是:：]?|称呼我?)?\s*"
    r"(?P<name>[\u4e00-\u9fff·]{1,6}?|[A-Za-z][A-Za-z .]{1,20})"
    r"(?:就行|就好|吧|就可以)?[。.!！]?"
)
_SLIP = re.compile(r"^(?:(?:哦|噢|不对|不是|我?(?:写|说|搞)错了?|应该|改成)[，,。 ]*)+(?:是|为)?")
_NO_NAME = re.compile(r"[不没无]|名字|姓名|什么|提交|确认")


# Numbers and units as they stand in English or mixed text: 3 months, 5 people, last week.
_ENGLISH_UNITS = {
    "day": "天", "week": "周", "month": "个月", "year": "年", "people": "个人", "person": "个人", "worker": "个人",
    "colleague": "个人", "men": "个人", "man": "个人", "women": "个人", "woman": "个人",
}  # fmt: skip
_ENGLISH_NUMBERS = {
    "a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "twenty": "20",
}  # fmt: skip
_ENGLISH_MOMENTS = {
    "last week": "上周", "last month": "上个月", "last year": "去年", "this month": "这个月", "this year": "今年",
    "yesterday": "昨天", "today": "今天", "just me": "就我一个人", "only me": "就我一个人",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATIN = re.compile("[A-Za-z]{2}")
_ENGLISH = re.compile(
    rf"(?<![a-z])(?:(?P<moment>{'|'.join(_ENGLISH_MOMENTS)})"
    rf"|(?P<number>\d{{1,4}}|{'|'.join(_ENGLISH_NUMBERS)})\s*"
    rf"(?:of us|(?P<unit>{'|'.join(_ENGLISH_UNITS)})s?)(?:\s+ago)?"
    rf"|(?:since|from|in)\s+(?P<month>{'|'.join(_MONTHS)})[a-z]*)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Since:
    """A moment as it was said, and the first day that it may mean; None where only the speaker knows."""

    said: str
    day: date | None


def read_since(text: str, today: date) -> Since | None:
    """Return when something began, as `text` says it."""
    text = in_chinese(text)
    if found := _DASHED.search(text) or _CALENDAR.search(text):
        return _calendar(found, today)
    if found := _DAY_OF_MONTH.search(text):
        return _of_month(found, today)
    if found := _YEAR_ONLY.search(text):
        return Since(found[0], date(_year(found["year"], today), 1, 1))
    if (found := _SPAN.search(text)) and (said := _span(found, today)):
        return said
    if found := _NEARBY.search(text):
        return Since(found[0], today - timedelta(days=_NEAR[found[0]]))
    if found := _SEASON.search(text):
        return Since(found[0], None)
    return None


def in_chinese(text: str) -> str:
    """Return `text` with numbers and moments in English as one writes them in Chinese: 3 months, 3个月."""
    return _ENGLISH.sub(_chinese, text) if _LATIN.search(text) else text


def is_since(text: str, today: date) -> bool:
    """Tell whether `text` says when something began and nothing else."""
    text = in_chinese(text)
    since = read_since(text, today)
    return since is not None and _WHEN_ONLY.fullmatch(text.replace(since.said, "", 1)) is not None


def told_since(text: str, today: date) -> Since | None:
    """Return when a story says that its trouble began: not how long somebody is pregnant, or has worked there."""
    text = in_chinese(text)
    for words in _BEGAN:
        if found := words.search(text):
            return read_since(found["when"], today)
    return None


def read_people(text: str, *, asked: bool = False) -> str | None:
    """Return how many people `text` speaks of: a number in digits, 多人, or 十几个人 as it is said.

    `asked` reads a bare number too.
    """
    text = in_chinese(text)
    affected, words = people(text)
    if words:
        return words if affected != MANY and _is_rough(words) else str(affected)
    if asked and (found := _BARE.fullmatch(text.strip())):
        if is_range(found["number"]):
            return f"{found['number']}个人"
        return MANY if found["more"] else str(to_int(found["number"]))
    return "1" if _ALONE.search(text) else None


def _is_rough(words: str) -> bool:
    numeral = re.match(NUMERAL, words)
    return bool(_ROUGH.search(words)) or (numeral is not None and is_range(numeral[0]))


def number_of_people(said: str) -> People | None:
    """Return how many people a value means, None where it only says that nobody knows."""
    if said.isdecimal():
        return int(said)
    if said == MANY:
        return MANY
    affected, words = people(said)
    return affected if words else None


def read_place(text: str, regions: Regions) -> str | None:
    """Return the places that `text` names, inside the regions or outside, as it writes them."""
    names = (*regions.places(text), *regions.elsewhere(text))
    return " ".join(names) or None


def read_phone(text: str) -> str | None:
    """Return the first telephone number of `text`, digits only."""
    found = _PHONE.search(plain(text))
    return "".join(group for group in found.groups() if group) if found else None


def read_employer(text: str) -> str | None:
    """Return the employer that `text` names, and None where it only says a factory or a site."""
    for found in _EMPLOYER.finditer(text):
        name = _LEAD.sub("", found["name"] or found["alone"])
        if not _VAGUE.fullmatch(name) and not _DESCRIBED.search(name):
            return name
    return None


def read_yes_no(text: str) -> str | None:
    """Return 是 or 否, None where `text` is neither."""
    text = text.strip()
    return "是" if _YES.fullmatch(text) else "否" if _NO.fullmatch(text) else None


def read_name(text: str) -> str | None:
    """Return what somebody wants to be called, None where `text` is a sentence."""
    found = _CALLED.fullmatch(text.strip())
    return found["name"] if found and not _NO_NAME.search(found["name"]) else None


def without_slip(text: str) -> str:
    """Return a correction without the words that only say that it is one: 哦我写错了，是随州."""
    return _SLIP.sub("", text)


def told_name(text: str) -> str | None:
    """Return the name of somebody who says nothing but that it is theirs."""
    found = _CALLED.fullmatch(text.strip())
    return read_name(text) if found and found["opening"] not in {None, "我是"} else None


def _chinese(found: re.Match[str]) -> str:
    if found["moment"]:
        return _ENGLISH_MOMENTS[found["moment"].lower()]
    if found["month"]:
        return f"{_MONTHS.index(found['month'].lower()) + 1}月"
    number = _ENGLISH_NUMBERS.get(found["number"].lower(), found["number"])
    return number + (_ENGLISH_UNITS[found["unit"].lower()] if found["unit"] else "个人")


def _year(said: str, today: date) -> int:
    return today.year - _YEARS[said] if said in _YEARS else int(said[:4])


def _calendar(found: re.Match[str], today: date) -> Since:
    if found["month"] in "正腊冬":  # months of the lunar year
        return Since(found[0], None)
    month, day = to_int(found["month"]), to_int(found["day"] or "1")
    year = _year(found["year"], today) if found["year"] else today.year
    if not found["year"] and (month, day) > (today.month, today.day):
        year -= 1
    return Since(found[0], _day(year, month, day))


def _of_month(found: re.Match[str], today: date) -> Since:
    back = {"上上": 2, "上": 1}.get(found["which"].rstrip("个月"), 0)
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    return Since(found[0], _day(year, month + 1, to_int(found["day"])))


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _span(found: re.Match[str], today: date) -> Since | None:
    if found["half"]:
        days = {"年": 182, "个月": 15, "天": 1}[found["halved"]]
        return Since(found[0], today - timedelta(days=days))
    unit = _UNIT_DAYS[found["unit"]]
    if found["number"] in {"几", "好几", "十几"}:
        return Since(found[0], None)
    number = to_int(found["number"])
    if found["unit"] == "年" and number > 60:  # a year of the calendar, written short
        return None
    more = unit // 2 if "半" in (found["more"] or "", found["end"] or "") else 0
    return Since(found[0], today - timedelta(days=number * unit + more))
