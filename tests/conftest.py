"""What all tests share: the large corpora that stand beside a developer's checkout, and what is run where."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.telegram_api import independent

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture
def corpus() -> Path:
    """Return the folder of the corpora; a test that asks for it bears the marker `corpus`."""
    return CORPUS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of the corpora, and of the emulator that others wrote, where there are none."""
    here = {"corpus": CORPUS.is_dir(), "independent": independent.is_here()}
    absent = [item for item in items if any(item.get_closest_marker(name) and not here[name] for name in here)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
