from pathlib import Path

import pytest

from ingest.judge import GOLDEN, GoldenJudge
from knowledge.archive import Archive
from knowledge.difference import difference
from knowledge.generation import GenerationError, Generations
from knowledge.review import ReviewError, load_review
from tests.fakes import HashingEmbedder
from tests.library import CARE, DOCUMENTS, STATION, index, write

HEATING = """---
title: 取暖补贴
regions: [随州]
expires: 2027-03-01
---

## 怎么领

冬天按月发取暖补贴。
"""
GOLDEN_ROWS = """{"document": "取暖补贴", "question": "取暖补贴怎么领"}
{"document": "高温津贴", "question": "高温津贴怎么领"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that serves three documents, of which one is changed, one taken away and one put beside."""
    folder = write(tmp_path / "lib")
    index(tmp_path / "home", folder, HashingEmbedder())
    (tmp_path / "home" / GOLDEN).write_text(GOLDEN_ROWS, "utf8")
    (folder / "guides/驿站.md").unlink()
    write(folder, {"guides/高温.md": CARE.replace("按月", "按天"), "guides/取暖.md": HEATING})
    return tmp_path / "home"


def built(home: Path, *, serve: bool = False) -> str:
    judge = GoldenJudge(home, HashingEmbedder(), reviewing=True)
    result = index(home, home.parent / "lib", HashingEmbedder(), judge=judge, serve=serve)
    assert result.generation
    return result.generation


def test_a_difference_names_each_document_that_came_went_or_changed(home: Path) -> None:
    built(home, serve=True)
    after, before = Generations(home).manifests()
    found = difference(Generations(home), before, after)
    assert (found.added, found.changed) == ((("lib/guides/取暖.md", None),), (("lib/guides/高温.md", None),))
    assert (found.removed, found.unchanged) == ((("lib/guides/驿站.md", None),), 1)
    assert (found.passages_before, found.passages_after) == (before.passages, after.passages)


def test_a_damaged_generation_is_told(home: Path) -> None:
    generations = Generations(home)
    (serving,) = generations.manifests()
    (generations.folder / serving.id / "texts.sqlite3").write_bytes(b"broken")
    with pytest.raises(GenerationError, match="damaged"):
        difference(generations, serving, serving)


def test_what_lies_ready_serves_only_once_somebody_switches_to_it(home: Path) -> None:
    generations, before = Generations(home), Generations(home).current()
    ready = built(home)
    assert (generations.current(), generations.waiting()) == (before, ready)
    generations.switch(ready)
    assert (generations.current(), generations.waiting()) == (ready, None)
    assert generations.rollback() == before


def test_nobody_goes_back_to_what_never_served_and_the_next_one_takes_its_place(home: Path) -> None:
    generations, first = Generations(home), Generations(home).current()
    unfit = built(home)
    write(home.parent / "lib", {"guides/驿站.md": STATION})
    better = built(home)
    assert [manifest.id for manifest in generations.manifests()] == [better, first]
    assert unfit != better
    generations.switch(better)
    write(home.parent / "lib", {"guides/高温.md": CARE})
    built(home)
    assert generations.rollback() == first


def test_an_index_that_serves_at_once_leaves_nothing_lying_ready(home: Path) -> None:
    ready = built(home)
    write(home.parent / "lib", {"guides/驿站.md": STATION})
    built(home, serve=True)
    assert Generations(home).waiting() is None
    assert ready not in [manifest.id for manifest in Generations(home).manifests()]


def test_a_review_tells_what_is_found_before_and_after_by_name(home: Path) -> None:
    before = Generations(home).current()
    review = load_review(Generations(home).folder / built(home))
    assert review and review.against == before and review.accepted
    assert review.won == ("取暖补贴怎么领 → 取暖补贴",)
    assert (review.asked, review.before, review.after, review.lost) == (2, 1, 2, ())


def test_a_generation_without_a_review_has_none_and_a_broken_one_is_told(home: Path) -> None:
    (serving,) = Generations(home).manifests()
    folder = Generations(home).folder / serving.id
    assert load_review(folder) is None
    (folder / "review.json").write_text("{}")
    with pytest.raises(ReviewError, match="delete it"):
        load_review(folder)


def test_outlines_say_of_every_document_what_it_states(home: Path) -> None:
    built(home, serve=True)
    newest = Generations(home).manifests()[0]
    folder = Generations(home).folder / newest.id
    archive = Archive(folder / "texts.sqlite3", newest.passages)
    outlines = {outline.source: outline for outline in archive.outlines()}
    assert set(outlines) == {
        "lib/guides/取暖.md",
        "lib/guides/高温.md",
        *(f"lib/{name}" for name in list(DOCUMENTS)[:1]),
    }
    heating, whole = outlines["lib/guides/取暖.md"], archive.document("lib/guides/取暖.md")
    assert whole is not None
    assert (heating.title, heating.kind, heating.regions, heating.validity, heating.warnings) == (
        *(whole.title, whole.kind, ("随州",), whole.validity, whole.warnings),
    )
    assert outlines["lib/laws/带薪年休假条例(2007-12-14).md"].law == "带薪年休假条例"
    archive.close()
