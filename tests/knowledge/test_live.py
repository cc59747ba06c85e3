import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from knowledge import live
from knowledge.generation import GenerationError, Generations
from knowledge.live import LiveGeneration
from tests.fakes import HashingEmbedder
from tests.library import index, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    index(tmp_path / "home", write(tmp_path / "lib"), HashingEmbedder())
    return tmp_path / "home"


def grow(tmp_path: Path, home: Path, name: str = "新") -> str:
    folder = write(tmp_path / "lib", {f"guides/{name}.md": f"# {name}\n\n{name}的一段。\n"})
    return str(index(home, folder, HashingEmbedder()).generation)


def test_a_new_generation_is_taken_up_without_a_restart(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.0)
    following = LiveGeneration(Generations(home), HashingEmbedder())
    with following.use() as generation:
        first = generation.id
    second = grow(tmp_path, home)
    with following.use() as generation:
        assert generation.id in {first, second}
    following.refresh()
    with following.use() as generation:
        assert generation.id == second
    following.close()


def test_a_question_in_flight_ends_on_the_generation_it_began_with(tmp_path: Path, home: Path) -> None:
    following = LiveGeneration(Generations(home), HashingEmbedder())
    vector = HashingEmbedder().embed_query("年休假")
    with following.use() as old:
        second = grow(tmp_path, home)
        following.refresh()
        with following.use() as new:
            assert new.id == second
        admitted = old.filters.admitted(date(2026, 1, 1), None, lambda region, regions: True)
        assert len(old.dense(vector, 3, admitted).rows) == 3
        assert old.passage(0).text
    with pytest.raises(Exception, match="closed"):
        old.passage(0)
    following.close()


def test_a_generation_that_does_not_fit_is_not_served(tmp_path: Path, home: Path) -> None:
    following = LiveGeneration(Generations(home), HashingEmbedder())
    with following.use() as generation:
        first = generation.id
    index(home, tmp_path / "lib", HashingEmbedder("other"))
    following.refresh()
    with following.use() as generation:
        assert generation.id == first
    third = grow(tmp_path, home, "后")
    following.refresh()
    with following.use() as generation:
        assert generation.id == third
    following.close()


def test_without_an_index_there_is_nothing_to_follow(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="niangjia ingest"):
        LiveGeneration(Generations(tmp_path), HashingEmbedder())


# In a process of its own, so that its memory is what the switches take and nothing else.
SWITCHES = """
import gc, json, shutil, sys, threading
from pathlib import Path
import numpy as np, orjson, psutil
from knowledge import live
from knowledge.generation import KEPT, Generations
from knowledge.live import LiveGeneration
from knowledge.regions import load_regions
from knowledge.searcher import Searcher
from tests.fakes import HashingEmbedder
from tests.library import index

home, folder = Path(sys.argv[1]), Path(sys.argv[2])
live.CHECK_SECONDS = 0.01
embedder, generations = HashingEmbedder(dimension=256), Generations(home)
first = str(index(home, folder, embedder).generation)
following = LiveGeneration(generations, embedder)
searcher = Searcher(following.use, embedder, load_regions())
done, failed, answered, served = threading.Event(), [], [], set()

def ask():
    while not done.is_set():
        try:
            with following.use() as generation:
                served.add(generation.id)
            answered.append(len(searcher.search("第七段说的是什么", limit=5)))
        except Exception as error:
            failed.append(repr(error))

threads = [threading.Thread(target=ask) for _ in range(3)]
for thread in threads:
    thread.start()
memory = []
for number in range(24):
    name = f"copy-{number:02}"
    shutil.copytree(generations.folder / first, generations.folder / name)
    manifest = generations.folder / name / "manifest.json"
    manifest.write_bytes(orjson.dumps(orjson.loads(manifest.read_bytes()) | {"id": name}))
    generations.switch(name)
    following.refresh()
    if number >= KEPT:  # as pruning does; who asked before the switch may still hold the one before
        shutil.rmtree(generations.folder / f"copy-{number - KEPT:02}")
    gc.collect()
    memory.append(psutil.Process().memory_info().rss)
done.set()
for thread in threads:
    thread.join()
print(json.dumps({"failed": failed, "answered": min(answered), "served": len(served), "grown": memory[-1] / memory[3]}))
"""


def test_twenty_switches_under_questions_lose_none_and_keep_the_memory(tmp_path: Path) -> None:
    sections = "".join(f"## {n}\n\n第{n}段说的是第{n * 7}件事。\n\n" for n in range(3000))
    folder = write(tmp_path / "lib", {"long.md": f"# 长\n\n{sections}"})
    done = subprocess.run(
        [sys.executable, "-c", SWITCHES, str(tmp_path / "home"), str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["failed"] == []
    assert seen["answered"] == 5
    assert seen["served"] >= 20
    assert seen["grown"] <= 1.3
