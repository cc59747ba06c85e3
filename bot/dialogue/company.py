"""A chat in which others read along, such as a group: answers for all, and nothing that is one person's own."""

from dataclasses import replace

from bot import texts
from bot.cases import receipt
from bot.dialogue.actions import Action, parse
from bot.dialogue.courtesy import courtesy
from bot.dialogue.emergency import Emergencies
from bot.dialogue.human import handoff
from bot.dialogue.ports import Conversation, Turn
from bot.dialogue.questions import Questions
from bot.dialogue.shortcuts import command
from bot.dialogue.taps import tapped
from bot.dialogue.unions import Unions
from bot.messages import Button, Incoming, Reply
from bot.texts import company as company_texts
from bot.texts import danger as danger_texts
from bot.triage.model import Intent, Triage

LONGEST = 2000  # characters of a message
_FOR_ALL = frozenset({Action.SOURCE, Action.HELPFUL, Action.UNHELPFUL, Action.REGION, Action.CHOOSE})
_PERSONAL = frozenset({"/report", "/apply", "/my", "/human", "/forget"})

Rows = tuple[tuple[Button, ...], ...]


class Company:
    """Answers in a group; forms, cases and files are for the chat with the bot alone, whose address is told."""

    def __init__(self, emergencies: Emergencies, questions: Questions, unions: Unions) -> None:
        self._emergencies = emergencies
        self._questions = questions
        self._unions = unions

    async def respond(self, incoming: Incoming, read: Triage, conversation: Conversation, alone: str) -> Turn:
        """Return the replies; `alone` is the address of the bot's private chat."""
        text = incoming.text.strip()
        if incoming.action is not None:
            tap = tapped(incoming.action, self._questions, self._unions, conversation)
            turn = tap or Turn((Reply(company_texts.NOT_HERE, notice=True),), conversation)
        elif read.danger is not None and not read.doubtful:
            turn = await self._emergencies.overheard(
                text, read, read.danger, conversation, alone=alone, account=incoming.sender
            )
        elif own := _own(text, incoming):
            turn = Turn((Reply(f"{own}{company_texts.alone(alone)}"),), conversation)
        else:
            turn = await self._text(text, incoming, read, conversation, alone)
        return replace(turn, replies=tuple(replace(one, buttons=_for_all(one.buttons)) for one in turn.replies))

    async def _text(self, text: str, incoming: Incoming, read: Triage, conversation: Conversation, alone: str) -> Turn:
        if text.startswith("/"):
            return self._command(text, conversation, alone)
        if region := self._unions.named(text):
            return self._unions.choose(region, conversation)
        if said := courtesy(text):
            return Turn((Reply(said.text),), conversation)
        if not text or len(text) > LONGEST:
            return Turn((Reply(company_texts.welcome(alone)),), conversation)
        turn = await self._questions.plainly(incoming, text, conversation)
        if read.danger is not None:
            return replace(turn, replies=(*turn.replies, Reply(danger_texts.IN_CASE)))
        if read.intent is Intent.GRIEVANCE:
            offer = Reply(f"{company_texts.GRIEVANCE}{company_texts.alone(alone)}")
            return replace(turn, replies=(*turn.replies, offer))
        return turn

    def _choices(self, conversation: Conversation) -> Turn:
        """Show the unions; words reach us in a group only where they reply to ours."""
        turn = self._unions.show(conversation)
        return replace(turn, replies=tuple(replace(one, text=company_texts.REGION_CHOICES) for one in turn.replies))

    def _command(self, text: str, conversation: Conversation, alone: str) -> Turn:
        word, rest = _command(text)
        if word == "/region":
            region = self._unions.named(rest)
            return self._unions.choose(region, conversation) if region else self._choices(conversation)
        ours = word.removeprefix("/") in texts.COMMANDS  # others may be another bot's
        return Turn((Reply(company_texts.welcome(alone)),) if ours else (), conversation)


def _own(text: str, incoming: Incoming) -> str:
    """Return what to say to whoever brings what is theirs alone; "" to all others."""
    if incoming.attachments:
        return company_texts.FILE
    if receipt.read(text) or receipt.mistyped(text) or receipt.missed(text):
        return company_texts.RECEIPT
    if handoff(text) or (command(text) or "/help") != "/help":
        return company_texts.PERSONAL
    return company_texts.PERSONAL if _command(text)[0] in _PERSONAL else ""


def _command(text: str) -> tuple[str, str]:
    """Return the command that a text begins with, without the bot's name, and what follows."""
    word, _, rest = text.partition(" ")
    return word.partition("@")[0].lower(), rest.strip()


def _for_all(rows: Rows) -> Rows:
    kept = (tuple(button for button in row if _is_for_all(button)) for row in rows)
    return tuple(row for row in kept if row)


def _is_for_all(button: Button) -> bool:
    if button.url is not None:  # which leads away from the group
        return True
    parsed = parse(button.action)
    return parsed is not None and parsed[0] in _FOR_ALL
