"""What lies in a folder: files in one order, and what is neither file nor folder."""

import os

import pytest

from convae_lib.data.folder import walking
from convae_lib.data.folder.walking import find_files, shown
from tests.library.data.folder.odd_files import fill


def test_files_are_sorted_by_their_paths_whatever_the_disk_says(tmp_path, monkeypatch):
    for name in ("b/2", "b/10", "a/z/1", "c"):
        fill(tmp_path / name, 1)
    expected = [
        b"a/z/1/000.png",
        b"b/10/000.png",
        b"b/2/000.png",
        b"c/000.png",
    ]
    assert find_files(tmp_path).paths == expected
    scandir = os.scandir

    class Backwards(list):
        __enter__ = list.__iter__

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(
        walking.os, "scandir", lambda path: Backwards([*scandir(path)][::-1])
    )
    assert find_files(tmp_path).paths == expected


def test_hidden_files_and_folders_are_left_alone(tmp_path):
    for name in (".git", ".thumbnails/large"):
        fill(tmp_path / name, 1)
    (tmp_path / "._a.jpg").write_bytes(b"resource fork of a Mac")
    assert find_files(fill(tmp_path, 1)) == walking.Found([b"000.png"], 3, [])


@pytest.mark.skipif(os.name == "nt", reason="links need a right there, pipes are none")
def test_links_and_what_are_no_files_are_refused_by_name(tmp_path):
    fill(tmp_path / "real", 1)
    (tmp_path / "real" / "empty.png").touch()
    os.symlink("..", tmp_path / "real" / "above")
    os.symlink("real", tmp_path / "again")
    os.symlink("nowhere", tmp_path / "broken.png")
    os.symlink("itself.png", tmp_path / "itself.png")
    os.symlink("real/000.png", tmp_path / "file.png")
    os.mkfifo(tmp_path / "pipe.png")
    found = find_files(tmp_path)
    assert found.paths == [b"file.png", b"real/000.png"]
    assert [(path.decode(), reason) for path, reason, _ in found.refused] == [
        ("again", "link"),
        ("broken.png", "link"),
        ("itself.png", "link"),
        ("pipe.png", "no plain file"),
        ("real/above", "link"),
        ("real/empty.png", "empty"),
    ]


def test_a_folder_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    fill(tmp_path / "closed", 1)
    fill(tmp_path, 1)
    scandir = os.scandir

    def but_one(path):
        if path.endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(walking.os, "scandir", but_one)
    assert find_files(tmp_path) == walking.Found(
        [b"000.png"], 0, [(b"closed", "no permission", "folder: Permission denied")]
    )


@pytest.mark.skipif(os.name == "nt", reason="names are UTF-16 there")
def test_names_that_are_no_text_are_files_like_others(tmp_path):
    name = b"B\xe4r\n\x1b[31m.png"
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "wb") as file:
        file.write(b"content")
    assert find_files(tmp_path).paths == [name]
    assert shown(name) == r"B\xe4r\n\x1b[31m.png"
    assert shown("곰.png") == "곰.png"
