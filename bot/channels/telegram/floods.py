"""How much one person may send: who floods is told once, and then not heard until the minute is over."""

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto

MOST = 30  # updates of one person in one chat within the window; an album of photos is ten
WINDOW = 60.0  # seconds
PEOPLE = 20_000  # whose windows are kept; the least recently heard are dropped


class Passage(Enum):
    """What becomes of an update."""

    FREE = auto()
    TOLD = auto()  # the first too many: whoever sent it is told
    CLOSED = auto()


class Floods:
    """Counts in memory what comes, by the time at which it was sent: what waited while we were away is no flood."""

    def __init__(self, dangerous: Callable[[str], bool]) -> None:
        """`dangerous` tells whether words speak of danger, which is never held back."""
        self._dangerous = dangerous
        self._windows: OrderedDict[tuple[int, int], tuple[float, int]] = OrderedDict()  # (chat, person) → since, count

    def passage(self, chat: int, person: int, at: float, words: str = "") -> Passage:
        """Count an update that was sent `at`, in seconds since 1970, and return what becomes of it."""
        since, count = self._windows.pop((chat, person), (at, 0))
        if at - since >= WINDOW:
            since, count = at, 0
        self._windows[chat, person] = (since, count + 1)
        if len(self._windows) > PEOPLE:
            self._windows.popitem(last=False)
        if count < MOST or self._dangerous(words):
            return Passage.FREE
        return Passage.TOLD if count == MOST else Passage.CLOSED
