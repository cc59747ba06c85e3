"""What was told of danger in a group goes on in private: by a link that its teller alone can use."""

import re
from collections.abc import Callable
from hmac import compare_digest

_SIGNED = 28  # hexadecimal digits; with the case and the word in front 64 signs, which Telegram starts a bot with
_STARTED = re.compile(rf"sos-(?P<case>[0-9a-f]{{32}})(?P<signature>[0-9a-f]{{{_SIGNED}}})", re.ASCII)


class Carrying:
    """Signs which case an account may carry into its private chat; that it is done once is for the case to know."""

    def __init__(self, sign: Callable[[str], str]) -> None:
        """`sign` returns at least 28 hexadecimal digits that only this deployment can tell."""
        self._sign = sign

    def words(self, case: str, account: str) -> str:
        """Return the words that the bot is started with; they stand in the group, and serve nobody else there."""
        return f"sos-{case}{self._signature(case, account)}"

    def case_in(self, words: str, account: str) -> str | None:
        """Return the case that the account carries on by these words; None if they are not its own."""
        started = _STARTED.fullmatch(words)
        if started is None or not compare_digest(started["signature"], self._signature(started["case"], account)):
            return None
        return started["case"]

    def _signature(self, case: str, account: str) -> str:
        return self._sign(f"{case}:{account}")[:_SIGNED]


def is_carrying(words: str) -> bool:
    """Tell whether the bot was started by such a link, whoever's it is."""
    return words.startswith("sos-")
