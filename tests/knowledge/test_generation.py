import threading
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import NiangjiaError
from knowledge.generation import Generation, GenerationError, Generations
from knowledge.model import BlockKind, DocumentKind
from knowledge.regions import load_regions
from tests.fakes import HashingEmbedder
from tests.library import DOCUMENTS, index, write

TODAY = date(2026, 1, 1)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def generations(tmp_path: Path, embedder: HashingEmbedder) -> Generations:
    index(tmp_path / "home", write(tmp_path / "lib"), embedder)
    return Generations(tmp_path / "home")


def test_passages_and_documents_come_back_as_they_were_read(
    generations: Generations, embedder: HashingEmbedder
) -> None:
    generation = generations.open(embedder)
    article = next(p for p in map(generation.passage, range(generation.manifest.passages)) if p.article == "第二条")
    document = generation.document(article.source)
    assert document is not None
    assert document.text[article.start : article.end] == article.text
    assert (article.kind, article.block, article.law) == (DocumentKind.STATUTE, BlockKind.ARTICLE, "带薪年休假条例")
    assert article.issued == document.issued == date(2007, 12, 14)
    assert [document.text[b.start : b.end] for b in document.blocks if b.article == "第二条"] == [article.text]
    assert generation.document("lib/none.md") is None
    assert set(generation.sources()) == {f"lib/{name}" for name in DOCUMENTS}
    generation.close()


def test_rows_come_in_the_order_asked_for(generations: Generations, embedder: HashingEmbedder) -> None:
    generation = generations.open(embedder)
    forward, backward = generation.passages([0, 2, 1]), generation.passages([1, 2, 0])
    assert forward == backward[::-1]
    generation.close()


def test_only_rows_of_the_region_and_of_everywhere_are_admitted(
    generations: Generations, embedder: HashingEmbedder
) -> None:
    generation = generations.open(embedder)
    admits = load_regions().admits
    here = generation.admitted(TODAY, "随州", admits)
    passages = generation.passages(range(len(here)))
    assert [p.regions == () for p in passages] == here.tolist()
    assert not here.all()
    assert generation.admitted(TODAY, "十堰", admits).all()
    generation.close()


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1])
def test_dense_search_under_any_mask_finds_the_nearest_admitted_rows(
    generations: Generations, embedder: HashingEmbedder, share: float
) -> None:
    generation = generations.open(embedder)
    count = generation.manifest.passages
    admitted = np.arange(count) < max(1, int(share * count))
    vector = embedder.embed_query("年休假有几天")
    exact = np.argsort(-np.where(admitted, generation.vectors @ vector, -2), kind="stable")[: min(3, admitted.sum())]
    found = generation.dense(vector, 3, admitted)
    assert found.scores.tolist() == pytest.approx((generation.vectors @ vector)[exact].tolist(), abs=1e-5)
    generation.close()


def test_another_model_is_refused_with_what_to_do(generations: Generations) -> None:
    with pytest.raises(GenerationError, match=r"hashing.*other.*niangjia ingest"):
        generations.open(HashingEmbedder("other"))
    with pytest.raises(GenerationError, match="dimensions"):
        generations.open(HashingEmbedder(dimension=32))


def test_a_home_without_an_index_says_so(tmp_path: Path, embedder: HashingEmbedder) -> None:
    assert Generations(tmp_path).current() is None
    with pytest.raises(GenerationError, match="niangjia ingest"):
        Generations(tmp_path).open(embedder)


@pytest.mark.parametrize(
    "file", ["texts.sqlite3", "vectors.npy", "manifest.json", "keyword/vocabulary.npy", "chroma/chroma.sqlite3"]
)
def test_a_damaged_generation_is_refused_with_what_to_do(
    generations: Generations, embedder: HashingEmbedder, file: str
) -> None:
    folder = generations.folder / str(generations.current())
    (folder / file).write_bytes(b"damaged")
    with pytest.raises(NiangjiaError, match="niangjia ingest"):
        Generation(folder, embedder)


def test_rollback_goes_to_the_one_before_and_no_further(
    tmp_path: Path, generations: Generations, embedder: HashingEmbedder
) -> None:
    first = generations.current()
    second = index(
        tmp_path / "home", write(tmp_path / "lib", {"guides/新.md": "# 新\n\n新的一段。\n"}), embedder
    ).generation
    assert [manifest.id for manifest in generations.manifests()] == [second, first]
    assert generations.rollback() == first == generations.current()
    with pytest.raises(GenerationError, match="no older"):
        generations.rollback()


def test_pruning_leaves_the_newest_and_the_one_that_serves(
    tmp_path: Path, generations: Generations, embedder: HashingEmbedder
) -> None:
    first = str(generations.current())
    for number in range(4):
        added = write(tmp_path / "lib", {f"guides/{number}.md": f"# {number}\n\n第{number}段。\n"})
        index(tmp_path / "home", added, embedder)
    kept = [manifest.id for manifest in generations.manifests()]
    assert len(kept) == 3
    assert first not in kept
    generations.switch(kept[-1])
    assert generations.prune(keep=1) == [kept[1], kept[0]] or set(kept[:2]) == set(kept) - {generations.current()}
    assert [manifest.id for manifest in generations.manifests()] == [kept[-1]]


def test_threads_share_a_generation(generations: Generations, embedder: HashingEmbedder) -> None:
    generation = generations.open(embedder)
    expected = generation.passages(range(generation.manifest.passages))
    seen: list[bool] = []

    def ask() -> None:
        for _ in range(50):
            seen.append(generation.passages(range(len(expected))) == expected)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 200
    generation.close()
