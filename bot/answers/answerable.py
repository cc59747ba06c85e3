"""Decides whether the index can answer a question: the probability that it does, from several signals."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bot.answers.extract import Window
from bot.answers.scope import Scope
from knowledge.model import ScoredPassage
from knowledge.regions import Regions

WEIGHTS = Path(__file__).parent / "answerable.json"

PRIVATE = 0.01  # the probability of a question that asks for somebody's private data

_READ = 3  # windows whose passages are looked into for what the question names
_ASKED_UNIT = re.compile(r"(?:多少|好多|几多|几)[个多]?(?P<unit>[\u4e00-\u9fff])")
_ANY_UNIT = "的是了吗呢啊呀"  # no unit: 多少的, 几多呀
_NUMERAL = r"[\d一二三四五六七八九十百千万亿两半][\d一二三四五六七八九十百千万亿余多来\s.．,，]*(?:个|多|余)?"
_UNITS = {  # as it is asked → as it is told
    "钱": "元|块|万|亿|%|％|倍|个?月工资|个?月的|百分之|免费",
    "块": "元|块|万",
    "号": "日|号",
    "点": "点|时|:|：",
    "成": "成|%|％|倍|百分之",
    "岁": "岁|周岁",
    "久": "年|月|日|天|周|小时",
    "人": "人|名|户|位|万",
    "名": "人|名|位",
    "家": "家|个|户|所",
    "场": "场|次|期",
    "次": "次|场|期|回",
    "回": "次|回",
    "天": "天|日|周|年|月",
    "月": "月|年|天|日",
    "年": "年|月",
}
_PER = "一个人|每个?人|人均|一人|一天|每天|一份|一次|一年|每年|一个月|每个?月|一小时"
_MANY = "多少|几多|好多|几块|几百|几千|几元|几钱"
_RATE_ASKED = re.compile(
    rf"(?:{_PER}).{{0,8}}(?:{_MANY})|(?:{_MANY}).{{0,5}}(?:{_PER})|标准|门槛|保费|收费|学费|单价|奖金|线(是|划)"
)
_RATE_TOLD = re.compile(
    r"(?:每|人均|一次性|日均|月均).{0,12}[\d一二三四五六七八九十]|\d\s*元|百分之|[%％]|倍|月工资|小时|\d\s*天|不收"
)
_PRIVATE = re.compile(
    r"(主席|书记|领导|老板|经理|主任|科长|局长|部长|会长|干部|同事|师傅|工友|骑手|劳模|职工|主播|前妻|前夫|老公|老婆|邻居|他|她|谁|某人|人家)"
    r".{0,12}(手机|电话|座机|微信|QQ|邮箱|住址|家住|住哪|住在|家庭|身份证|号码|车牌|工资条|工资多少|存款|名单|叫什么)",
    re.IGNORECASE,
)
_UNION = re.compile(r"工会|驿站|职工之家|文化宫|会员|劳模|工匠|慰问|送清凉|送温暖|疗休养|互助|最低工资|补贴标准|津贴")
_HOTLINE = re.compile(r"热线|12351|12333|12348|哪个部门|打哪|打什么|投诉|举报|求助")


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answerable question from another; each between 0 and 1 unless said otherwise."""

    topic: float  # log odds that it is about what documents answer at all, -6 to 6
    detail: float  # log odds that what it asks of a union is told by reports rather than left out, -6 to 6
    coverage: float  # share of the question's weight that the best window and its headings hold
    asked: float  # how near the nearest question of the bank comes to it
    cosine: float  # of question and passage, the highest of the best five
    margin: float  # how far the first passage is ahead of the fifth
    agreement: float  # 1 if words and meaning agree on one of the first two passages
    foreign: float  # 1 if it asks of a place outside what differs by place, and the best passage does not name it
    private: float  # 1 if it asks for somebody's address, telephone and the like
    unit: float  # 1 if it asks how many of something and the best windows tell no number of it
    rate: float  # 1 if it asks for an amount a person or a time and the best passages tell none
    lacking: float  # share of the question's weight that none of the best passages holds, nor their headings

    @classmethod
    def of(
        cls,
        question: str,
        found: Sequence[ScoredPassage],
        windows: Sequence[Window],
        scope: Scope,
        regions: Regions,
    ) -> "Signals":
        """Read the signals off what was found; `windows` are the best first and of `found`."""
        topic = scope.topic(question)
        detail = scope.detail(question) if regions.mentioned(question) else 0.0
        if not found or not windows:
            return cls(topic, detail, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1)
        best = windows[:_READ]
        read = " ".join(found[window.rank].passage.text for window in best)
        lead = found[0 if is_asked(found, windows) else best[0].rank].passage
        # What the law gives holds in every city; what a union does is another matter in each.
        local = _UNION.search(question) or not (lead.law or lead.statutes)
        first, fifth = found[0].score, found[min(4, len(found) - 1)].score
        agreed = any(one.scores.keyword in (0, 1, 2) and one.scores.dense in (0, 1, 2) for one in found[:2])
        private = _PRIVATE.search(question) and not _HOTLINE.search(question)
        return cls(
            topic=topic,
            detail=detail,
            coverage=best[0].coverage,
            asked=max((one.scores.asked or 0.0 for one in found[:5]), default=0.0),
            cosine=max((one.scores.cosine or 0.0 for one in found[:5]), default=0.0),
            margin=1 - fifth / first if first > 0 else 0.0,
            agreement=float(agreed),
            foreign=float(bool(local) and any(place not in lead.text for place in regions.elsewhere(question))),
            private=float(bool(private)),
            unit=float(_lacks_unit(question, read)),
            rate=float(bool(_RATE_ASKED.search(question)) and not _RATE_TOLD.search(read)),
            lacking=1 - max(window.union for window in best),
        )


def _lacks_unit(question: str, read: str) -> bool:
    asked = _ASKED_UNIT.search(question)
    if not asked or asked["unit"] in _ANY_UNIT:
        return False
    told = _UNITS.get(asked["unit"], re.escape(asked["unit"]))
    return re.search(rf"{_NUMERAL}\s*(?:{told})|百分之", read) is None


def is_asked(found: Sequence[ScoredPassage], windows: Sequence[Window]) -> bool:
    """Tell whether the best passage has questions of the bank to hold a question against, or its own words alone."""
    return bool(windows) and bool(found[windows[0].rank].passage.questions)


def probability(signals: Signals, asked: bool) -> float:
    """Return the probability that the index answers the question, 0 to 1; see `is_asked`."""
    if signals.private:
        return PRIVATE  # not a matter of likelihood: nobody's address or telephone is given out
    weights = load_weights()["asked" if asked else "worded"]
    total = weights["bias"] + sum(weights[name] * value for name, value in asdict(signals).items())
    return 1 / (1 + math.exp(-total))


@cache
def load_weights(path: Path = WEIGHTS) -> dict[str, dict[str, float]]:
    """Read the weights that `benchmarks/calibrate.py` learnt: one a signal, and the bias."""
    weights: dict[str, dict[str, float]] = json.loads(path.read_text("utf8"))
    return weights
