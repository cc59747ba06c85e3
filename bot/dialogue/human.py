"""Asking for a person."""

import re

from bot import texts
from bot.answers.model import Answer, AnswerStatus

# The whole message must ask for it: 人工费怎么算 is a question.
_SOMEBODY = r"我?(想|要|想要)?(给我)?(找|叫|派|换)(个|一个)?人(来|说|聊|帮忙|说说|聊聊|问问|帮帮我)?[吧啊了。！!~～\s]*"
_ASKED = re.compile(
    r"(我|请|帮我|麻烦|能不能|可不可以|可以|能|要|想|有没有|有)*"
    r"(转|转到|转接|接|找|联系|叫|换|跟|和)?(一下|一?个)?"
    r"(人工|人工客服|人工服务|真人|活人|客服|工作人员|工会的人)"
    r"(说话|聊|聊聊|谈谈|帮忙)?[吗吧呢啊了。！？!?~～\s]*"
    rf"|{_SOMEBODY}|我?(要|想|要想)?找(你们)?(工会|领导)[吧啊了。！!~～\s]*"
)


def handoff(text: str) -> Answer | None:
    """Say whom to call if `text` asks for a person and for nothing else, and return None otherwise."""
    if _ASKED.fullmatch(text.strip()):
        return Answer(AnswerStatus.HANDOFF, texts.HUMAN_HELP, confidence=1.0)
    return None
