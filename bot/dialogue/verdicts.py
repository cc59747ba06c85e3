"""What a worker says in plain words of how a case ended: settled or not, and how content they are."""

import re
from enum import StrEnum

LONGEST = 60  # characters of a verdict with what is wrong told beside it

_END = r"[了吧啊呀的哦啦嘛谢您你们工会大家。.，,!！~～ ]*"
_ABOUT = (
    r"(都|已经|全部?|事情?|问题|这件事|那边|我的|老板|单位|公司|终于|今天|昨天|是"
    r"|工资|工钱|钱|补偿金?|赔偿金?|押金|加班费|社保)*"
)
_DONE = r"(解决|办好|办成|搞定|到账|拿到|收到|要到|要回来|讨回来|发|补发|补齐|补交|结清|付清|退|接)"
_SETTLED = re.compile(rf"(谢谢|感谢|多谢)?{_END}{_ABOUT}{_DONE}(手|给我)?了{_END}")
_UNSETTLED = re.compile(
    rf"{_ABOUT}(还|根本|一直|到现在|仍然|又)*(没|没有|没得|冇得?)(人)?(有)?"
    r"(解决|办好|办成|搞定|动静|到账|到|给|发|补|结清|付|退|拿到|收到|来|管|联系|接|打).{0,40}"
    rf"|(还|根本|都|事情|问题)*(没|没有|没得|冇得?){_END}"
    r"|(我|我们)?(对|还|很|非常|就|是)*(不满意|不同意|不认可|不服|不行|不接受).{0,40}"
    rf"|{_ABOUT}还是(老样子|那样|没|不|一样).{{0,40}}|.{{0,6}}(再看一次|重新(看|办|打开|处理)|再帮我?(看|办)).{{0,10}}"
)
_FOR_CERTAIN = re.compile("解决|办好|办成|搞定|到账|拿到|收到|重新|再看")  # said of a case that is over
_STARS = (
    re.compile(r"(太差|很差|差评|(很|非常|太|一点都)不满意|(1|一)(颗?星|分)?|⭐)[了的。!！]*"),
    re.compile(r"(不满意|不太满意|差|(2|两|二)(颗?星|分)?|⭐{2})[了的。!！]*"),
    re.compile(r"(一般(般)?|还行|凑合|马马虎虎|(3|三)(颗?星|分)?|⭐{3})[吧了的。!！]*"),
    re.compile(r"(满意|不错|挺好|蛮好|(4|四)(颗?星|分)?|⭐{4})[吧了的。!！]*"),
    re.compile(r"((很|非常|特别|十分|太)(满意|好)|好评|(5|五)(颗?星|分)?|⭐{5})[了的。!！]*"),
)


class Verdict(StrEnum):
    """Whether it was settled."""

    SETTLED = "settled"
    UNSETTLED = "unsettled"


def verdict(text: str) -> Verdict | None:
    """Return what `text` says of how a case ended, None where it says nothing of that."""
    if len(text) > LONGEST:
        return None
    if _SETTLED.fullmatch(text):
        return Verdict.SETTLED
    return Verdict.UNSETTLED if _UNSETTLED.fullmatch(text) else None


def for_certain(text: str) -> bool:
    """Tell whether a verdict cannot be about anything but a case, though none waits for one."""
    return _FOR_CERTAIN.search(text) is not None


def stars(text: str) -> int | None:
    """Return the stars, 1 to 5, that `text` gives and nothing else."""
    return next((number for number, words in enumerate(_STARS, 1) if words.fullmatch(text)), None)
