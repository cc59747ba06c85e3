"""Papers on the shelf, and kills between any two of the files that a step writes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.desk.knowledge.shelf as shelves
from bot.desk.knowledge.shelf import APPROVED, MovedOnError, OwnDraftError, Paper, Shelf, digest_of
from knowledge.files import put

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone."""


def kill_before(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die before the step that changes a file for the time `moment`, counted from 0."""
    left = [moment]

    def dying(step: Callable[..., object]) -> Callable[..., object]:
        def change(*args: object, **how: object) -> object:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return step(*args, **how)

        return change

    monkeypatch.setattr(shelves, "put", dying(put))
    monkeypatch.setattr(Path, "replace", dying(Path.replace))
    monkeypatch.setattr(Path, "unlink", dying(Path.unlink))


def approved(shelf: Shelf, text: str, paper_id: str | None = None) -> Paper:
    paper = shelf.write(text, "标题", by="a", at=NOW, paper_id=paper_id)
    return shelf.approve(paper.id, digest_of(text), by="b", at=NOW)


def files(folder: Path) -> dict[str, str]:
    """Return the texts that lie there, by the folder each is in."""
    return {file.parent.name: file.read_text("utf8") for file in folder.glob("*/[!.]*.md")}


# A step over whole files renames two or three times: `put` and the plain renames are counted together.
@pytest.mark.parametrize("moment", range(8))
def test_an_approval_that_is_cut_short_is_whole_or_not_there_after_the_next_start(tmp_path: Path, moment: int) -> None:
    paper = approved(Shelf(tmp_path), "第一版")
    Shelf(tmp_path).write("第二版", "标题", by="a", at=NOW, paper_id=paper.id)
    with pytest.MonkeyPatch.context() as patch:
        kill_before(moment, patch)
        with suppress(Killed):
            Shelf(tmp_path).approve(paper.id, digest_of("第二版"), by="b", at=NOW)
    shelf = Shelf(tmp_path)
    held = shelf.paper(paper.id)
    assert held is not None
    if held.draft:
        assert files(tmp_path) == {APPROVED: "第一版", "drafts": "第二版"}
    else:
        assert files(tmp_path) == {APPROVED: "第二版", "retired": "第一版"}
    assert all(shelf.text(held, version) for version in held.versions)


@pytest.mark.parametrize("moment", range(6))
def test_a_retirement_that_is_cut_short_is_whole_or_not_there_after_the_next_start(tmp_path: Path, moment: int) -> None:
    paper = approved(Shelf(tmp_path), "第一版")
    with pytest.MonkeyPatch.context() as patch:
        kill_before(moment, patch)
        with suppress(Killed):
            Shelf(tmp_path).retire(paper.id, by="b", at=NOW)
    held = Shelf(tmp_path).paper(paper.id)
    assert held is not None
    assert files(tmp_path) == ({APPROVED: "第一版"} if held.approved else {"retired": "第一版"})


@pytest.mark.parametrize("moment", range(8))
def test_nobody_approves_their_own_words_after_a_writing_that_was_cut_short(tmp_path: Path, moment: int) -> None:
    paper = Shelf(tmp_path).write("甲的草稿", "标题", by="a", at=NOW)
    with pytest.MonkeyPatch.context() as patch:
        kill_before(moment, patch)
        with suppress(Killed):
            Shelf(tmp_path).write("乙改过", "标题", by="b", at=NOW, paper_id=paper.id)
    shelf = Shelf(tmp_path)
    held = shelf.paper(paper.id)
    assert held is not None
    assert held.draft is not None
    text = shelf.text(held, held.draft)
    assert digest_of(text) == held.draft.digest
    if text == "乙改过":
        with pytest.raises(OwnDraftError):
            shelf.approve(paper.id, held.draft.digest, by="b", at=NOW)
    assert shelf.approve(paper.id, held.draft.digest, by="c", at=NOW).approved is not None


def test_a_draft_whose_text_never_came_is_no_paper(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        kill_before(2, patch)  # the register lies there, its text not yet
        with pytest.raises(Killed):
            Shelf(tmp_path).write("草稿", "标题", by="a", at=NOW)
    assert len(list(tmp_path.glob("register/*.json"))) == 1
    assert Shelf(tmp_path).papers() == []


def test_a_text_that_was_changed_by_hand_is_not_let_in_unread(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    paper = shelf.write("看过的", "标题", by="a", at=NOW)
    (tmp_path / "drafts" / f"{paper.id}.md").write_text("没看过的", "utf8")
    with pytest.raises(MovedOnError):
        shelf.approve(paper.id, digest_of("看过的"), by="b", at=NOW)


def test_a_register_that_cannot_be_read_keeps_no_other_paper_from_being_finished(tmp_path: Path) -> None:
    paper = approved(Shelf(tmp_path), "第一版")
    (tmp_path / "register" / "00000000.json").write_text("{", "utf8")
    (tmp_path / APPROVED / f"{paper.id}.md").replace(tmp_path / "drafts" / f"{paper.id}.md")
    Shelf(tmp_path)
    assert files(tmp_path) == {APPROVED: "第一版"}
