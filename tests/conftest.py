"""What all tests share: the large corpora that stand beside a developer's checkout."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture
def corpus() -> Path:
    """Return the folder of the corpora; a test that asks for it bears the marker `corpus`."""
    return CORPUS


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of the corpora where there are none."""
    if CORPUS.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("corpus")]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
