import sqlite3
from pathlib import Path

import numpy as np
import pytest

from knowledge.store import StoreError, VectorStore


def vectors(count: int, dimension: int = 16) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(1).standard_normal((count, dimension)).astype(np.float32)
    unit: np.ndarray[tuple[int, int], np.dtype[np.float32]] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def test_the_nearest_rows_come_with_their_cosines(tmp_path: Path) -> None:
    known = vectors(300)
    store = VectorStore.create(tmp_path / "chroma", known)
    found = store.search(known[42], 5)
    exact = np.argsort(-(known @ known[42]))[:5]
    assert found.rows.tolist() == exact.tolist()
    assert found.scores.tolist() == pytest.approx((known @ known[42])[exact].tolist(), abs=1e-5)
    store.close()


def test_a_store_answers_the_same_after_opening_again(tmp_path: Path) -> None:
    known = vectors(50)
    VectorStore.create(tmp_path / "chroma", known).close()
    store = VectorStore.open(tmp_path / "chroma")
    assert store.search(known[7], 1).rows.tolist() == [7]
    store.close()
    store.close()


def test_rows_without_a_vector_are_never_found(tmp_path: Path) -> None:
    known = vectors(10)
    known[3] = 0
    store = VectorStore.create(tmp_path / "chroma", known)
    assert 3 not in store.search(known[0], 10).rows
    assert len(store.search(known[3], 10).rows) == 0
    store.close()


def test_chroma_holds_no_text_and_no_metadata(tmp_path: Path) -> None:
    VectorStore.create(tmp_path / "chroma", vectors(10)).close()
    database = sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3")
    for table in ("embedding_metadata", "embedding_fulltext_search"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    database.close()


def test_a_folder_without_vectors_is_refused_and_not_filled(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="niangjia ingest"):
        VectorStore.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    VectorStore.create(tmp_path / "chroma", vectors(10)).close()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="niangjia ingest"):
        VectorStore.open(tmp_path / "chroma")
