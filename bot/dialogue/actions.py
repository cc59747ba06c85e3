"""The actions behind buttons: a word, and after a colon what it is about."""

from enum import StrEnum

from bot.cases.telling import NOT_SETTLED_ACTION, SETTLED_ACTION
from bot.messages import Button


class Action(StrEnum):
    """What a tap asks for."""

    SOURCE = "src"  # src:<exchange>:<number from 1>; a channel that shows citations itself may leave these buttons out
    HELPFUL = "ok"  # ok:<exchange>
    UNHELPFUL = "no"  # no:<exchange>
    REGION = "region"  # region:<id>, or region: for none in particular
    CHOOSE = "choose"  # show the unions to choose from
    HUMAN = "human"  # how to reach a person
    REPORT = "report"  # report:<exchange>: the union shall act on what that question told
    FORM = "form"  # form:<id of forms.yaml>
    DRAFT = "d"  # d:<draft>:<verb>[:<about>], see intake.py
    CASE = "case"  # case:<verb>:<case>[:<about>], see mine.py
    DONE = "done"  # with writing to staff
    TOO_FAST = "too-fast"  # made by a channel, of the first message too many
    SETTLED = SETTLED_ACTION  # settled:<case>
    UNSETTLED = NOT_SETTLED_ACTION  # unsettled:<case>

    def button(self, label: str, *about: str) -> Button:
        """Return a button for this action."""
        return Button(label, ":".join((self, *about)))


def parse(action: str) -> tuple[Action, list[str]] | None:
    """Return the action and what it is about, or None for a button that this version does not know."""
    word, *about = action.split(":")
    try:
        return Action(word), about
    except ValueError:
        return None
