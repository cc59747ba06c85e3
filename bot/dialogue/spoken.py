"""What a worker says instead of tapping a button of a form, and what is no reply to a form at all."""

import re
from collections.abc import Iterable
from enum import StrEnum

from bot.forms.draft import Step
from knowledge.forms import Kind, Question


class Verb(StrEnum):
    """What a tap on a form's button does."""

    NAMED = "named"
    UNNAMED = "unnamed"
    QUIT = "quit"
    SKIP = "skip"
    BACK = "back"
    KEEP = "keep"
    SAY = "say"  # say:<value>
    EDIT = "edit"  # edit, or edit:<question>
    SEND = "send"
    JOIN = "join"
    ALONE = "alone"
    RESUME = "resume"  # show where the form stands


_STOP = "[了吧啊呀哦的嘛噻哈咧。.!！~～ ]*"
_QUIT = rf"(?:(?:cancel|stop|quit|取消|算了|不办|先不办|不登记|退出|不填|不搞|不弄)(?:了|吧)?[，, ]?)+{_STOP}"
_YES = rf"(yes|agree|同意|可以|好|好的|要得|得行|行|是|是的|嗯|对|对的|没错|没问题|ok|愿意){_STOP}"
_UNNAMED = rf".{{0,6}}(anonymous|no name|匿名|不留姓?名|不想留姓?名|不说名字|不想让人知道).{{0,8}}{_STOP}"
_SPOKEN: dict[Step, dict[Verb, str]] = {
    Step.CONSENT: {
        Verb.UNNAMED: _UNNAMED,
        Verb.NAMED: rf"{_YES}|(用)?(真名|实名)(办|登记)?{_STOP}",
        Verb.QUIT: rf"{_QUIT}|(不同意|不行|不要|不愿意|不){_STOP}",
    },
    Step.ASKING: {
        Verb.QUIT: _QUIT,
        Verb.SKIP: (
            rf"(skip|next|no idea|(?:i )?don'?t know){_STOP}"
            r"|我?就?(跳过|下一个|不填|不(?:太|大)?(?:知道|清楚|晓得)|记不清|忘|不方便说?"
            rf"|也?说不(?:好|清|准)(?:从哪天|什么时候)?|不想?(?:说|写|留|告诉)(?:名字|姓名|电话|号码)?|(?:没有?|没得|冇得?)(?:电话|手机)|哪个?(?:晓得|知道)|[晓记]不得){_STOP}"
        ),
        Verb.BACK: rf"(back|上一步|上一个|返回|退回去|倒回去|回到上一步){_STOP}",
        Verb.KEEP: rf"(不改|不用改|就这样){_STOP}",
        Verb.RESUME: (
            r"(我?们?(接着|继续)(填|说|办|来|问|登记)?|(刚才|上次)?(我?们?说|填|问|办)?到哪(里|儿)?"
            rf"|刚才问(我)?(什么|么事|啥)){_STOP}"
        ),
        Verb.SEND: rf"(直接|就)?(submit|send|提交|交上去|就这些|没有别的|没别的){_STOP}",
        Verb.UNNAMED: _UNNAMED,
    },
    Step.CHECKING: {
        Verb.QUIT: _QUIT,
        Verb.SEND: rf"{_YES}|(submit|send|提交|确认|交|交上去){_STOP}",
        Verb.RESUME: rf"(没有?|没有?别的|就这样|就这些){_STOP}",
        Verb.EDIT: rf"我?(想|要)?(改|改一?[改下]|修改|不对|有错|写错|说错|要改){_STOP}",
        Verb.BACK: rf"(上一步|返回){_STOP}",
        Verb.UNNAMED: _UNNAMED,
    },
    Step.CHOOSING: {Verb.QUIT: _QUIT, Verb.KEEP: rf"(不改|不用改|没有|就这样){_STOP}"},
    Step.JOINING: {
        Verb.QUIT: _QUIT,
        Verb.ALONE: rf"(不|不愿意|单独|不用|自己).{{0,6}}{_STOP}",
        Verb.JOIN: rf"{_YES}|一起.{{0,4}}",
    },
}
_WORDS = {
    step: {verb: re.compile(words, re.IGNORECASE) for verb, words in verbs.items()} for step, verbs in _SPOKEN.items()
}
_FORMS_OWN = re.compile(rf"(跳过|提交|上一步|(接着|继续)填){_STOP}")
_STRAY = re.compile(rf"(用?(真名|实名)|匿名|不留姓?名|同意|跳过|提交|确认|上一步|返回|不办|取消){_STOP}")
_NOTHING = re.compile(rf"(没有?|无|冇得?|没得){_STOP}")
_ASKS = re.compile(
    r"([?？]|吗|呢|(怎么|咋个?|么样|么)(办|整|搞)|多久|要不要|为什么|什么意思|凭什么)[?？。!！]*$"
    r"|^(请问|为什么|为啥|凭什么|干嘛|多久|怎么)|会不会|要不要|会.{1,10}不[。?？]*$|安不安全|问(这么|那么|恁)多"
    r"|(怎么[^，。]{0,4}|多少[^，。]{0,2}|几[天倍]|合法|违法)[。!！]*$"
)
_MAY = re.compile(r"能不能|可不可以|是不是|有没有|能否")  # ask, unless they are what a question is answered with
_SURE = re.compile(r"吧[?？。!！]*$")  # 整个暑假吧？

_WISHES = re.compile(r"能不能|能否|可不可以|可以|我?[想要]|希望|让")
_SLIP = re.compile(r"不对|不是[，, ]|(我?(刚才|前面))?(写|说|搞|填)错|更正|应该是|改成")
_APPLIES = re.compile("(想|要|帮我|给我|也|都)(去|来|也|都)?(申请|报名?|参加|办|领|加入|入)")
_CALLED = {
    question: re.compile(rf"我?(想|要)?(改|换)?一?下?({words})(错了|不对|要改|改一?下)?[了吧。.!！]*")
    for question, words in {
        "story": "经过|事情|情况|内容",
        "employer": "单位|公司|厂|工地|店|老板",
        "place": "地方|地点|地址|哪里",
        "since": "时间|日期|什么时候",
        "people": "人数|几个人|多少人",
        "wish": "要求|诉求|希望|想法",
        "name": "名字|姓名|称呼",
        "phone": "电话|手机|号码",
    }.items()
}
_SHORT = 12  # characters of a reply that gives what was asked for and still sounds like a question: 从3月吧？


def spoken(step: Step, text: str) -> Verb | None:
    """Return the button that `text` stands for at this step."""
    return next((verb for verb, words in _WORDS[step].items() if words.fullmatch(text)), None)


def goes_on(text: str) -> bool:
    """Tell whether `text` is for the form alone, whatever else was talked about meanwhile."""
    return bool(_FORMS_OWN.fullmatch(text))


def stray(text: str) -> bool:
    """Tell whether `text` makes sense in a form alone."""
    return bool(_STRAY.fullmatch(text))


def leaves_out(question: Question, text: str) -> bool:
    """Tell whether `text` says that there is nothing to say to a question that may be skipped."""
    return not question.required and question.kind is not Kind.YES_NO and bool(_NOTHING.fullmatch(text))


def corrects(text: str) -> bool:
    """Tell whether `text` begins as somebody does who takes something back: 不对，是19个人."""
    return bool(_SLIP.match(text))


def named_in(questions: Iterable[Question], text: str) -> Question | None:
    """Return the question that `text` means by its label, or by what people call such a thing."""
    for question in questions:
        called = _CALLED.get(question.id)
        if question.label in text or (called and called.fullmatch(text)):
            return question
    return None


def applies(text: str) -> bool:
    """Tell whether `text` says that somebody wants to apply for something."""
    return bool(_APPLIES.search(text))


def asks(text: str) -> bool:
    """Tell whether `text` asks something instead of telling it."""
    return bool(_ASKS.search(text))


def asks_back(question: Question, text: str, value: str | None) -> bool:
    """Tell whether a reply to `question`, read as `value`, is a question itself; a wish may be put as one."""
    if question.id == "story" or _SURE.search(text):
        return False
    if question.kind is Kind.TEXT:
        return asks(text) and not _WISHES.match(text)
    if value is None:
        return asks(text) or bool(_MAY.search(text))
    return asks(text) and len(text) > _SHORT
