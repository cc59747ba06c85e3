from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.desk.knowledge.vectors import KeptVectors
from knowledge.embedder import Embedder

TEXTS = ["加班费怎么算", "产假有多少天", "加班费怎么算"]


class Counted:
    """The real encoder, and what it was given."""

    def __init__(self, encoder: Embedder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self.embed_query = encoder.embed_query
        self.given: list[str] = []
        self._encoder = encoder

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += texts
        return self._encoder.embed(texts)


def test_vectors_are_those_of_the_encoder_whether_they_were_kept_or_not(encoder: Embedder) -> None:
    kept = KeptVectors(encoder)
    expected = encoder.embed([*TEXTS, "年休假"])
    np.testing.assert_array_equal(kept.embed(TEXTS), expected[:3])
    np.testing.assert_array_equal(kept.embed([*TEXTS, "年休假"]), expected)
    assert kept.embed([]).shape == (0, encoder.dimension)
    assert (kept.name, kept.dimension) == (encoder.name, encoder.dimension)
    np.testing.assert_array_equal(kept.embed_query(TEXTS[0]), encoder.embed_query(TEXTS[0]))


def test_each_text_is_embedded_once(encoder: Embedder) -> None:
    counted = Counted(encoder)
    kept = KeptVectors(counted)
    kept.embed(TEXTS)
    kept.embed([TEXTS[1], "年休假"])
    assert counted.given == [*TEXTS[:2], "年休假"]


def test_those_that_were_not_used_for_longest_are_forgotten_first(encoder: Embedder) -> None:
    counted = Counted(encoder)
    kept = KeptVectors(counted, most=2)
    for text in ("一", "二", "一", "三", "一", "二"):
        kept.embed([text])
    assert counted.given == ["一", "二", "三", "二"]
