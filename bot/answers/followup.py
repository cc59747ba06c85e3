"""Tells whether a question stands alone or leans on the turns before it."""

import re
from collections.abc import Sequence

EARLIER = 2  # turns that a question may lean on
SHORT = 9  # characters that matter; a shorter question seldom names its subject

_LEANS = re.compile(
    r"^(那|那么|那要是|要是|如果|可是|但是|不过|还有|再|另外|然后|也|又|这|它|他|她|我不|我要|咋|怎么|为什么|为啥|凭什么|一共|总共|往后|后来|之后|等的|查的)"
    r"|(这个|那个|这些|那些|这样|那样|这种|那种|它|他家|他们|她们|上面|刚才|前面|这阵|那场|这场|那会|这段|呢)[^，。]*[？?吗呢]?$"
)
_FILLER = re.compile(r"[，。？！,.?!\s啊呀吗呢吧嘛哈哦的了]")


def leans(question: str) -> bool:
    """Tell whether `question` cannot be understood without what was said before."""
    return bool(_LEANS.search(question.strip())) or len(_FILLER.sub("", question)) < SHORT


def joined(question: str, history: Sequence[str]) -> str:
    """Return the question together with the turns that it leans on."""
    return " ".join((*history[-EARLIER:], question))
