"""The buttons under a worker's own case."""

from bot.cases.model import SETTLED, Case, State
from bot.dialogue.actions import Action
from bot.messages import Button, Channel
from bot.texts import cases as cases_texts
from bot.texts import mine as texts

NUMBER = "number"  # leaves or changes a call-back number

Rows = tuple[tuple[Button, ...], ...]


def done(label: str = texts.DONE) -> Rows:
    """Return the button that ends writing to staff."""
    return ((Action.DONE.button(label),),)


def call_back(channel: Channel, telephone: str, case: str) -> Rows:
    """Return the button by which a number is left or changed, where nothing can be sent."""
    if channel is not Channel.WEB:
        return ()
    return ((Action.CASE.button(texts.CHANGE_NUMBER if telephone else texts.CALL_BACK, NUMBER, case),),)


def buttons(case: Case) -> Rows:
    """Return what a worker may do about the case as it stands."""
    if not case.is_open:
        export = Action.CASE.button(texts.EXPORT, "export", case.id)
        return (*reopening(case), (export,)) if case.state is State.CLOSED else ((export,),)
    settled = (
        Action.SETTLED.button(cases_texts.SETTLED, case.id),
        Action.UNSETTLED.button(cases_texts.NOT_SETTLED, case.id),
    )
    return (
        *((settled,) if to_confirm(case) else ()),
        (Action.CASE.button(texts.SAY, "say", case.id), Action.CASE.button(texts.CORRECT, "correct", case.id)),
        (Action.CASE.button(texts.EXPORT, "export", case.id), Action.CASE.button(texts.WITHDRAW, "withdraw", case.id)),
    )


def to_confirm(case: Case) -> bool:
    """Tell whether the union is through with the case and its worker has the last word."""
    return case.state in SETTLED or case.state is State.FOLLOW_UP


def rating(case: Case) -> Rows:
    """Return the stars, once."""
    if case.score is not None or case.state is State.WITHDRAWN:
        return ()
    return (tuple(Action.CASE.button(star, "rate", case.id, str(n)) for n, star in enumerate(texts.STARS, 1)),)


def reopening(case: Case) -> Rows:
    """Return the button that opens a case again."""
    return ((Action.UNSETTLED.button(texts.REOPEN, case.id),),)
