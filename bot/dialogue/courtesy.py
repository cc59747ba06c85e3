"""Greetings, thanks, a sigh or a curse: a human word instead of a search."""

import re

from bot import texts
from bot.answers.model import Answer, AnswerStatus

_END = r"[吗呢啊呀哈哦嘛撒噻咯啦了的!！?？。.~～，,、…\s]*"
_WELL = r"(好(的|了|嘞|吧)?|行|可以|嗯+|哦+|知道|晓得|明白|要得|那)*[了哈啊，,。.!！\s]*"  # before thanks
_HESITATION = (
    rf"我?((有(个|点|件)事)?(都|也|真的?)?(不知道|不晓得)(能不能|该不该|怎么|咋|从哪)(说|开口|讲)起?"
    rf"|那个|就是|额|呃|嗯那个|[?？.。…!！~]+|\d{{1,3}}|不知道|不晓得|不(太)?会(打字|说)"
    rf"|我?(能不能|可以|想|要)?(请)?(问|咨询|请教)(你|您)?(一?[下个]|点)?(问题|事|事情)?"
    rf"|我?(想|要)(说|讲)(个|点|件)?(事|事情)|我?有(个|点|件)?(事|问题|事情)(想问|要问|想说)?|帮帮?(我|忙)){_END}"
)
_SORROW = rf"([😭😢😞😔😩😫🥲😟☹🙁💔]\ufe0f?)+{_END}|(唉+|哎+|好难|太难|心里难受|好委屈|太委屈|心烦|烦死){_END}"
_CURSE = r"(他|你|操你|操他|日你|去你)?妈的?[逼比b]?|tmd|老子|王八蛋|混蛋|狗日的|畜生"
_ANGER = (
    rf"({_CURSE}|操|靠){_END}"
    rf"|(你们?|一群|一帮|工会|机器人|说的|这|都|全|尽|就|真|是|会|什么|太|一点|简直|{_CURSE}|[，,！!])*"
    r"(骗子|骗人|吃干饭|混饭|不管事|不做事|不办事|摆设|废话|垃圾|没用|没有用|有(什么|个)?(屁|么|鬼)?用|扯淡|糊弄人?|敷衍|踢皮球|答非所问|狗屁|放屁|傻[逼比b]|智障|滚)"
    rf"(都|是|骗子|{_CURSE}|[，,！!])*{_END}"
)
_WORDS = (
    (
        rf"(你好|您好|大家好|哈[啰喽罗]|嗨|hi|hello|在吗|在不在|有人吗|吃了吗|吃饭了?(吗|没有?)|有人在吗|早|早上好|上午好|中午好|下午好|晚上好|喂){_END}",
        texts.GREETING,
    ),
    (
        rf"{_WELL}(非常|太|十分|真是)?(thank ?you|thanks|谢谢|多谢|感谢|谢了|谢啦|辛苦|麻烦|thx)+"
        rf"(你们?|您们?|大家|娘家|工会|啦|了|您了|你了)?{_END}",
        texts.WELCOME,
    ),
    (rf"(再见|拜拜|回见|下次再聊|先这样|bye){_END}", texts.GOODBYE),
    (rf"(好|好的|好吧|要得|行|可以|知道|晓得|明白|懂|嗯+|哦+|ok|收到|[👍👌🙏]+){_END}", texts.GO_ON),
    (
        r"(你|您)(是谁|叫什么|叫么子|是干什么的|是做什么的|能做什么|能干什么|会什么|是机器人吗|是真人吗|是人吗)[啊呀呢？?]*",
        texts.WHO,
    ),
    (_HESITATION, texts.LISTENING),
    (_SORROW, texts.CARE),
    (_ANGER, texts.SORRY_ANGRY),
)
_PATTERNS = tuple((re.compile(words, re.IGNORECASE), text) for words, text in _WORDS)


_RESTS = re.compile(
    rf"(那|那么|哎|唉|我|我们|先|还是|暂时|[，, ])*"
    rf"(再?(想想|考虑考虑|考虑一?下)|算了|没(什么|啥|事)|不(投诉|办|问|说|登记|用)了|说完了|没有?(别的|其他的?)?了|没有?别的(事|问题)?){_END}"
)


def resting(text: str) -> bool:
    """Tell whether `text` says that nothing more is wanted for now, which in a form would mean something else."""
    return _RESTS.fullmatch(text.strip()) is not None


def courtesy(text: str) -> Answer | None:
    """Answer if `text` is nothing but a courtesy, and return None otherwise: there is nothing to look up then."""
    for pattern, reply in _PATTERNS:
        if pattern.fullmatch(text.strip()):
            return Answer(AnswerStatus.REFUSED, reply)
    return None
