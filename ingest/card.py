"""Say in the model's folder what it was made from, and how well it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model card states."""

    inputs: Mapping[str, str]  # SHA-256 by source
    passages: int
    questions: int
    pieces: int
    dimension: int
    seed: int
    steps: int
    batch: int
    rivals: int  # of each question: passages that share its words and do not answer it
    held_out: int  # passages kept from training
    found: float | None  # share of these that some of their clauses found first among all of them
    trained: datetime
    seconds: float  # of reading, training and judging


def model_card(figures: Figures) -> str:
    """Return the README.md of a model's folder."""
    found = "not measured, for every passage has questions and was learnt from"
    if figures.found is not None:
        found = f"{figures.found:.1%} of {figures.held_out:,} passages that training never saw"
    inputs = "\n".join(f"{digest}  {source}" for source, digest in sorted(figures.inputs.items()))
    return f"""---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
language: zh
license: mit
---

# Niangjia's built-in encoder

A static embedding model for questions of workers and texts of Chinese labour law: the mean of one vector for each
piece of a text, at unit length. {figures.pieces:,} pieces, {figures.dimension} dimensions, one byte a number and a
scale for each piece. It loads offline with `SentenceTransformer(folder)`; `knowledge/embedder.py` serves it
with tokenizers and numpy alone.

It is meant to be merged with a search by words, and for nothing else: it knows no language but Chinese, and no order
of words.

## Training

| | |
|---|---|
| trained | {figures.trained:%Y-%m-%d %H:%M} UTC, in {figures.seconds:.0f} s, without a GPU |
| seed | {figures.seed} |
| steps | {figures.steps} of up to {figures.batch} pairs, all others of a step being wrong answers |
| rivals | {figures.rivals} wrong answers more for each question, out of those that a search by words finds for it |
| data | {figures.passages:,} passages, and {figures.questions:,} questions that they answer |
| found first | {found} |

A pair is one to three clauses of a passage and the rest of it, a question of the bank and the passage that answers it,
or the heading of a guide's section and the section. The last figure asks for a passage by such clauses of its own,
among all that were held out. `niangjia train` makes the same vectors again from the same inputs and seed, on the same
versions of the libraries and the same kind of processor.

## Licence

MIT, as Niangjia itself. The official texts of Chinese law bear no copyright (Copyright Law, article 5); the guides and
questions are Niangjia's own.

## Inputs

SHA-256 of each file, by its name below the folder that was read:

```
{inputs}
```
"""
