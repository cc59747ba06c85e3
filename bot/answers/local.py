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
from knowledge.organizations import Organizations, load_organizations
from knowledge.parameters import Parameters
from knowledge.regions import Regions
from knowledge.searcher import regions_asked
from knowledge.stations import Station


class LocalAnswerer:
    """Answers what is confirmed for the place asked about, and leaves the rest to another."""

    def __init__(
        self,
        answering: Answering,
        parameters: Callable[[], Parameters],
        stations: Callable[[], Sequence[Station]],
        regions: Regions,
        today: Callable[[], date] = date.today,
        organizations: Organizations | None = None,
    ) -> None:
        """`parameters` and `stations` give what holds by now, as `follow_parameters` and `follow_stations` do.

        `organizations` are those that ship if None.
        """
        self._answering = answering
        self._parameters = parameters
        self._stations = stations
        self._regions = regions
        self._today = today
        self._organizations = organizations or load_organizations()

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`; `history` holds the earlier turns, oldest first."""
        told = await asyncio.to_thread(self._told, question, region, history)
        if told is not None and not told.beside:
            return Answer(AnswerStatus.ANSWERED, told.text, 1.0)
        answer = await self._answering.answer(question, region=region, history=history)
        if told is None:
            return answer
        if answer.status is not AnswerStatus.ANSWERED:
            return Answer(AnswerStatus.ANSWERED, told.text, 1.0)
        return replace(answer, text=f"{answer.text}\n\n{told.text}")

    def _told(self, question: str, region: str | None, history: Sequence[str]) -> "_Told | None":
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
            return _Told(listed(found, place, page))
        if page:
            return None
        if office := contact_asked(asked, self._organizations, place, self._regions.places(asked)):
            return _Told(office)
        parameters, day = self._parameters(), self._today()
        for beside in (False, True):
            parameter = amount_asked(asked, parameters, beside=beside)
            if parameter and (text := stated(parameters, parameter, place, day)):
                return _Told(text, beside)
        return None


@dataclass(frozen=True, slots=True)
class _Told:
    """What is confirmed, in words."""

    text: str
    beside: bool = False  # what the index says of the matter comes before it
