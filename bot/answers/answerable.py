"""Decides whether the index can answer a question: the probability that it does, from several signals."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from bot.answers.extract import Window, grown
from bot.answers.scope import Scope
from bot.answers.sought import uncounted, untold
from knowledge.model import DocumentKind, Passage, ScoredPassage
from knowledge.regions import Regions

WEIGHTS = Path(__file__).parent / "answerable.json"

PRIVATE = 0.01  # the probability of a question that asks for somebody's private data

_READ = 3  # windows whose passages are looked into for what the question names
_PRIVATE = re.compile(
    r"(主席|书记|领导|老板|经理|主任|科长|局长|部长|会长|干部|同事|师傅|工友|骑手|劳模|职工|主播|前妻|前夫|老公|老婆|邻居|他|她|谁|某人|人家)"
    r".{0,12}(手机|电话|座机|微信|QQ|邮箱|住址|家住|住哪|住在|家庭|身份证|号码|车牌|工资条|工资多少|存款|名单|叫什么)",
    re.IGNORECASE,
)
_UNION = re.compile(r"工会|驿站|职工之家|文化宫|会员|劳模|工匠|慰问|送清凉|送温暖|疗休养|互助|最低工资|补贴标准|津贴")
_ANOTHER = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,6}?)(?:集团|大学|学院|医院|高新区|开发区|大)工会")
_HOTLINE = re.compile(r"热线|12351|12333|12348|哪个部门|打哪|打什么|投诉|举报|求助")


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answerable question from another; each between 0 and 1 unless said otherwise."""

    topic: float  # log odds that it is about what documents answer at all, -6 to 6
    detail: float  # log odds that what it asks of a union is told by reports rather than left out, -6 to 6
    local: float  # log odds that the law itself answers it rather than a standard that each place sets, -6 to 6
    asked: float  # how near the nearest question of the bank comes to it
    cosine: float  # of question and passage, the highest of the best five
    margin: float  # how far the first passage is ahead of the fifth
    agreement: float  # 1 if words and meaning agree on one of the first two passages
    foreign: float  # 1 if it asks of another place's or house's union, and the best passage does not name that
    private: float  # 1 if it asks for somebody's address, telephone and the like
    untold: float  # 1 if it seeks a fee, an address, an hour or the like and the best windows tell none
    covered: float  # how much of what counts in the question one of the best windows and its headings hold
    uncounted: float  # 1 if it asks how many of something and the best passages tell no number of it

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
        detail, local = scope.detail(question), scope.local(question)
        if not found or not windows:
            return cls(topic, detail, local, 0, 0, 0, 0, 0, 0, 1, 0, 1)
        best = windows[:_READ]
        passages = [found[window.rank].passage for window in best]
        told = " ".join(_told(window, passage) for window, passage in zip(best, passages, strict=True))
        around = " ".join(" ".join((passage.text, passage.title, passage.source)) for passage in passages)
        leads = is_asked(found, windows) or found[0].passage.kind is not DocumentKind.REPORT  # as in `choose`
        lead = found[0 if leads else best[0].rank].passage
        # What the law gives holds in every city; what a union does is another matter in each.
        by_place = _UNION.search(question) or not (lead.law or lead.statutes)
        first, fifth = found[0].score, found[min(4, len(found) - 1)].score
        agreed = any(one.scores.keyword in (0, 1, 2) and one.scores.dense in (0, 1, 2) for one in found[:2])
        private = _PRIVATE.search(question) and not _HOTLINE.search(question)
        return cls(
            topic=topic,
            detail=detail,
            local=local,
            asked=max((one.scores.asked or 0.0 for one in found[:5]), default=0.0),
            cosine=max((one.scores.cosine or 0.0 for one in found[:5]), default=0.0),
            margin=1 - fifth / first if first > 0 else 0.0,
            agreement=float(agreed),
            foreign=float(bool(by_place) and _is_foreign(question, f"{lead.text} {lead.title}", regions)),
            private=float(bool(private)),
            untold=float(untold(question, told, around)),
            covered=max(window.covered for window in best),
            uncounted=float(uncounted(question, told, around)),
        )


def _told(window: Window, passage: Passage) -> str:
    """Return what an answer that leads with the window tells: of a guide its section, else the sentence."""
    if passage.kind is DocumentKind.GUIDE:
        return passage.text
    start, end = grown(window, passage)
    return passage.text[start - passage.start : end - passage.start]


def _is_foreign(question: str, told: str, regions: Regions) -> bool:
    for place in regions.elsewhere(question):
        # Another union may have done something there: of whom the place's own union is asked, that one must be named.
        union = rf"{place}[市省区县]?总?工会"
        if not re.search(union if re.search(union, question) else place, told):
            return True
    another = _ANOTHER.search(regions.masked(question, "，"))
    return another is not None and another["name"][:2] not in told


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
