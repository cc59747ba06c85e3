"""Decides whether the index can answer a question: the probability that it does, from several signals."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.extract import Window
from knowledge.model import DocumentKind, ScoredPassage
from knowledge.regions import Regions

_MONEY = re.compile(
    r"(多少|几|好多|几多|几百|几千|几块|多大)[个]?(钱|块|元|万)|花多少|标准|价|一个月(给|发)|补贴.*(几|多少)|工资.*(多少|几多|好多)"
)
_MONEY_TOLD = re.compile(r"元|百分之|％|%|倍|工资|免费|金额|标准")
_PRIVATE = re.compile(
    r"(手机|电话|微信|QQ|qq|邮箱|住址|家庭住址|身份证|住哪|号码|私人).{0,6}(号|发我|给我|多少|哪|是|$)"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells an answerable question from another; each between 0 and 1 unless said otherwise."""

    coverage: float  # share of the question's weight that the best window and its headings hold
    union: float  # share that the best three windows hold together, at most
    cosine: float  # of question and best passage
    margin: float  # how far the first passage is ahead of the fifth
    agreement: float  # 1 if words and meaning agree on the first passage
    law: float  # 1 if the best passage is an act or a guide: they answer questions in general
    foreign: float  # 1 if the question names a place outside, which the best passages do not
    private: float  # 1 if it asks for somebody's contact
    money: float  # 1 if it asks for an amount and the best windows tell none

    @classmethod
    def of(
        cls, question: str, found: Sequence[ScoredPassage], windows: Sequence[Window], regions: Regions
    ) -> "Signals":
        """Read the signals off what was found."""
        if not found or not windows:
            return cls(0, 0, 0, 0, 0, 0, 0, 0, 0)
        best = windows[:3]
        read = " ".join(found[window.rank].passage.text for window in best)
        cosines = [one.scores.cosine for one in found[:5] if one.scores.cosine is not None]
        tail = found[min(4, len(found) - 1)].score
        agreed = any(one.scores.keyword in (0, 1, 2) and one.scores.dense in (0, 1, 2) for one in found[:2])
        foreign = [place for place in regions.elsewhere(question) if place not in read]
        return cls(
            coverage=best[0].coverage,
            union=max(window.coverage for window in best),
            cosine=max(cosines, default=0.0),
            margin=1 - tail / found[0].score if found[0].score > 0 else 0.0,
            agreement=float(agreed),
            law=float(found[windows[0].rank].passage.kind in (DocumentKind.STATUTE, DocumentKind.GUIDE)),
            foreign=float(bool(foreign)),
            private=float(bool(_PRIVATE.search(question))),
            money=float(bool(_MONEY.search(question)) and not any(_MONEY_TOLD.search(w.text) for w in best)),
        )


# Chosen by logistic regression, see docs/measurements.md.
_BIAS = -2.0
_WEIGHTS = Signals(
    coverage=3.0, union=2.0, cosine=2.0, margin=0.5, agreement=0.5, law=0.5, foreign=-3.0, private=-4.0, money=-1.0
)


def probability(signals: Signals) -> float:
    """Return the probability that the index answers the question, 0 to 1."""
    if not signals.coverage and not signals.cosine:
        return 0.0
    total = _BIAS + sum(getattr(_WEIGHTS, name) * getattr(signals, name) for name in Signals.__dataclass_fields__)
    return 1 / (1 + math.exp(-total))
