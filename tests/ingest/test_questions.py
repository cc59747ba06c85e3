"""A home's own questions: how they come, who approves them, and that documents are then found by them."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from ingest import cli
from ingest.questions.sheet import read_sheet
from ingest.questions.store import OwnQuestion, OwnQuestions, QuestionsError, Standing
from ingest.questions.writing import unasked, usable, write_questions
from knowledge.bank import load_bank
from knowledge.embedder import open_embedder
from knowledge.errors import NiangjiaError
from knowledge.generation import Generations
from knowledge.model import Passage
from knowledge.spreadsheet import SpreadsheetError
from tests.library import CARE, DOCUMENTS, write

TODAY = date(2026, 11, 21)
FRONT = CARE.replace("title: 高温津贴", "title: 高温津贴\nquestions: [天热发钱吗]")


class Writing:
    """Asks of a passage what its first words suggest; fails where it is told to."""

    name = "a writing model"

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[Passage] = []
        self._fails = fails

    async def ask(self, passage: Passage) -> list[str]:
        self.asked.append(passage)
        if self._fails:
            raise NiangjiaError("nothing came")
        return [f"{passage.text[:10]}是怎么规定的？", "想问问本条说的啥"]


class Home:
    """A home and its command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._app = typer.Typer()
        cli.register(self._app)

    def run(self, *words: object, code: int = 0) -> str:
        result = CliRunner().invoke(self._app, [*map(str, words), "--home", str(self.folder)], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    def passages(self) -> list[Passage]:
        generation = Generations(self.folder).open(open_embedder())
        try:
            return list(generation.archive.all_passages())
        finally:
            generation.close()

    def questions_of(self, words: str) -> tuple[str, ...]:
        return next(passage.questions for passage in self.passages() if words in passage.text)

    @property
    def store(self) -> OwnQuestions:
        return OwnQuestions(self.folder)

    async def written(self, writing: Writing) -> list[OwnQuestion]:
        passages = unasked(self.passages(), self.store.all())
        await write_questions(writing, passages, self.store, TODAY, lambda done: None)
        return self.store.all()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    folder = write(tmp_path / "lib", DOCUMENTS | {"guides/高温.md": FRONT})
    home.run("ingest", folder)
    return home


@pytest.fixture
def passages(home: Home) -> list[Passage]:
    return home.passages()


def sheet(folder: Path, *rows: Sequence[object], name: str = "问题.xlsx") -> Path:
    path = folder / name
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8-sig")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        book.save(path)
    return path


# --- spreadsheets ---

HEAD = ("document", "section", "question")


@pytest.mark.parametrize("name", ["问题.xlsx", "问题.csv"])
def test_a_section_is_found_by_the_questions_of_a_spreadsheet(home: Home, tmp_path: Path, name: str) -> None:
    file = sheet(tmp_path, HEAD, ("工会驿站", "谁能用", "送外卖的能进去歇会儿不"), name=name)
    assert "1 questions were added; 0 rows were wrong" in home.run("questions", "add", file)
    assert home.questions_of("歇脚") == ()
    home.run("ingest")
    assert home.questions_of("歇脚") == ("送外卖的能进去歇会儿不",)
    assert home.questions_of("人民路") == ()
    (own,) = home.store.all()
    assert (own.origin, own.standing, own.source) == (name, Standing.APPROVED, "lib/guides/驿站.md")


@pytest.mark.parametrize("article", ["第二条", "第2条", "2"])
@pytest.mark.parametrize("law", ["带薪年休假条例", "《带薪年休假条例》", "中华人民共和国带薪年休假条例"])
def test_an_article_is_named_by_its_act_and_number(
    passages: list[Passage], tmp_path: Path, law: str, article: str
) -> None:
    file = sheet(tmp_path, ("law", "article", "question"), (law, article, "干满一年能歇几天"))
    read = read_sheet(file, passages, [], TODAY)
    assert read.faults == []
    assert [(one.place, one.question) for one in read.questions] == [("第二条", "干满一年能歇几天")]


@pytest.mark.parametrize(
    "called", ["工会驿站", "驿站", "驿站.md", "guides/驿站", "guides/驿站.md", "lib/guides/驿站.md"]
)
def test_a_document_is_known_by_its_title_and_by_its_file(passages: list[Passage], tmp_path: Path, called: str) -> None:
    file = sheet(tmp_path, ("文档", "章节", "问题"), (called, "在哪里", "最近的驿站在哪条路"))
    read = read_sheet(file, passages, [], TODAY)
    assert [one.source for one in read.questions] == ["lib/guides/驿站.md"]


def test_wrong_rows_are_told_by_their_numbers_and_the_others_go_in(home: Home, tmp_path: Path) -> None:
    good = ("工会驿站", "谁能用", "跑外卖的能进吗")
    file = sheet(
        tmp_path,
        HEAD,
        good,
        (),
        ("没有的文档", "谁能用", "能进吗"),
        ("工会驿站", "收费", "收多少钱"),
        ("工会驿站", "", "哪里有"),
        ("工会驿站", "谁能用", ""),
        ("工会驿站", "谁能用", "打13812345678问行不行"),
        ("工会驿站", "谁能用", "问" * 121),
    )
    told = home.run("questions", "add", file, code=1)
    assert "1 questions were added; 6 rows were wrong" in told
    assert "Row 4: the index holds no document called 没有的文档." in told
    assert "Row 5: 工会驿站 has no 收费 (谁能用、在哪里)." in told
    assert "Row 6: 工会驿站 has sections: name one" in told
    assert "Row 7: the question is empty." in told
    assert "Row 8: the question holds a telephone number" in told
    assert "Row 9: the question has 121 characters" in told
    assert [one.question for one in home.store.all()] == [good[2]]


def test_a_mended_sheet_may_come_again(home: Home, tmp_path: Path) -> None:
    row = ("工会驿站", "谁能用", "跑外卖的能进吗")
    home.run("questions", "add", sheet(tmp_path, HEAD, row))
    told = home.run(
        "questions", "add", sheet(tmp_path, HEAD, row, (*row[:2], "跑外卖的能进吗？"), (*row[:2], "环卫呢"))
    )
    assert "1 questions were added" in told
    assert [one.question for one in home.store.all()] == ["跑外卖的能进吗", "环卫呢"]


def test_two_documents_of_one_name_are_told_apart(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    two = {"a/驿站.md": DOCUMENTS["guides/驿站.md"], "b/驿站.md": DOCUMENTS["guides/驿站.md"].replace("全天", "早上")}
    home.run("ingest", write(tmp_path / "lib", two))
    file = sheet(tmp_path, HEAD, ("工会驿站", "谁能用", "谁能进"), ("lib/b/驿站.md", "谁能用", "谁能进去"))
    read = read_sheet(file, home.passages(), [], TODAY)
    assert read.faults == ["Row 2: 工会驿站 may be lib/a/驿站.md or lib/b/驿站.md: write which."]
    assert [one.source for one in read.questions] == ["lib/b/驿站.md"]


def test_a_missing_column_and_a_broken_file_are_named(passages: list[Passage], tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="lacks a column for question"):
        read_sheet(sheet(tmp_path, ("document", "section")), passages, [], TODAY)
    (tmp_path / "broken.xlsx").write_bytes(b"no spreadsheet")
    with pytest.raises(SpreadsheetError, match="save it anew"):
        read_sheet(tmp_path / "broken.xlsx", passages, [], TODAY)


def test_without_an_index_the_next_step_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="run `niangjia ingest` first"):
        Home(tmp_path / "new").run("questions", "add", sheet(tmp_path, HEAD))


# --- questions that a model wrote ---


async def test_only_documents_without_questions_are_asked_about(home: Home) -> None:
    writing = Writing()
    await home.written(writing)
    assert {passage.source for passage in writing.asked} == {
        "lib/guides/驿站.md",
        "lib/laws/带薪年休假条例(2007-12-14).md",
    }


async def test_a_document_with_questions_of_a_spreadsheet_is_not_asked_about(home: Home, tmp_path: Path) -> None:
    home.run("questions", "add", sheet(tmp_path, HEAD, ("工会驿站", "谁能用", "跑外卖的能进吗")))
    home.run("ingest")
    writing = Writing()
    await home.written(writing)
    assert {passage.source for passage in writing.asked} == {"lib/laws/带薪年休假条例(2007-12-14).md"}


async def test_what_is_written_is_indexed_once_it_is_approved(home: Home) -> None:
    own = await home.written(Writing())
    number = next(number for number, one in enumerate(own, 1) if "环卫工人" in one.question)
    home.run("ingest")
    assert home.questions_of("歇脚") == ()
    shown = home.run("questions", "list")
    assert "lib/guides/驿站.md 谁能用" in shown
    assert f"{number}  {own[number - 1].question}" in shown
    home.run("questions", "approve", number)
    home.run("ingest")
    assert home.questions_of("歇脚") == (own[number - 1].question,)
    home.run("questions", "drop", number)
    home.run("ingest")
    assert home.questions_of("歇脚") == ()


async def test_all_that_wait_are_approved_at_once_and_what_was_dropped_stays_so(home: Home) -> None:
    own = await home.written(Writing())
    home.run("questions", "drop", "1", "2-3")
    home.run("questions", "approve", "--all")
    standings = [one.standing for one in home.store.all()]
    assert standings == [Standing.DROPPED] * 3 + [Standing.APPROVED] * (len(own) - 3)
    listed = json.loads(home.run("questions", "list", "--all", "--json"))
    assert [row["number"] for row in listed] == list(range(1, len(own) + 1))
    assert {row["origin"] for row in listed} == {Writing.name}


async def test_nothing_is_asked_twice_but_what_changed(home: Home, tmp_path: Path) -> None:
    await home.written(Writing())
    home.run("questions", "approve", "--all")
    home.run("ingest")
    again = Writing()
    await home.written(again)
    assert again.asked == []
    station = DOCUMENTS["guides/驿站.md"].replace("全天开放", "早上七点开门，晚上九点关门")
    write(tmp_path / "lib", {"guides/驿站.md": station})
    home.run("ingest")
    await home.written(again)
    assert ["早上七点" in passage.text for passage in again.asked] == [True]


async def test_a_question_stays_with_its_words_wherever_they_move(home: Home, tmp_path: Path) -> None:
    await home.written(Writing())
    home.run("questions", "approve", "--all")
    moved = DOCUMENTS["guides/驿站.md"].replace(
        "## 谁能用", "## 开门时间\n\n每天都开，过年也开，具体看门口。\n\n## 谁能用"
    )
    write(tmp_path / "lib", {"guides/驿站.md": moved})
    home.run("ingest")
    assert len(home.questions_of("歇脚")) == 1
    assert home.questions_of("过年也开") == ()


async def test_a_service_out_of_reach_is_told_and_what_came_before_is_kept(home: Home) -> None:
    with pytest.raises(QuestionsError, match="failed 4 times in a row; 0 questions are kept"):
        await home.written(Writing(fails=True))
    assert home.store.all() == []
    assert len(await home.written(Writing())) > 0


def test_what_no_worker_would_ask_is_left_out() -> None:
    questions = [
        " 高温津贴\n一个月多少钱？ ",
        "高温津贴一个月多少钱",  # the same
        "夏天在室外干活有补贴没",  # known already
        "本条规定了什么？",
        "材料里说的津贴是多少",
        "短？",
        "长" * 61,
        "what is this",
        "打13812345678能领津贴吗",
        "津贴找谁领？",
    ]
    assert usable(questions, ["夏天在室外干活有补贴没？"])[0] == "高温津贴 一个月多少钱？"
    assert usable(questions, ["夏天在室外干活有补贴没？"])[1:] == ["津贴找谁领？"]


def test_without_a_model_the_other_ways_are_named_before_the_work(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(QuestionsError, match=r"front matter.*spreadsheet"):
        home.run("ingest", write(tmp_path / "lib"), "--write-questions")
    assert Generations(home.folder).current() is None


# --- the store ---


@pytest.mark.parametrize(("words", "told"), [("99", "no question 99"), ("0", "no question 0"), ("x", "x is no number")])
def test_a_number_that_is_none_changes_nothing(home: Home, tmp_path: Path, words: str, told: str) -> None:
    home.run("questions", "add", sheet(tmp_path, HEAD, ("工会驿站", "谁能用", "跑外卖的能进吗")))
    with pytest.raises(QuestionsError, match=told):
        home.run("questions", "drop", "1", words)
    assert [one.standing for one in home.store.all()] == [Standing.APPROVED]


def test_a_damaged_line_is_named(home: Home) -> None:
    home.store.file.parent.mkdir()
    home.store.file.write_text('{"question": "半条"', "utf8")
    with pytest.raises(QuestionsError, match="line 1 is damaged"):
        home.store.bank()


def test_a_home_without_questions_of_its_own_has_the_shipped_bank(tmp_path: Path) -> None:
    assert OwnQuestions(tmp_path).bank() is load_bank()
