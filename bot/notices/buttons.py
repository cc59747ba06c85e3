"""The buttons under a notice in a messenger: what each asks for, signed for the one chat that it stands in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest

from bot.messages import Button
from bot.notices import words
from bot.notices.model import Kind, Notice

_WORD = "staff"  # what all of these actions begin with
_SIGNATURE = 16  # hexadecimal digits: whoever guesses must ask us each time, and is no colleague anyway
_NOT_TO_ANSWER = frozenset({Kind.TRIAL, Kind.SEVERAL})
_NOT_TO_CLAIM = _NOT_TO_ANSWER | {Kind.EMERGENCY, Kind.WITHDRAWN, Kind.UNREACHED, Kind.TAKEN}


class Press(StrEnum):
    """What a button asks for."""

    CLAIM = "claim"
    TAKE = "take"  # an emergency
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was asked for, and of which case."""

    press: Press
    case: str  # its number


def is_ours(action: str) -> bool:
    """Tell whether an action is meant for staff, rightly signed or not."""
    return action.startswith(f"{_WORD}:")


class Buttons:
    """Makes and reads the actions of buttons; `sign` is a keyed digest of at least 16 hexadecimal digits."""

    def __init__(self, sign: Callable[[str], str]) -> None:
        self._sign = sign

    def action(self, press: Press, case: str, chat: str) -> str:
        """Return the action of a button about a case, good in this chat only; at most 64 bytes."""
        return f"{_WORD}:{press}:{case}:{self._signature(press, case, chat)}"

    def read(self, action: str, chat: str) -> Pressed | None:
        """Return what an action that came from this chat asks for; None if we never made it for this chat."""
        word, _, rest = action.partition(":")
        press, _, rest = rest.partition(":")
        case, _, signature = rest.partition(":")
        if word != _WORD or press not in set(Press):
            return None
        if not compare_digest(self._signature(Press(press), case, chat).encode(), signature.encode()):
            return None
        return Pressed(Press(press), case)

    def under(self, notice: Notice, chat: str, page: str | None) -> tuple[tuple[Button, ...], ...]:
        """Return the buttons under a notice: who has it already need not be offered it; `page` is the desk's."""
        case = notice.case
        row = []
        if case is not None:
            if notice.kind is Kind.EMERGENCY and not notice.by:
                row.append(Button(words.TAKE, self.action(Press.TAKE, case, chat)))
            if notice.kind not in _NOT_TO_CLAIM and not (notice.claimed or notice.by):
                row.append(Button(words.CLAIM, self.action(Press.CLAIM, case, chat)))
            if notice.kind not in _NOT_TO_ANSWER:
                row.append(self.answer(case, chat))
        row += [opens(page)] if page else []
        return (tuple(row),) if row else ()

    def answer(self, case: str, chat: str) -> Button:
        """Return the button that stands under whatever can be replied to, to reach the worker."""
        return Button(words.ANSWER, self.action(Press.ANSWER, case, chat))

    def _signature(self, press: Press, case: str, chat: str) -> str:
        return self._sign(f"button {press} {case} {chat}")[:_SIGNATURE]


def opens(page: str) -> Button:
    """Return the button that leads to a page of the desk."""
    return Button(words.OPEN, "", page)
