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


def acknowledged(text: str) -> str | None:
    """Return a few words for a courtesy, after which the form goes on; None for anything else."""
    said = courtesy(text)
    if said is None or said.text == texts.LISTENING:  # 18 may be just what was asked for
        return None
    return _COURTESIES.get(said.text, said.text)


def explained(text: str) -> str | None:
    """Return the answer to a question about the form itself, None for any other."""
    return next((answer for words, answer in _ABOUT if words.search(text)), None)
