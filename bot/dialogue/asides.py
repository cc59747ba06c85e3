"""What people say in the middle of a form that is no reply to it: a courtesy, or a question about the form itself."""

import re

from bot import texts
from bot.dialogue.courtesy import courtesy
from bot.texts import intake as intake_texts

_COURTESIES = {
    texts.GREETING: intake_texts.HERE,
    texts.WELCOME: intake_texts.WELCOME,
    texts.GOODBYE: intake_texts.WAITS,
    texts.GO_ON: intake_texts.GO_ON,
}
_ABOUT = tuple(
    (re.compile(words), text)
    for words, text in (
        (
            r"(老板|单位|公司|厂里|领导|主管|主席|别人|他们).{0,6}(知道|晓得|看到|看见|报复)|保密|泄露|安不安全|安全吗",
            intake_texts.WHO_SEES,
        ),
        (
            r"问(这么|那么|恁)多|(为什么|为啥|干嘛|凭什么).{0,6}(名|电话|号码|地址|单位|这些|这个|姓)",
            intake_texts.WHY_ASKED,
        ),
        (r"(要|收|花)(不要|不收)?(钱|费)", intake_texts.FREE),
        (r"(多久|几天|多长时间|什么时候).{0,6}(办|结果|回|好|有人|联系)", intake_texts.HOW_LONG),
    )
)


_LATER = re.compile(
    r"(我?们?(等|晚|待|过)?(一?会儿?|一?下|点|些|几天|明天|改天|回头|有空|下次|晚上|下班)(再|接着|又)(说|填|弄|写|来|聊|办|搞|回)"
    r"|我?(先|要|得)(去)?(忙|上班|干活|做事|开会|吃饭|睡)|在(忙|上班|干活|开会))"
    r"(一?下|了|吧|啊|哈|再说|去|[，,。.!！~～ ])*"
)
_FOREIGN = re.compile(
    r"(?=.*\b(english|chinese|language|speak|translate|understand)\b)[^\u3400-\u9fff]+", re.IGNORECASE
)


def acknowledged(text: str) -> str | None:
    """Return a few words for a courtesy, after which the form goes on; None for anything else."""
    if _LATER.fullmatch(text):
        return intake_texts.WAITS
    if _FOREIGN.fullmatch(text):
        return intake_texts.FOREIGN
    said = courtesy(text)
    if said is None or said.text == texts.LISTENING:  # 18 may be just what was asked for
        return None
    return _COURTESIES.get(said.text, said.text)


def explained(text: str) -> str | None:
    """Return the answer to a question about the form itself, None for any other."""
    return next((answer for words, answer in _ABOUT if words.search(text)), None)
