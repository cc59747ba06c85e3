"""Answers with what somebody at the desk has confirmed for a place: its amounts, its stations, how it is reached."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answers.amounts import amount_asked, stated
from bot.answers.contacts import contact_asked
from bot.answers.followup import leans
from bot.answers.model import Answer, AnswerStatus
from bot.answers.pinned import Answering
from bot.answers.places import is_more, listed, sought
from knowledge.calendar import today_in_china
from knowledge.organizations import Organizations, load_organizations
from knowledge.parameters import Parameters
from knowledge.regions import Regions
from knowledge.searcher import regions_asked
from knowledge.stations import Station


class Confirmed:
    """Finds what is confirmed for the place asked about."""

    def __init__(
        self,
        parameters: Callable[[], Parameters],
        stations: Callable[[], Sequence[Station]],
        regions: Regions,
        today: Callable[[], date] = today_in_china,
        organizations: Organizations | None = None,
    ) -> None:
        """`parameters` and `stations` give what holds by now, as `follow_parameters` and `follow_stations` do.

        `organizations` are those that ship if None.
        """
        self._parameters = parameters
        self._stations = stations
        self._regions = regions
        self._today = today
        self._organizations = organizations or load_organizations()

    def told(self, question: str, region: str | None, history: Sequence[str], day: date | None = None) -> "Told | None":
        """Return what is confirmed of what `question` asks, for `day` or today; None if nothing is."""
        turns, page = [*history, question], 0
        while len(turns) > 1 and is_more(turns[-1]):
            turns.pop()
            page += 1
        elsewhere = len(turns) > 1 and leans(turns[-1]) and regions_asked(turns[-1], self._regions)
        turns = turns[-2:] if elsewhere else turns[-1:]  # 那十堰呢 asks the same of another place
        if self._regions.elsewhere(turns[-1]):
            return None
        place = next((named[0] for turn in reversed(turns) if (named := regions_asked(turn, self._regions))), region)
        asked = " ".join(turns)
        if place and (found := sought(asked, self._stations(), self._regions, place)):
            return Told(listed(found, place, page))
        if page:
            return None
        if office := contact_asked(asked, self._organizations, place, self._regions.places(asked)):
            return Told(office)
        parameters, day = self._parameters(), day or self._today()
        for beside in (False, True):
            parameter = amount_asked(asked, parameters, beside=beside)
            if parameter and (text := stated(parameters, parameter, place, day)):
                return Told(text, beside)
        return None


class LocalAnswerer:
    """Answers what is confirmed for the place asked about, and leaves the rest to another."""

    def __init__(self, answering: Answering, confirmed: Confirmed) -> None:
        self._answering = answering
        self._confirmed = confirmed

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`; `history` holds the earlier turns, oldest first."""
        told = await asyncio.to_thread(self._confirmed.told, question, region, history)
        if told is not None and not told.beside:
            return told.alone()
        answer = await self._answering.answer(question, region=region, history=history)
        return told.after(answer) if told else answer


@dataclass(frozen=True, slots=True)
class Told:
    """What is confirmed, in words."""

    text: str
    beside: bool = False  # what the index says of the matter comes before it

    def alone(self) -> Answer:
        """Return it as an answer."""
        return Answer(AnswerStatus.ANSWERED, self.text, 1.0)

    def after(self, answer: Answer) -> Answer:
        """Return what the index answers and this behind it; this alone if the index answers nothing."""
        if answer.status is not AnswerStatus.ANSWERED:
            return self.alone()
        return replace(answer, text=f"{answer.text}\n\n{self.text}")
