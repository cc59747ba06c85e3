"""Learn which pieces of text have a vector of their own: characters, pairs of characters, words and numbers.

Pairs and not longer words: who asks says 工资 and who writes law 工资支付, and what both are made of matches.
The trainer that tokenizers brings gives other scores on every run; this one gives the same bytes.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
_ROUNDS = 3
_RAREST = 5  # occurrences below which a pair or word is spelt out
_CANDIDATES = 4  # times the final size


def learn_tokenizer(texts: Sequence[str], size: int) -> Tokenizer:
    """Return a Unigram tokenizer of about `size` pieces, learnt by counting what the best cut of each text uses."""
    runs = Counter(_runs(texts))
    characters: Counter[str] = Counter()
    longer: Counter[str] = Counter()
    for run, times in runs.items():
        for character in run:
            characters[character] += times
        for piece in map("".join, pairwise(run)) if _is_chinese(run) else [run] if len(run) > 1 else []:
            longer[piece] += times
    counts = dict(characters)
    counts |= {piece: times for piece, times in _most(longer, _CANDIDATES * size) if times >= _RAREST}
    units = sorted(runs)
    weights = [runs[unit] for unit in units]
    for left in reversed(range(_ROUNDS)):
        used = _used(_tokenizer(counts), units, weights)
        longer = Counter({piece: times for piece, times in used.items() if len(piece) > 1})
        kept = _most(longer, size * (1 + left) - len(characters))
        counts = {character: max(1, used.get(character, 0)) for character in characters} | dict(kept)
    return _tokenizer(counts)


def _runs(texts: Iterable[str]) -> Iterable[str]:
    blank = _tokenizer({})
    for text in texts:
        for run, _ in blank.pre_tokenizer.pre_tokenize_str(blank.normalizer.normalize_str(text)):
            yield run


def _is_chinese(run: str) -> bool:
    return "\u4e00" <= run[0] <= "\u9fff"


def _most(counts: dict[str, int], number: int) -> list[tuple[str, int]]:
    """Return the most frequent, in an order that no hash decides."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: max(0, number)]


def _used(tokenizer: Tokenizer, units: list[str], weights: list[int]) -> dict[str, int]:
    totals = np.zeros(tokenizer.get_vocab_size(), np.int64)
    for encoding, times in zip(tokenizer.encode_batch(units, add_special_tokens=False), weights, strict=True):
        np.add.at(totals, encoding.ids, times)
    return {piece: int(totals[index]) for piece, index in tokenizer.get_vocab().items() if totals[index]}


def _tokenizer(counts: dict[str, int]) -> Tokenizer:
    total = math.log(sum(counts.values()) or 1)
    pieces = [(piece, math.log(times) - total) for piece, times in _most(counts, len(counts)) if piece != UNKNOWN]
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, 0.0), *pieces], unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[\u4e00-\u9fff]+|[a-z]+|\d+"), "isolated"),
        ]
    )
    return tokenizer
