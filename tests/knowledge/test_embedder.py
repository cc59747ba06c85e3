import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from knowledge.embedder import BUILT_IN, Embedder, EmbedderError, StaticEmbedder, Vectors, open_embedder

TEXTS = [
    "老板拖欠工资怎么办",
    "用人单位拖欠或者未足额支付劳动报酬的，劳动者可以依法向当地人民法院申请支付令。",
    "加班费怎么算？ABC 2024 年 ３ 月",
    "囧",
    "",
    "？！。",
    "劳动合同\n第八十五条",
    "长" * 3000 + "短",
]


@pytest.fixture(scope="module")
def built_in() -> Embedder:
    """Return the model that is shipped."""
    return open_embedder()


def test_the_built_in_model_gives_what_sentence_transformers_gives(built_in: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(BUILT_IN), device="cpu", local_files_only=True).encode(TEXTS)
    ours = built_in.embed(TEXTS)
    assert ours.dtype == theirs.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-5, rtol=0)
    np.testing.assert_allclose([built_in.embed_query(text) for text in TEXTS], theirs, atol=1e-5, rtol=0)


def test_vectors_have_unit_length_and_texts_without_a_word_none(built_in: Embedder) -> None:
    lengths = np.linalg.norm(built_in.embed(TEXTS), axis=1)
    blank = [TEXTS.index(""), TEXTS.index("？！。")]
    np.testing.assert_allclose(np.delete(lengths, blank), 1, atol=1e-6)
    assert not lengths[blank].any()


def test_vectors_do_not_depend_on_what_is_embedded_along(built_in: Embedder) -> None:
    many = [f"{TEXTS[number % len(TEXTS)]}{number}" for number in range(700)]
    alone = np.stack([built_in.embed([text])[0] for text in many])
    np.testing.assert_allclose(built_in.embed(many), alone, atol=1e-6)
    assert built_in.embed([]).shape == (0, built_in.dimension)


def test_the_built_in_model_is_small_and_knows_what_belongs_together(built_in: Embedder) -> None:
    assert sum(path.stat().st_size for path in BUILT_IN.rglob("*") if path.is_file()) <= 32 * 2**20
    asked, answer, other = built_in.embed(["老板不发钱", "用人单位拖欠劳动报酬", "船舶在港口靠泊"])
    assert asked @ answer > asked @ other + 0.1


def test_serving_the_built_in_model_imports_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from knowledge.embedder import open_embedder; open_embedder().embed_query('工资');"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_name_follows_what_vectors_depend_on_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    _static(folder, ["工资", "休假"], np.eye(2, 4, dtype=np.float32))
    before = StaticEmbedder(folder).name
    (folder / "README.md").write_text("Reworded.", "utf8")
    assert StaticEmbedder(folder).name == before
    _static(folder, ["工资", "休假"], 2 * np.eye(2, 4, dtype=np.float32))
    assert StaticEmbedder(folder).name != before


def test_a_static_model_in_plain_floats_is_served_too(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    _static(folder, ["工资", "休假"], np.array([[3, 4], [0, 1]], np.float32))
    vectors = StaticEmbedder(folder).embed(["工资", "休假 休假"])
    np.testing.assert_allclose(vectors, np.array([[0.6, 0.8], [0, 1]], np.float32))


def _static(folder: Path, words: list[str], table: Vectors) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token=words[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table), Normalize()]).save(str(folder))


def test_a_folder_without_a_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="niangjia train"):
        StaticEmbedder(tmp_path)
    with pytest.raises(EmbedderError, match="EMBEDDING_MODEL"):
        open_embedder(str(tmp_path))


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small untrained transformer with a prompt for questions, made without any network."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    raw = tmp_path_factory.mktemp("bert")
    (raw / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"问：工资怎么办休假"]), "utf8"
    )
    BertTokenizer(vocab=str(raw / "vocab.txt")).save_pretrained(raw)
    config = BertConfig(vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(config).save_pretrained(raw)
    module = Transformer(str(raw))
    model = SentenceTransformer(modules=[module, Pooling(16)], prompts={"query": "问：", "document": ""}, device="cpu")
    folder = tmp_path_factory.mktemp("transformers") / "small"
    model.save(str(folder))
    return folder


def test_any_other_sentence_transformers_model_is_served_with_its_prompts(transformer: Path) -> None:
    embedder = open_embedder(str(transformer))
    passages = embedder.embed(["工资怎么办", "问：工资怎么办", "休假"])
    assert passages.shape == (3, embedder.dimension) == (3, 16)
    assert passages.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(embedder.embed_query("工资怎么办"), passages[1], atol=1e-5)
    assert not np.allclose(passages[0], passages[1], atol=1e-3)
    assert embedder.embed([]).shape == (0, 16)


def test_a_local_model_is_stamped_with_its_content(transformer: Path) -> None:
    name = open_embedder(str(transformer)).name
    assert name.startswith("small@")
    settings = transformer / "config_sentence_transformers.json"
    settings.write_text(json.dumps(json.loads(settings.read_text("utf8")) | {"prompts": {"query": "答："}}), "utf8")
    assert open_embedder(str(transformer)).name != name
