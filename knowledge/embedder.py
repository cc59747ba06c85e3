"""Turn texts into vectors: the built-in model with tokenizers and numpy alone, any other through sentence-transformers.

sentence-transformers takes seconds and 400 MB to import, which a bot that only embeds questions need not pay: the
built-in model is a static one, a table of token vectors whose mean is the text's vector, and numpy reads its folder.
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from knowledge.errors import NiangjiaError

BUILT_IN = Path(__file__).parent / "encoder"
BATCH = 256  # texts that are cut into tokens at once

Vectors = NDArray[np.float32]


class EmbedderError(NiangjiaError):
    """Say which model cannot be opened and what to do."""


class Embedder(Protocol):
    """Give texts of like meaning vectors of high cosine."""

    @property
    def name(self) -> str:
        """Return what an index is stamped with: only vectors of equal names may be compared."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32[n, dimension], rows of unit length; a text without any token gives zeros."""

    def embed_query(self, text: str) -> Vectors:
        """Return float32[dimension] of a question, which some models embed otherwise than a passage."""


def open_embedder(model: str | None = None) -> Embedder:
    """Open the built-in model, or the sentence-transformers model of that name or path.

    Raises EmbedderError where there is no such model.
    """
    return StaticEmbedder(BUILT_IN) if model is None else TransformerEmbedder(model)


class StaticEmbedder:
    """Read a StaticEmbedding folder as sentence-transformers does, to within 1e-5 of its vectors."""

    def __init__(self, folder: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tensors = load_file(folder / "model.safetensors")
        except Exception as error:  # tokenizers raises nothing narrower
            raise EmbedderError(f"{folder} holds no readable model: train one with `niangjia train`.") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if "embedding.weight" in tensors:
            self._table = tensors["embedding.weight"]
            self._scales = np.ones(len(self._table), np.float32)
        else:  # one byte a number, and what to multiply each token's with
            self._table, self._scales = tensors["embeddings"], tensors["weights"].astype(np.float32)
        self.name = _stamp(folder)
        self.dimension = int(self._table.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32[n, dimension], rows of unit length; a text without any token gives zeros."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), BATCH):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + BATCH]), add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                ids = encoding.ids
                vectors[row] = self._scales[ids] @ self._table[ids]  # their sum, of one direction with their mean
        return _unit(vectors)

    def embed_query(self, text: str) -> Vectors:
        """Return float32[dimension] of a question."""
        vector: Vectors = self.embed([text])[0]
        return vector


class TransformerEmbedder:
    """Serve any sentence-transformers model, with its own prompts for questions and passages."""

    def __init__(self, model: str) -> None:
        folder = Path(model).expanduser()
        local = folder.is_dir()
        if local:  # or the hub is asked for what the folder may lack; read when huggingface_hub is imported
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer  # late: seconds and 400 MB

        try:
            self._model = SentenceTransformer(str(folder) if local else model, local_files_only=local)
        except Exception as error:  # each kind of model raises its own
            raise EmbedderError(
                f"The embedding model {model!r} cannot be opened: "
                "set EMBEDDING_MODEL to a sentence-transformers model or folder, or leave it empty."
            ) from error
        self.name = _stamp(folder) if local else model
        self.dimension = int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32[n, dimension], rows of unit length."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._model.encode_document(list(texts), normalize_embeddings=True), np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return float32[dimension] of a question, with the model's prompt for questions if it has one."""
        return np.asarray(self._model.encode_query(text, normalize_embeddings=True), np.float32)


def _unit(vectors: Vectors) -> Vectors:
    """Return the rows at unit length; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, norms, out=vectors, where=norms > 0)
    return unit


def _stamp(folder: Path) -> str:
    """Return the folder's name and a hash of all that its vectors depend on: every file but its prose."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return f"{folder.resolve().name}@{digest.hexdigest()[:16]}"
