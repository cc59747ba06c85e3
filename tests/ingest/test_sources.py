import os
from pathlib import Path

import pytest

from ingest.sources import APPROVED, BUILTIN_FOLDER, Failure, SourceFile, Sources, SourcesError, walk


def names(path: Path) -> list[str]:
    return [found.source for found in walk(path)]


def test_sources_are_named_below_the_parent_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "seeds" / "内").mkdir(parents=True)
    (tmp_path / "seeds" / "b.txt").write_text("乙")
    (tmp_path / "seeds" / "a.txt").write_text("甲")
    (tmp_path / "seeds" / "内" / "c.txt").write_text("丙")
    assert names(tmp_path / "seeds") == ["seeds/a.txt", "seeds/b.txt", "seeds/内/c.txt"]


def test_a_file_given_alone_keeps_its_folders_name(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("甲")
    (found,) = walk(tmp_path / "seeds" / "a.txt")
    assert isinstance(found, SourceFile)
    assert (found.source, found.size) == ("seeds/a.txt", 3)


def test_hidden_files_and_lock_files_are_left_out(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$通知.docx", "a.txt"):
        (tmp_path / name).write_text("甲")
    assert names(tmp_path) == [f"{tmp_path.name}/a.txt"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "内").mkdir()
    (tmp_path / "内" / "a.txt").write_text("甲")
    (tmp_path / "内" / "外").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == [f"{tmp_path.name}/内/a.txt"]


def test_a_link_to_itself_is_a_failure_and_the_others_go_in(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "z.txt").write_text("甲")
    failure, found = walk(tmp_path)
    assert isinstance(failure, Failure)
    assert "symbolic links" in failure.reason
    assert found.source.endswith("/z.txt")


def test_ten_thousand_tiny_files_are_all_found(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number:05}.txt").write_text("甲")
    found = names(tmp_path)
    assert len(found) == 10_000
    assert found == sorted(found)


def test_a_folder_that_may_not_be_opened_is_a_failure_and_the_others_go_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)
    (tmp_path / "z.txt").write_text("甲")
    if os.geteuid() == 0:  # whom no permission holds back
        listdir = os.listdir

        def refuse(path: Path) -> list[str]:
            if path == tmp_path / "closed":
                raise PermissionError(13, "Permission denied")
            return listdir(path)

        monkeypatch.setattr(os, "listdir", refuse)
    failure, found = walk(tmp_path)
    assert failure == Failure(f"{tmp_path.name}/closed", "cannot be opened: Permission denied")
    assert found.source.endswith("/z.txt")


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (failure,) = walk(tmp_path)
    assert isinstance(failure, Failure)
    assert failure.reason == "is neither a file nor a folder"


def test_without_a_list_the_shipped_documents_and_the_homes_own_are_the_sources(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    assert sources.listed() == ["builtin", "documents"]
    assert sources.paths() == [BUILTIN_FOLDER]
    (tmp_path / "documents").mkdir()
    assert sources.paths() == [BUILTIN_FOLDER, tmp_path / "documents"]


def test_added_and_removed_paths_are_remembered(tmp_path: Path) -> None:
    laws = tmp_path / "laws"
    laws.mkdir()
    Sources(tmp_path / "home").add(laws)
    Sources(tmp_path / "home").remove("builtin")
    assert Sources(tmp_path / "home").listed() == ["documents", str(laws)]


def test_replaced_sources_are_the_whole_list(tmp_path: Path) -> None:
    (tmp_path / "laws").mkdir()
    sources = Sources(tmp_path / "home")
    sources.replace([tmp_path / "laws", tmp_path / "laws"])
    assert sources.paths() == [tmp_path / "laws"]


def test_a_home_that_moved_still_finds_its_documents(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "documents").mkdir(parents=True)
    Sources(home).replace([home / "documents"])
    home.rename(tmp_path / "moved")
    assert Sources(tmp_path / "moved").paths() == [tmp_path / "moved" / "documents"]


def test_the_shipped_folder_is_stored_as_a_word(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    sources.replace([BUILTIN_FOLDER])
    assert sources.listed() == ["builtin"]


@pytest.mark.parametrize("name", ["nowhere", "a.txt"])
def test_a_path_that_is_not_there_cannot_be_added(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourcesError, match="does not exist"):
        Sources(tmp_path).add(tmp_path / name)


def test_a_path_is_listed_once(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="listed already"):
        Sources(tmp_path).add("builtin")


def test_what_is_not_listed_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="not listed"):
        Sources(tmp_path).remove(tmp_path)


def test_a_listed_folder_that_vanished_is_said_rather_than_forgotten(tmp_path: Path) -> None:
    (tmp_path / "laws").mkdir()
    sources = Sources(tmp_path / "home")
    sources.replace([tmp_path / "laws"])
    (tmp_path / "laws").rmdir()
    with pytest.raises(SourcesError, match="not there"):
        list(sources.files())


@pytest.mark.parametrize("text", ["- builtin", "sources: laws", "sources: [", "sources: [1]"])
def test_a_list_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "sources.yaml").write_text(text)
    with pytest.raises(SourcesError, match=r"sources\.yaml"):
        Sources(tmp_path).listed()


def test_two_files_of_one_source_name_are_refused_by_both_their_paths(tmp_path: Path) -> None:
    for city in ("甲", "乙"):
        (tmp_path / city / "documents").mkdir(parents=True)
        (tmp_path / city / "documents" / "a.txt").write_text(city)
    sources = Sources(tmp_path / "home")
    sources.replace([tmp_path / "甲" / "documents", tmp_path / "乙" / "documents"])
    with pytest.raises(SourcesError, match=r"甲/documents/a\.txt and .*乙/documents/a\.txt .* documents/a\.txt"):
        list(sources.files())


def test_a_file_listed_beside_its_own_folder_goes_in_once(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("甲")
    sources = Sources(tmp_path / "home")
    sources.replace([tmp_path / "seeds", tmp_path / "seeds" / "a.txt"])
    assert [found.source for found in sources.files()] == ["seeds/a.txt"]


def test_what_the_desk_approved_is_part_of_every_list(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "home")
    approved = tmp_path / "home" / APPROVED
    assert approved not in sources.paths()
    approved.mkdir(parents=True)
    assert sources.paths()[-1] == approved
    (tmp_path / "other").mkdir()
    sources.replace([tmp_path / "other"])
    assert sources.paths() == [tmp_path / "other", approved]
    sources.add(approved)
    assert sources.paths() == [tmp_path / "other", approved]
