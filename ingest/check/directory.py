"""Whether the files of `knowledge/directory/` can be used."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.check.contacts import forbidden
from ingest.check.finding import Finding, Group
from knowledge.categories import load_categories
from knowledge.errors import NiangjiaError
from knowledge.organizations import load_organizations
from knowledge.parameters import load_parameters
from knowledge.regions import load_regions
from knowledge.stations import load_stations
from knowledge.superseded import load_superseded

_LOADERS: dict[str, Callable[[Path], object]] = {
    "regions.yaml": load_regions,
    "superseded.yaml": load_superseded,
    "organizations.yaml": load_organizations,
    "categories.yaml": load_categories,
    "parameters.yaml": load_parameters,
    "stations.csv": load_stations,
}


def check_directory(folder: Path, hotlines: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the files of the folder; a file that is not there is not missed."""
    for name, load in _LOADERS.items():
        path = folder / name
        if not path.exists():
            continue
        file = f"{folder.name}/{name}"
        try:
            load(path)
        except NiangjiaError as error:
            yield Finding(Group.DIRECTORY, file, 1, str(error))
            continue
        for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
            words = re.sub(r"(?:^|\s)#.*", "", line)
            yield from (Finding(Group.CONTACTS, file, number, fault) for fault in forbidden(words, hotlines))
