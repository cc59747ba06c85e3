from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from ingest.pipeline import ingest
from ingest.sources import BUILTIN_FOLDER, Sources
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from tests.bot.answers import union_rules
from tests.bot.answers.house import opened
from tests.library import write


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


@pytest.fixture(scope="session")
def ruled(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Iterator[Answerer]:
    """Answers from the shipped documents and what two unions have written themselves."""
    home = tmp_path_factory.mktemp("ruled")
    sources = Sources(home)
    sources.replace([BUILTIN_FOLDER, write(tmp_path_factory.mktemp("papers"), union_rules.DOCUMENTS) / "rules"])
    assert ingest(sources, Generations(home), encoder).failures == {}
    with opened(home, encoder) as (answerer, _):
        yield answerer
