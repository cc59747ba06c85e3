"""A careful list of words by which people speak of danger that is there now.

What is asked about the law of such things (认定, 赔偿 …) or told of the past is a question like any other, unless it
says that somebody is in danger now.
"""

import re
from enum import StrEnum

import structlog

from bot import texts
from bot.answers.model import Answer, AnswerStatus

log = structlog.get_logger(__name__)


class Danger(StrEnum):
    """What somebody is in danger of, the first to be named first."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    ACCIDENT = "accident"
    CONFINEMENT = "confinement"


_WHO = "(我|我们|人|他|她|他们|她们|工友|同事|老乡|老婆|老公|孩子|儿子|女儿)"
_AT_ONCE = "(正在|现在|这会儿|刚刚|刚才|马上)"

# Danger now, whatever else the message says.
_CERTAIN = {
    Danger.SELF_HARM: (
        r"不想活|想死(?!亡)|死了算了|不如死了|一了百了|活着(真|也)?没(什么|啥|有)?意(思|义)|(写好?了?|留下?了?)遗书"
        r"|(我|想|要|说|闹着|准备|打算).{0,6}(自杀|自尽|自残|轻生|寻死|跳楼|跳河|跳江|跳桥|割腕|上吊|喝农药|喝药)"
        r"|(结束|了结)(自己|我|这条|生命|这一生)"
        # said of money, it is hardship and not despair
        r"|^(?!.*(工资|工钱|薪|钱|收入|赔|补助|救助|困难|帮扶|生活费)).*(活不下去|撑不下去|熬不下去)"
    ),
    Danger.VIOLENCE: (
        rf"{_AT_ONCE}.{{0,8}}(打{_WHO}|打人|砍|捅|殴打|动手|挨打|被打)"
        rf"|(要|威胁|扬言).{{0,6}}(杀|砍|打死|弄死|捅)(了|死)?{_WHO}|(持|拿着?|提着|举着)(刀|砍刀|菜刀|钢管|铁棍)"
    ),
    Danger.ACCIDENT: (
        rf"{_AT_ONCE}.{{0,10}}(着火|起火|爆炸|坍塌|塌方|倒塌|触电|中毒|昏迷|晕倒|昏倒|摔下|掉下|坠落|被埋|被困|泄漏|泄露|窒息)"
        r"|救命|流血不止|血止不住|止不住血|大出血|没有?呼吸|没有?心跳|不省人事|昏迷不醒|叫不醒"
    ),
    Danger.CONFINEMENT: rf"{_AT_ONCE}.{{0,6}}被.{{0,8}}(关|锁|扣)(在|起来|着|住)",
}

# Danger, unless the message asks about the law or speaks of the past.
_LIKELY = {
    Danger.SELF_HARM: r"自杀|自尽|自残|轻生|寻死|跳楼|割腕|上吊",
    Danger.VIOLENCE: (
        r"被.{0,6}(打了|打伤|打得|暴打|殴打|群殴|砍了|砍伤|捅了|捅伤|揍)|挨(了)?打|打人了|打起来|动手打"
        r"|打我(?!电话|手机|的|工资|卡|钱|账|们)|(正|老|总|经常|天天)?家暴(我|了)|强奸|性侵|猥亵(我|了)|打群架|斗殴"
    ),
    Danger.ACCIDENT: (
        r"(着火|起火|爆炸|坍塌|塌方|触电|中毒|晕倒|昏倒|昏迷)了|从.{0,10}(摔|掉|坠)(了)?(下来|下去|落)|被(埋|困|压|夹|卷)(在|住|进)"
    ),
    Danger.CONFINEMENT: (
        r"(被|把).{0,8}(关在|关起来|关着|锁在|锁起来|扣留|软禁|囚禁|拘禁|扣着不让走)|(不让|不准|不许).{0,6}出(大门|厂门|门|宿舍|厂)"
        r"|(逼|强迫|强逼)(着)?(我|我们|他们).{0,6}(干活|劳动|上工)"
    ),
}
_LAW = re.compile(
    r"算不算|算工伤|是不是工伤|是工伤|工伤吗|认定|视同|赔|抚恤|待遇|规定|条例|法律|违法|犯法|犯罪|责任|处罚|罚款|判刑|判几年|起诉|仲裁"
    r"|预防|防止|避免|培训|演练|预案|标准|条款|第.{1,5}条|属于|构成|报销|保险"
)
_PAST = re.compile(
    r"昨天|前天|前几天|上周|上星期|上个?月|去年|前年|年前|之前|以前|曾经|那次|出院|住院|\d+(天|周|个?月|年)前|[一二两三四五六七八九十几](天|周|个?月|年)前"
)
_ADVICE = {
    Danger.SELF_HARM: texts.DANGER_SELF_HARM,
    Danger.VIOLENCE: texts.DANGER_VIOLENCE,
    Danger.ACCIDENT: texts.DANGER_ACCIDENT,
    Danger.CONFINEMENT: texts.DANGER_CONFINEMENT,
}
_CERTAIN_WORDS = {danger: re.compile(words, re.DOTALL) for danger, words in _CERTAIN.items()}
_LIKELY_WORDS = {danger: re.compile(words, re.DOTALL) for danger, words in _LIKELY.items()}


def spot(text: str) -> Danger | None:
    """Return the danger that `text` speaks of, or None."""
    for danger, words in _CERTAIN_WORDS.items():
        if words.search(text):
            return danger
    if _LAW.search(text) or _PAST.search(text):
        return None
    return next((danger for danger, words in _LIKELY_WORDS.items() if words.search(text)), None)


def crisis(text: str) -> Answer | None:
    """Return the emergency numbers and what to do first if `text` speaks of danger, and None otherwise."""
    danger = spot(text)
    if danger is None:
        return None
    log.warning("danger.spotted", kind=danger)
    return Answer(AnswerStatus.CRISIS, _ADVICE[danger], confidence=1.0)
