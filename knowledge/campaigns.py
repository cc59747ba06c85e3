"""The year's calendar: what the unions do every year, and in which months."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, STRICT, DirectoryError, read_entries
from knowledge.regions import load_regions
from knowledge.vocabulary import Category

CALENDAR_FILE = DIRECTORY / "calendar.yaml"


@dataclass(frozen=True, slots=True, config=STRICT)
class Campaign:
    """Something that comes every year; without months the union announces when."""

    name: str
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...]
    category: Category
    document: str  # the guide that tells more, such as services/job-fairs
    source: str
    regions: tuple[str, ...] = ()  # () is everywhere


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    campaigns: tuple[Campaign, ...]


def in_month(month: int, region: str | None = None) -> tuple[Campaign, ...]:
    """Return what runs in the month, 1 to 12, for a worker of the region; None is somebody who has not said."""
    regions = load_regions()
    return tuple(
        campaign
        for campaign in load_campaigns()
        if month in campaign.months and regions.admits(region, campaign.regions)
    )


@cache
def load_campaigns(path: Path = CALENDAR_FILE) -> tuple[Campaign, ...]:
    """Read the calendar once; raise DirectoryError where an entry lacks what it needs."""
    campaigns = read_entries(path, _File).campaigns
    for campaign in campaigns:
        if unknown := [region for region in campaign.regions if region not in load_regions()]:
            raise DirectoryError(f"{campaign.name} is for {unknown[0]}, which is no region: correct it.")
    return campaigns
