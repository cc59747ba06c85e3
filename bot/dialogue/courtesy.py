"""Greetings, thanks and goodbyes: a human word instead of a search."""

import re

from bot import texts
from bot.answers.model import Answer, AnswerStatus

_END = r"[吗呢啊呀哈哦嘛了的!！?？。.~～，,、\s]*"
_WORDS = (
    (
        rf"(你好|您好|大家好|哈[啰喽罗]|嗨|hi|hello|在吗|在不在|有人吗|有人在吗|早|早上好|上午好|中午好|下午好|晚上好|喂){_END}",
        texts.GREETING,
    ),
    (
        rf"(非常|太|十分|真是)?(谢谢|多谢|感谢|谢了|谢啦|辛苦|麻烦)(你|您|娘家|工会|啦|了|您了|你了)?{_END}",
        texts.WELCOME,
    ),
    (rf"(再见|拜拜|回见|下次再聊|先这样|bye){_END}", texts.GOODBYE),
    (rf"(好|好的|好吧|行|可以|知道|晓得|明白|懂|嗯+|哦+|ok|收到){_END}", texts.GO_ON),
    (
        r"(你|您)(是谁|叫什么|叫么子|是干什么的|是做什么的|能做什么|能干什么|会什么|是机器人吗|是真人吗|是人吗)[啊呀呢？?]*",
        texts.WHO,
    ),
)
_PATTERNS = tuple((re.compile(words, re.IGNORECASE), text) for words, text in _WORDS)


def courtesy(text: str) -> Answer | None:
    """Answer if `text` is nothing but a courtesy, and return None otherwise: there is nothing to look up then."""
    for pattern, reply in _PATTERNS:
        if pattern.fullmatch(text.strip()):
            return Answer(AnswerStatus.REFUSED, reply)
    return None
