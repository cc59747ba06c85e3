"""Taps that mean the same whether others read along or not: on a source, a judgement, a union, or too many at once."""

from bot import texts
from bot.dialogue.actions import Action, parse
from bot.dialogue.ports import Conversation, Turn, Verdict
from bot.dialogue.questions import Questions
from bot.dialogue.unions import Unions
from bot.messages import Reply


def tapped(action: str, questions: Questions, unions: Unions, conversation: Conversation) -> Turn | None:
    """Return what comes of such a tap; None for one that is somebody's own."""
    match parse(action):
        case Action.SOURCE, [exchange, number]:
            return questions.source(exchange, number, conversation)
        case Action.HELPFUL, [exchange]:
            return questions.judge(exchange, Verdict.HELPFUL, conversation)
        case Action.UNHELPFUL, [exchange]:
            return questions.judge(exchange, Verdict.UNHELPFUL, conversation)
        case Action.REGION, [""]:
            return unions.clear(conversation)
        case Action.REGION, [region] if region in unions:
            return unions.choose(region, conversation)
        case Action.CHOOSE, []:
            return unions.show(conversation)
        case Action.TOO_FAST, []:
            return Turn((Reply(texts.TOO_FAST),), conversation)
        case _:
            return None
