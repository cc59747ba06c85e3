import gzip
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from ingest import cli
from ingest.pairs import PairSampler, examples_of, texts_of
from ingest.pieces import learn_tokenizer
from ingest.questions.store import OwnQuestion, OwnQuestions, Standing
from ingest.readers import read
from ingest.sources import SourceFile, Sources, walk
from ingest.splitter import split
from ingest.train import Recipe, TrainingError, train
from knowledge.embedder import StaticEmbedder, open_embedder
from knowledge.model import Passage

SMALL = Recipe(steps=60, batch=64, dimension=32, pieces=500, rate=0.05)

SUBJECTS = {
    "工资": ("用人单位应当按月支付劳动者工资", "工资应当以货币形式发放", "不得克扣或者拖欠劳动报酬"),
    "休假": ("劳动者连续工作一年以上的享受年休假", "休假天数按累计工作年限计算", "假期里照常发给待遇"),
    "工伤": ("职工发生事故伤害应当申请认定", "伤残等级由鉴定委员会评定", "治疗费用由保险基金支付"),
    "仲裁": ("当事人可以申请调解或者裁决", "仲裁庭应当开庭审理案件", "对裁决不服的可以起诉"),
    "工会": ("职工有权依法参加组织", "代表会议选举主席和委员", "经费由单位按比例拨缴"),
}


def articles(path: Path) -> Path:
    """Write five subjects with twelve articles each."""
    rows = [
        {
            "id": f"{subject}{number}",
            "law": f"{subject}条例",
            "article": f"第{number}条",
            "text": f"{'，'.join(clauses)}，第{number}款另有规定的除外。",
        }
        for subject, clauses in SUBJECTS.items()
        for number in range(12)
    ]
    path.write_bytes(gzip.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()))
    return path


def bank(folder: Path) -> Path:
    (folder / "laws").mkdir(parents=True)
    row = {"law": "工资条例", "article": "第3条", "question": "老板欠薪咋个办"}
    (folder / "laws" / "wages.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf8")
    return folder


def passages(path: Path) -> list[Passage]:
    return [
        passage
        for file in walk(path)
        if isinstance(file, SourceFile)
        for document in read(file)
        for passage in split(document)
    ]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a file of articles and a question bank."""
    folder = tmp_path_factory.mktemp("inputs")
    return articles(folder / "articles.jsonl.gz"), bank(folder / "questions")


@pytest.fixture(scope="module")
def model(inputs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model trained on them."""
    output = tmp_path_factory.mktemp("models") / "model"
    train([inputs[0]], output, SMALL, questions=inputs[1])
    return output


def test_a_model_brings_texts_of_one_subject_together(model: Path) -> None:
    first, second, other = StaticEmbedder(model).embed(["不得拖欠劳动报酬", "按月支付工资", "伤残等级鉴定"])
    assert first @ second > first @ other + 0.3


def test_a_model_learns_what_the_question_bank_says(model: Path) -> None:
    embedder = StaticEmbedder(model)
    laws = embedder.embed([f"{subject}条例\n{'，'.join(clauses)}" for subject, clauses in SUBJECTS.items()])
    assert int((laws @ embedder.embed_query("老板欠薪咋个办")).argmax()) == list(SUBJECTS).index("工资")


def test_a_model_learns_a_homes_own_questions_once_they_are_approved(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    own = OwnQuestions(tmp_path / "home")
    [source] = {passage.source for passage in passages(inputs[0])}
    asked = OwnQuestion("摔断腿咋个算", source, "第5条", "第5条", "", "sheet.xlsx", date(2026, 11, 1), Standing.WAITING)

    def learnt() -> float:
        train([inputs[0]], tmp_path / "model", SMALL, questions=inputs[1], own=own)
        embedder = StaticEmbedder(tmp_path / "model")
        return float(embedder.embed_query(asked.question) @ embedder.embed_query("职工发生事故伤害应当申请认定"))

    own.add([asked])
    before = learnt()
    own.decide([1], Standing.APPROVED)
    assert learnt() > before + 0.2
    assert f"{hashlib.sha256(own.file.read_bytes()).hexdigest()}  " in (tmp_path / "model" / "README.md").read_text()


def test_the_command_trains_on_a_home_and_says_how_to_let_the_model_serve(
    inputs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sources(tmp_path / "home").replace([inputs[0]])
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr("ingest.sources.BUILTIN_FOLDER", tmp_path / "shipped")
    monkeypatch.setattr("ingest.train.Recipe", lambda seed: replace(SMALL, seed=seed, steps=2))
    app = typer.Typer()
    cli.register(app)
    words = ["train", "--home", str(tmp_path / "home"), "--output", str(tmp_path / "model")]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert "trained on 60 passages" in result.output
    assert f"EMBEDDING_MODEL={tmp_path / 'model'}" in result.output
    assert open_embedder(str(tmp_path / "model")).dimension == SMALL.dimension


def test_the_same_seed_gives_the_same_model_and_another_seed_another(
    inputs: tuple[Path, Path], model: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "model", tmp_path / "other" / "model"
    train([inputs[0]], again, SMALL, questions=inputs[1])
    train([inputs[0]], other, Recipe(**{**_fields(SMALL), "seed": 2}), questions=inputs[1])
    assert StaticEmbedder(again).name == StaticEmbedder(model).name
    assert StaticEmbedder(other).name != StaticEmbedder(model).name


def _fields(recipe: Recipe) -> dict[str, int]:
    return {name: getattr(recipe, name) for name in Recipe.__dataclass_fields__}


def test_the_model_card_states_the_hash_of_each_input_and_the_seed(inputs: tuple[Path, Path], model: Path) -> None:
    card = (model / "README.md").read_text("utf8")
    for file in (inputs[0], inputs[1] / "laws" / "wages.jsonl"):
        assert f"{hashlib.sha256(file.read_bytes()).hexdigest()}  " in card
    assert "| seed | 1 |" in card
    assert "| rivals | 1 wrong" in card
    assert "license: mit" in card


def test_guides_alone_are_enough_and_then_nothing_is_held_out(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    for subject, clauses in SUBJECTS.items():
        sections = "".join(f"## {subject}之{number}\n\n{'，'.join(clauses)}，见{number}。\n\n" for number in range(12))
        (tmp_path / "guides" / f"{subject}.md").write_text(f"# {subject}\n\n{sections}", "utf8")
    figures = train([tmp_path / "guides"], tmp_path / "model", SMALL, questions=tmp_path / "none")
    assert (figures.held_out, figures.found) == (0, None)
    assert "not measured" in (tmp_path / "model" / "README.md").read_text("utf8")
    first, second, other = StaticEmbedder(tmp_path / "model").embed(
        ["不得拖欠劳动报酬", "按月支付工资", "伤残等级鉴定"]
    )
    assert first @ second > first @ other + 0.3


def test_training_says_when_there_is_too_little_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# 一\n\n就一句话。\n", "utf8")
    with pytest.raises(TrainingError, match="--statutes"):
        train([tmp_path / "one.md"], tmp_path / "model", SMALL, questions=tmp_path / "none")


def test_training_replaces_no_folder_that_is_not_a_model(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me", "utf8")
    with pytest.raises(TrainingError, match="no model"):
        train([inputs[0]], tmp_path / "letters", SMALL, questions=inputs[1])
    assert (tmp_path / "letters" / "dear.txt").read_text("utf8") == "keep me"


def test_training_replaces_an_older_model(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    train([inputs[0]], tmp_path / "model", SMALL, questions=inputs[1])
    before = StaticEmbedder(tmp_path / "model").name
    train([inputs[0]], tmp_path / "model", Recipe(**{**_fields(SMALL), "steps": 30}), questions=inputs[1])
    assert StaticEmbedder(tmp_path / "model").name != before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_training_stops_at_a_file_that_cannot_be_read(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{no json\n", "utf8")
    with pytest.raises(TrainingError, match="broken"):
        train([inputs[0], broken], tmp_path / "model", SMALL, questions=inputs[1])


def test_pieces_are_the_same_in_another_process(inputs: tuple[Path, Path]) -> None:
    code = (
        "import sys; from ingest.pieces import learn_tokenizer;"
        "print(learn_tokenizer(sys.stdin.read().splitlines(), 300).to_str())"
    )
    texts = [text.replace("\n", " ") for text in texts_of(passages(inputs[0]))]
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            input="\n".join(texts),
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {learn_tokenizer(texts, 300).to_str() + "\n"}


def test_pieces_cut_frequent_pairs_and_know_every_character_they_saw() -> None:
    tokenizer = learn_tokenizer(["拖欠工资的，支付工资。", "工资ＡＢＣ按月支付"] * 10, 40)
    assert tokenizer.encode("拖欠工资，ABC！").tokens == ["拖欠", "工资", "abc"]
    assert tokenizer.encode("资工").tokens == ["资", "工"]
    assert tokenizer.encode("薪").tokens == ["薪"]
    assert tokenizer.encode("薪").ids == [0]


def test_batches_pair_questions_with_their_passage_and_clauses_with_the_rest(inputs: tuple[Path, Path]) -> None:
    found = passages(inputs[0])
    tokenizer = learn_tokenizer(list(texts_of(found)), 500)
    examples = examples_of(found, tokenizer)
    batch = PairSampler(examples, 32, 0.0, seed=3).batch()
    assert len(batch.pairs) > 16
    known = [set(np.concatenate((example.head, *example.clauses)).tolist()) for example in examples]
    assert all(any({*query.tolist(), *rest.tolist()} <= own for own in known) for query, rest in batch.pairs)
    assert len({passage.tobytes() for _, passage in batch.pairs}) > 16
