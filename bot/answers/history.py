"""Tells which of what was said before a question may be read together with it, and how much of that."""

import re
from collections.abc import Sequence

from bot.answers.followup import subjects

# Only joins a question to those before it: one that names its own subject is whole all the same.
_JOINS = re.compile(
    r"(?:那(?!么?[这那段时几阵会些久样种个])|可是|但是|但|不过|还有|再|然后|也|又|我不|我要)"
    r"(?!.{0,8}(?:这个|那个|这些|那些|这样|那样|这种|那种))"
)
_INSTEAD = re.compile(r"[^，。]{2,8}呢[？?]?")  # 那年休假呢: what was asked before is asked of this
_SUPPOSES = re.compile("要是|如果|假如|万一")
_ASKED = re.compile(
    r"怎么[样办算要]?|咋[办搞整样]?|如何|什么时候|几时|多少[天钱]?|几[天个次年倍]|多久|多长时间|要什么|哪里|哪些|找谁|能不能|可不可以|有没有|申请|参加|办理|领取?|交"
)

_WHAT_NOW = re.compile(
    r"(?:那|我们?|现在|到底|应?该|要|又|[，, ])*(?:怎么|咋个?|么样?|如何)(?:办|搞|整|做)[了啊呀呢吗嘛好才？?！!。 ]*"
)

_IS_IT = re.compile(r"(?:那|我?这|我|这种情况)*(?:还|也)?(?:算不算|是不是|算|属于)[^，。]{2,4}[吗么不呢]?[？?]?")


def heard_with(history: Sequence[str], question: str) -> tuple[str, ...]:
    """Return what of the turns in `history`, oldest first, is to be heard with `question`: all, some, or no word."""
    asked = question.strip()
    if not history or _SUPPOSES.search(asked) or not subjects(asked):
        return tuple(history)
    if _INSTEAD.fullmatch(asked):
        return tuple(filter(None, ("".join(_ASKED.findall(history[-1])),)))
    return () if _JOINS.match(asked) else tuple(history)


def completed(history: Sequence[str], question: str) -> str:
    """Return `question` with what was told before it where it says no more than 我该怎么办 or 算不算工伤.

    Of a turn of several lines the first tells the matter, the others who, where and how many.
    """
    asked = question.strip()
    if not history or not (_WHAT_NOW.fullmatch(asked) or _IS_IT.fullmatch(asked)):
        return question
    return f"{history[-1].partition(chr(10))[0]}，{question}"
