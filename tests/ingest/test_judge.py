import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ingest import cli, console
from ingest.judge import GOLDEN, GoldenJudge
from ingest.pipeline import IngestError
from ingest.splitter import split
from knowledge.generation import Generations
from knowledge.model import Document, Passage
from knowledge.question_set import QuestionSetError
from tests.fakes import HashingEmbedder
from tests.library import index, write

TOPICS = (
    "年休假",
    "高温津贴",
    "加班工资",
    "产假",
    "工伤认定",
    "社会保险",
    "劳动合同",
    "试用期",
    "经济补偿",
    "住房公积金",
)
# The section that answers a topic; spoilt, it says something else, and six sections beside it speak of the topic.
PLAIN = "# 指南{number}\n\n## 怎么办\n\n{topic}的事先向单位提出，不成再找上级。\n"
SPOILT = "# 指南{number}\n\n## 怎么办\n\n这里写的是另一回事，没有别的话。\n\n" + "\n\n".join(
    f"## 旁{side}\n\n{{topic}}有第{side}种说法，都说{{topic}}。" for side in "一二三四五六"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that serves a guide to each topic and has a golden question to each."""
    folder = plain(tmp_path / "lib", TOPICS)
    index(tmp_path / "home", folder, HashingEmbedder())
    golden = [{"document": f"lib/{topic}", "section": "怎么办", "question": f"{topic}如何"} for topic in TOPICS]
    (tmp_path / "home" / GOLDEN).write_text("".join(f"{json.dumps(row)}\n" for row in golden), "utf8")
    return tmp_path / "home"


def plain(folder: Path, topics: Sequence[str]) -> Path:
    """Write guides that answer."""
    return write(folder, {f"{topic}.md": PLAIN.format(topic=topic, number=TOPICS.index(topic)) for topic in topics})


def spoil(folder: Path, topics: Sequence[str]) -> None:
    """Bury the sections that answer under others of the same guides."""
    write(folder, {f"{topic}.md": SPOILT.format(topic=topic, number=TOPICS.index(topic)) for topic in topics})


def test_an_index_that_answers_clearly_worse_does_not_serve_and_says_what_it_lost(home: Path, tmp_path: Path) -> None:
    before = Generations(home).current()
    spoil(tmp_path / "lib", TOPICS[:7])
    judge = GoldenJudge(home, HashingEmbedder())
    with pytest.raises(
        IngestError, match=r"of 10 golden questions it loses 7 .*wins 0.*still serves.*--force"
    ) as caught:
        index(home, tmp_path / "lib", HashingEmbedder(), judge=judge)
    assert all(f"{topic}如何 → lib/{topic} 怎么办" in str(caught.value) for topic in TOPICS[:7])
    assert not any(f"{topic}如何" in str(caught.value) for topic in TOPICS[7:])
    assert Generations(home).current() == before


def test_a_loss_that_chance_may_bring_is_let_pass(home: Path, tmp_path: Path) -> None:
    spoil(tmp_path / "lib", TOPICS[:4])
    result = index(home, tmp_path / "lib", HashingEmbedder(), judge=GoldenJudge(home, HashingEmbedder()))
    assert result.generation == Generations(home).current()
    assert "judge" in result.seconds


def test_what_is_taken_out_on_purpose_is_not_held_against_the_new_index(home: Path, tmp_path: Path) -> None:
    for topic in TOPICS[:7]:
        (tmp_path / "lib" / f"{topic}.md").unlink()
    assert index(home, tmp_path / "lib", HashingEmbedder(), judge=GoldenJudge(home, HashingEmbedder())).built


def test_what_a_file_answered_that_did_not_change_must_not_be_lost(home: Path, tmp_path: Path) -> None:
    """The same files, read by a splitter that leaves half of them out."""

    def forgetful(document: Document) -> list[Passage]:
        whole = split(document)
        if document.source.removeprefix("lib/").removesuffix(".md") not in TOPICS[:7]:
            return whole
        return [replace(passage, path=("别处",)) for passage in whole]

    with pytest.MonkeyPatch.context() as patch, pytest.raises(IngestError, match="it loses 7"):
        patch.setattr("ingest.reading.split", forgetful)
        patch.setattr("ingest.pipeline.SPLITTER_VERSION", "forgetful")
        index(home, tmp_path / "lib", HashingEmbedder(), judge=GoldenJudge(home, HashingEmbedder()))


def test_new_sources_may_come_before_the_old_ones(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "lib", {f"新{topic}.md": SPOILT.format(topic=topic, number="新") for topic in TOPICS})
    assert index(home, tmp_path / "lib", HashingEmbedder(), judge=GoldenJudge(home, HashingEmbedder())).built


def test_what_is_won_makes_up_for_what_is_lost(home: Path, tmp_path: Path) -> None:
    spoil(tmp_path / "lib", TOPICS[5:])
    index(home, tmp_path / "lib", HashingEmbedder())
    plain(tmp_path / "lib", TOPICS[5:])
    spoil(tmp_path / "lib", TOPICS[:5])
    judge = GoldenJudge(home, HashingEmbedder())
    assert index(home, tmp_path / "lib", HashingEmbedder(), allow_shrink=True, judge=judge).built


def test_another_model_has_nothing_to_be_compared_with(home: Path, tmp_path: Path) -> None:
    spoil(tmp_path / "lib", TOPICS)
    other = HashingEmbedder("other")
    assert index(home, tmp_path / "lib", other, judge=GoldenJudge(home, other)).built


def test_the_first_index_is_not_judged(tmp_path: Path) -> None:
    judge = GoldenJudge(tmp_path / "home", HashingEmbedder())
    assert index(tmp_path / "home", write(tmp_path / "lib"), HashingEmbedder(), judge=judge).built


def test_a_wrong_golden_row_stops_the_ingest_and_leaves_the_index(home: Path, tmp_path: Path) -> None:
    before = Generations(home).current()
    (home / GOLDEN).write_text('{"question": "几天"}\n', "utf8")
    write(tmp_path / "lib", {"新.md": "# 新\n\n新的一段。\n"})
    with pytest.raises(QuestionSetError, match=r"golden\.jsonl, line 1"):
        index(home, tmp_path / "lib", HashingEmbedder(), judge=GoldenJudge(home, HashingEmbedder()))
    assert [manifest.id for manifest in Generations(home).manifests()] == [before]


def test_the_command_refuses_unless_it_is_forced_or_told_not_to_judge(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "open_embedder", lambda model: HashingEmbedder())
    app = typer.Typer()
    cli.register(app)

    def run(*words: str) -> str:
        return CliRunner().invoke(app, ["ingest", *words, "--home", str(home)], catch_exceptions=False).output

    before = Generations(home).current()
    spoil(tmp_path / "lib", TOPICS[:7])
    with pytest.raises(IngestError, match="loses 7"):
        run()
    console.refresh(home, None)
    assert Generations(home).current() == before
    assert "serves, built" in run("--force")
    forced = Generations(home).current()
    assert forced != before
    (tmp_path / "lib" / "住房公积金.md").write_text("# 别的\n\n别的一段。\n", "utf8")
    assert "serves, built" in run("--no-judge")


def test_before_serving_a_home_without_any_index_an_ingest_that_fails_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "nothing").mkdir()
    (tmp_path / "home" / "sources.yaml").write_text(f"sources: [{tmp_path / 'nothing'}]\n", "utf8")
    with pytest.raises(IngestError, match="no text"):
        console.refresh(tmp_path / "home", None)
