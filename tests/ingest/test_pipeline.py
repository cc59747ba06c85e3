import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest.lock import LockedError, writer_lock
from ingest.pipeline import IngestError, Verdict
from ingest.result import Counts
from knowledge.bank import Bank
from knowledge.generation import Generation, Generations
from knowledge.organizations import OwnEntries, load_organizations, own_file, regions_with, write_own
from knowledge.regions import Region
from knowledge.superseded import Superseded
from tests.fakes import HashingEmbedder
from tests.library import DOCUMENTS, STATION, index, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "lib")


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def test_a_document_may_hold_in_the_regions_of_the_home_and_in_no_others(
    home: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    folder = tmp_path / "lib"
    folder.mkdir()
    text = "---\nkind: service\nregions: [黄石]\n---\n# 团城山驿站\n\n## 几点开门\n\n团城山驿站每天八点开门。\n"
    (folder / "a.md").write_text(text, "utf8")
    with pytest.raises(IngestError, match="names the region 黄石"):
        index(home, folder, embedder)
    write_own(own_file(home), OwnEntries(regions=(Region("黄石", letters="HS"),)))
    assert index(home, folder, embedder, regions=regions_with(load_organizations(home=home))).counts.added == 1


def test_the_first_ingest_adds_everything(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    result = index(home, folder, embedder)
    assert result.counts == Counts(added=3)
    assert result.failures == {}
    assert result.built
    assert result.generation == Generations(home).current()
    assert result.embedded == result.passages == len(embedder.embedded)
    assert {"read", "keyword", "embed", "chroma"} <= set(result.seconds)


def test_an_unchanged_corpus_makes_no_new_generation(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    first = index(home, folder, embedder)
    again = index(home, folder, embedder)
    assert (again.generation, again.built, again.counts) == (first.generation, False, Counts(unchanged=3))
    assert len(Generations(home).manifests()) == 1


def test_only_what_is_new_is_embedded(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    index(home, folder, embedder)
    embedder.embedded.clear()
    (folder / "guides" / "高温.md").unlink()
    write(
        folder,
        {"guides/驿站.md": STATION + "\n## 几点关门\n\n冬天晚上八点关门。\n", "guides/新.md": "# 新\n\n新的。\n"},
    )
    result = index(home, folder, embedder)
    assert result.counts == Counts(added=1, changed=1, unchanged=1, removed=1)
    assert sorted(text.split("\n")[-1] for text in embedder.embedded) == ["冬天晚上八点关门。", "新的。"]
    generation = Generations(home).open(embedder)
    expected = HashingEmbedder().embed(
        [text for text in embedder.embedded if "关门" in text],
    )
    row = next(r for r in range(result.passages) if "关门" in generation.passage(r).text)
    assert np.allclose(generation.vectors[row], expected[0])
    kept = next(r for r in range(result.passages) if "歇脚" in generation.passage(r).text)
    assert generation.vectors[kept].any()
    generation.close()


def test_a_removed_clause_cannot_be_found_any_more(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    index(home, folder, embedder)
    (folder / "guides" / "高温.md").unlink()
    index(home, folder, embedder)
    Generations(home).prune(keep=1)
    held = b"".join(path.read_bytes() for path in Generations(home).folder.rglob("*") if path.is_file())
    assert "高温津贴".encode() not in held
    assert "歇脚喝水".encode() in held


def test_another_model_embeds_everything_anew(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    index(home, folder, embedder)
    other = HashingEmbedder("other", 32)
    result = index(home, folder, other)
    assert result.counts == Counts(unchanged=3)
    assert result.built
    assert result.embedded == result.passages
    Generations(home).open(other).close()


def test_another_list_of_replaced_acts_builds_anew(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    index(home, folder, embedder)
    assert index(home, folder, embedder, superseded=Superseded([])).built


def test_an_empty_bank_is_no_bank_rather_than_ours(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    articles = "\n\n".join(f"第{n}条 订立书面劳动合同。" for n in "一二三四五六七八九十")
    act = f"# 中华人民共和国劳动合同法\n\n2012年12月28日 公布\n\n{articles}\n"
    write(folder, {"laws/劳动合同法(2012-12-28).md": act})
    index(home, folder, embedder)
    asked = Generations(home).open(embedder)
    index(home, folder, embedder, bank=Bank([]))
    unasked = Generations(home).open(embedder)
    assert asked.manifest.questions > 0
    assert unasked.manifest.questions == 0
    asked.close()
    unasked.close()


def test_a_damaged_index_is_built_anew(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    first = str(index(home, folder, embedder).generation)
    (Generations(home).folder / first / "vectors.npy").write_bytes(b"damaged")
    assert index(home, folder, embedder).built
    Generations(home).open(embedder).close()


def test_a_dry_run_counts_and_writes_nothing(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    assert index(home, folder, embedder, dry_run=True).counts == Counts(added=3)
    assert not Generations(home).folder.exists()
    first = index(home, folder, embedder).generation
    write(folder, {"guides/新.md": "# 新\n\n新的。\n"})
    result = index(home, folder, embedder, dry_run=True)
    assert (result.counts, result.built, result.generation) == (Counts(added=1, unchanged=3), False, None)
    assert Generations(home).current() == first


def test_a_bad_file_is_told_while_the_others_go_in(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    (folder / "empty.txt").write_bytes(b"")
    result = index(home, folder, embedder)
    assert result.counts == Counts(added=3)
    assert list(result.failures) == ["lib/empty.txt"]
    again = index(home, folder, embedder)
    assert (again.built, again.failures) == (False, result.failures)


def test_bad_lines_of_records_are_told_by_number(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    record = {"id": 1, "law": "甲法", "article": "第一条", "text": "甲乙丙丁。"}
    (folder / "a.jsonl").write_text(f"{json.dumps(record)}\nnot json\n", "utf8")
    result = index(home, folder, embedder)
    assert result.counts.added == 4
    assert "line 2" in result.failures["lib/a.jsonl"]


def test_the_same_document_twice_goes_in_once_and_is_told(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    write(folder, {"guides/驿站副本.md": STATION})
    result = index(home, folder, embedder)
    assert result.counts == Counts(added=3)
    assert any("驿站" in warning and "same document" in warning for warning in result.warnings)


def test_a_source_may_not_shrink_by_accident(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    first = index(home, folder, embedder).generation
    write(folder, {"guides/驿站.md": STATION[: STATION.index("## 在哪里")]})
    with pytest.raises(IngestError, match=r"驿站\.md \(from 2 to 1\).*still serves.*--allow-shrink"):
        index(home, folder, embedder)
    assert Generations(home).current() == first
    assert index(home, folder, embedder, allow_shrink=True).counts == Counts(changed=1, unchanged=2)


def test_a_file_that_broke_counts_as_shrunk(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    index(home, folder, embedder)
    (folder / "guides" / "驿站.md").write_bytes(b"")
    with pytest.raises(IngestError, match="to 0"):
        index(home, folder, embedder)


def test_an_empty_result_never_replaces_a_good_index(
    tmp_path: Path, home: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    first = index(home, folder, embedder).generation
    (tmp_path / "nothing").mkdir()
    with pytest.raises(IngestError, match=r"no text.*still serves"):
        index(home, tmp_path / "nothing", embedder, allow_shrink=True)
    assert Generations(home).current() == first


def test_a_judge_can_keep_a_generation_from_serving(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    first = index(home, folder, embedder).generation
    write(folder, {"guides/新.md": "# 新\n\n新的。\n"})

    def judge(generation: Generation) -> Verdict:
        return Verdict(generation.manifest.documents < 4, "it knows too much")

    with pytest.raises(IngestError, match="it knows too much"):
        index(home, folder, embedder, judge=judge)
    known = Generations(home)
    assert known.current() == first
    assert [manifest.id for manifest in known.manifests()] == [first]


def test_a_second_ingest_says_who_holds_the_lock(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    with (
        writer_lock(Generations(home).folder),
        pytest.raises(LockedError, match=rf"process {os.getpid()} on .* since 20"),
    ):
        index(home, folder, embedder)
    assert index(home, folder, embedder).built


CHILD = """
import os, signal, sys
from pathlib import Path
from tests.fakes import HashingEmbedder
from tests.library import index

class Dying(HashingEmbedder):
    def embed(self, texts):
        {act}
        return super().embed(texts)

index(Path(sys.argv[1]), Path(sys.argv[2]), Dying())
"""


def run_child(act: str, home: Path, folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", before + CHILD.format(act=act), str(home), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_killed_half_way_the_old_index_serves_and_the_next_run_cleans_up(
    home: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    first = index(home, folder, embedder).generation
    write(folder, {"guides/新.md": "# 新\n\n新的。\n"})
    assert run_child("os.kill(os.getpid(), signal.SIGKILL)", home, folder).returncode == -signal.SIGKILL
    known = Generations(home)
    assert known.current() == first
    assert list(known.folder.glob(".building-*"))
    known.open(embedder).close()
    assert index(home, folder, embedder).counts == Counts(added=1, unchanged=3)
    assert not list(known.folder.glob(".building-*"))
    assert len(list(known.folder.glob("*/manifest.json"))) == 2


def test_a_full_disk_is_told_and_the_old_index_serves(home: Path, folder: Path, embedder: HashingEmbedder) -> None:
    first = index(home, folder, embedder).generation
    write(folder, {"guides/新.md": "# 新\n\n" + "".join(f"## {n}\n\n第{n}段。\n\n" for n in range(300))})
    # No file may grow past 32 KB: the write fails as on a full disk, instead of by a signal.
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 32768))\n"
    )
    done = run_child("pass", home, folder, limit)
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "still serves" in done.stderr
    known = Generations(home)
    assert known.current() == first
    assert [path.name for path in known.folder.iterdir() if path.is_dir()] == [first]
    assert index(home, folder, embedder).counts == Counts(added=1, unchanged=3)


def test_the_names_of_documents_are_those_below_the_ingested_folder(
    home: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    index(home, folder, embedder)
    manifest = Generations(home).current_manifest()
    assert manifest is not None
    assert set(manifest.files) == {f"lib/{name}" for name in DOCUMENTS}
    assert sum(entry.passages for entry in manifest.files.values()) == manifest.passages
