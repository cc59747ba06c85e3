"""Small untrained models that tests make themselves, without any network."""

from pathlib import Path


def cross_encoder(folder: Path, characters: str, *, labels: int | None = 1) -> Path:
    """Write a CrossEncoder of one layer that knows these characters; without labels, a BERT that grades nothing."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(characters.split())))]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        initializer_range=0.5,  # or all its grades would be much alike
    )
    config.num_labels = labels or 1
    with torch.random.fork_rng():
        torch.manual_seed(7)
        (BertForSequenceClassification if labels else BertModel)(config).save_pretrained(folder)
    return folder
