from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from knowledge.embedder import Embedder
from knowledge.live import LiveGeneration
from tests.bot.answers.house import opened


@pytest.fixture(scope="session")
def small(house_home: Path, encoder: Embedder) -> Iterator[tuple[Answerer, LiveGeneration]]:
    with opened(house_home, encoder) as pair:
        yield pair


@pytest.fixture
def house(small: tuple[Answerer, LiveGeneration]) -> Answerer:
    """Answers from the small house."""
    return small[0]


@pytest.fixture(scope="session")
def large(shipped_home: Path, encoder: Embedder) -> Iterator[tuple[Answerer, LiveGeneration]]:
    with opened(shipped_home, encoder) as pair:
        yield pair


@pytest.fixture
def shipped(large: tuple[Answerer, LiveGeneration]) -> Answerer:
    """Answers from the shipped documents."""
    return large[0]
