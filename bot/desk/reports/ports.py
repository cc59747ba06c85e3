"""What the reports ask of the storage beside the figures of cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Service:
    """What the bot was asked, all channels and unions together; who deletes their talk takes their verdicts along."""

    messages: int = 0  # answered
    refused: int = 0  # questions that the index does not hold
    helpful: int = 0
    unhelpful: int = 0


class ServiceFigures(Protocol):
    """Counts what is no case."""

    async def service(self, start: datetime, end: datetime) -> Service:
        """Count what was asked from `start` until before `end`."""
        ...

    async def warnings(self, organizations: Sequence[str] | None, start: datetime, end: datetime) -> int:
        """Count how often several workers of one employer made the bot call staff; None asks for all unions."""
        ...
