import threading
from pathlib import Path

import pytest

from knowledge.files import put


@pytest.mark.parametrize("lasting", [True, False])
def test_a_file_is_made_with_its_folder_and_replaced_whole(tmp_path: Path, lasting: bool) -> None:
    file = tmp_path / "home" / "roster.yaml"
    put(file, "值班：王芳\n", lasting=lasting)
    assert file.read_text("utf8") == "值班：王芳\n"
    put(file, b"\x00\xff", lasting=lasting)
    assert file.read_bytes() == b"\x00\xff"
    assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing is left beside it"


def test_whoever_reads_meanwhile_meets_the_old_content_or_the_new_one(tmp_path: Path) -> None:
    file, contents, met = tmp_path / "a.json", [letter * 100_000 for letter in "ab"], set[str]()
    put(file, contents[0])
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            met.add(file.read_text("utf8"))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(40):
        put(file, contents[turn % 2], lasting=False)
    done.set()
    reader.join()
    assert met <= set(contents)


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    put(file, "before")
    with pytest.raises(UnicodeEncodeError):
        put(file, "after \ud800")
    assert file.read_text("utf8") == "before"
