"""Train the built-in embedding model: a vector for each piece of text, so that what means the same points the same way.

A static model has nothing but these vectors, so it learns in minutes on two cores, from texts that a union has at hand.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer
from torch.nn.functional import normalize

from ingest.card import Figures, model_card
from ingest.pairs import Example, Ids, PairSampler, examples_of, texts_of
from ingest.pieces import learn_tokenizer
from ingest.progress import Report
from ingest.questions.store import OwnQuestions
from ingest.readers import iter_documents
from ingest.rivals import rivals_of
from ingest.sources import Failure, SourceFile, walk
from ingest.splitter import split
from knowledge.bank import FOLDERS, QUESTIONS, load_bank
from knowledge.errors import NiangjiaError
from knowledge.model import Passage

Vectors = NDArray[np.float32]

_WARM_UP = 30  # steps
_FEWEST = 50  # passages
_HELD_OUT = 1000  # passages, or a tenth of all if that is less
_SPREAD = 0.06  # of the first random vectors: pieces that training never meets stay short and say little


class TrainingError(NiangjiaError):
    """Say why no model can be trained from this."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; the shipped model had no rivals, and otherwise these defaults."""

    seed: int = 1
    steps: int = 1000
    batch: int = 1024  # pairs of one step, each passage a wrong answer to the others' queries
    rate: float = 0.01
    scale: float = 12.0  # of the cosines: a higher one clings to the words of law, a lower one blurs
    question_share: float = 0.15  # of a batch
    rivals: int = 1  # passages that share a question's words and do not answer it, for each question of a batch
    pieces: int = 24_000
    dimension: int = 256


def train(
    inputs: Sequence[Path],
    output: Path,
    recipe: Recipe | None = None,
    *,
    questions: Path = QUESTIONS,
    own: OwnQuestions | None = None,
    report: Report = lambda phase, done, total: None,
) -> Figures:
    """Read files and folders, train, write the model's folder, and return what its card states.

    `questions` is the folder of the bank, `own` are further questions, a home's. Raises TrainingError where there is
    nothing to learn from, or where `output` is something else than a model.
    """
    start = time.perf_counter()
    recipe = recipe or Recipe()
    if output.exists() and not (output / "modules.json").is_file():
        raise TrainingError(f"{output} is there and is no model: name another folder with --output.")
    files = [_readable(found) for path in inputs for found in walk(path)]
    lists = [questions / name for name in FOLDERS] + ([own.file] if own else [])
    asked = [_readable(found) for path in lists if path.exists() for found in walk(path)]
    report("read", 0, None)
    bank = own.bank(load_bank(questions)) if own else load_bank(questions)
    passages = bank.attach([passage for file in files for passage in _passages(file)])
    report("pieces", 0, None)
    tokenizer = learn_tokenizer(list(texts_of(passages)), recipe.pieces)
    examples = examples_of(passages, tokenizer)
    if len(examples) < _FEWEST:
        raise TrainingError("There are too few texts to learn from: name the statutes with --statutes or --laws.")
    taught, held_out = _held_out(examples, recipe.seed)
    table, scales = _one_byte(_learn(taught, tokenizer, recipe, report))
    figures = Figures(
        inputs={file.source: sha256(file.path.read_bytes()).hexdigest() for file in [*files, *asked]},
        passages=len(passages),
        questions=sum(len(passage.questions) for passage in passages),
        pieces=len(table),
        dimension=recipe.dimension,
        seed=recipe.seed,
        steps=recipe.steps,
        batch=recipe.batch,
        rivals=recipe.rivals,
        held_out=len(held_out),
        found=_found(held_out, table * scales[:, None], recipe.seed) if held_out else None,
        trained=datetime.now(UTC),
        seconds=time.perf_counter() - start,
    )
    _write(output, tokenizer, table, scales, model_card(figures))
    return figures


def _readable(found: SourceFile | Failure) -> SourceFile:
    if isinstance(found, Failure):
        raise TrainingError(f"{found.source} {found.reason}: mend it or leave it out.")
    return found


def _passages(file: SourceFile) -> Iterator[Passage]:
    for document in iter_documents(file):
        if isinstance(document, Failure):
            raise TrainingError(f"{document.source} {document.reason}: mend it or leave it out.")
        yield from split(document)


def _held_out(examples: list[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Return what to learn from and what to judge by; what has questions is too precious to be held out."""
    able = [place for place, example in enumerate(examples) if not example.questions and len(example.clauses) > 1]
    chosen = np.random.default_rng(seed).permutation(able)[: min(_HELD_OUT, len(able) // 10)]
    apart = set(chosen.tolist())
    return [example for place, example in enumerate(examples) if place not in apart], [examples[i] for i in chosen]


def _learn(examples: list[Example], tokenizer: Tokenizer, recipe: Recipe, report: Report) -> Vectors:
    """Return float32[pieces, dimension], by which each query is nearer to its passage than to the batch's others."""
    torch.set_num_threads(1)  # two are a fifth faster while nothing else runs, and four times as much work otherwise
    if recipe.rivals:
        report("rivals", 0, None)
    rivals = rivals_of(examples) if recipe.rivals else None
    sampler = PairSampler(examples, recipe.batch, recipe.question_share, recipe.seed, rivals, recipe.rivals)
    shape = (tokenizer.get_vocab_size(), recipe.dimension)
    first = torch.randn(shape, generator=torch.Generator().manual_seed(recipe.seed)) * _SPREAD
    module = StaticEmbedding(tokenizer, embedding_weights=first)
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    loss = MultipleNegativesRankingLoss(
        model, recipe.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / _WARM_UP, 1.0) * (1 - step / recipe.steps)
    )
    for step in range(recipe.steps):
        batch = sampler.batch()
        columns = [*zip(*batch.pairs, strict=True), *([batch.rivals] if batch.rivals else [])]
        optimizer.zero_grad()
        loss([_features(column) for column in columns], None).backward()
        optimizer.step()
        schedule.step()
        report("learn", step + 1, recipe.steps)
    vectors: Vectors = module.embedding.weight.detach().numpy()
    return vectors


def _features(texts: Sequence[Ids]) -> dict[str, torch.Tensor]:
    """Return what a StaticEmbedding reads: all tokens in a row, and where each text begins."""
    return {
        "input_ids": torch.from_numpy(np.concatenate(texts).astype(np.int64)),
        "offsets": torch.from_numpy(np.cumsum([0, *(len(text) for text in texts[:-1])])),
    }


def _one_byte(vectors: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """Return int8[n, d] and float32[n] whose product is within half a step of `vectors`: a quarter of the download."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / 127
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _found(examples: list[Example], vectors: Vectors, seed: int) -> float:
    """Return the share of examples whose cut-out clauses find their own passage first among all of them."""
    queries, passages = zip(*PairSampler(examples, len(examples), 0.0, seed).every(), strict=True)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(vectors), mode="mean")
    asked, there = (normalize(bag(*_features(texts).values())) for texts in (queries, passages))
    return float(((asked @ there.T).argmax(dim=1) == torch.arange(len(queries))).float().mean())


def _write(output: Path, tokenizer: Tokenizer, table: NDArray[np.int8], scales: Vectors, card: str) -> None:
    """Write the folder beside `output` first, so that a model is there whole or not at all."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as scratch:
        folder = Path(scratch) / output.name
        module = StaticEmbedding(tokenizer, embedding_weights=table * scales[:, None])
        SentenceTransformer(modules=[module, Normalize()], device="cpu").save(str(folder), create_model_card=False)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        # Not as safetensors' own save_file does, which leaves the file to its owner alone.
        (folder / "model.safetensors").unlink()
        (folder / "model.safetensors").write_bytes(save({"embeddings": table, "weights": scales}))
        (folder / "README.md").write_text(card, encoding="utf-8")
        if output.exists():
            shutil.rmtree(output)
        folder.rename(output)
