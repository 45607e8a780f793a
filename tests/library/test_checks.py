"""Whole numbers, arrays, and files that are written whole or not at all."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import eye_array

from convae_lib.checks import (
    check_sizes,
    is_whole,
    read_array,
    remove_parts,
    write_whole,
)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (3, True),
        (-3, True),
        (np.uint8(3), True),
        (np.int64(0), True),
        (True, False),
        (np.True_, False),
        (3.0, False),
        (np.float32(3), False),
        ("3", False),
        (None, False),
    ],
)
def test_whole_numbers_are_integers_and_no_truth_values(value, whole):
    assert is_whole(value) is whole


def test_sizes_are_refused_by_name():
    check_sizes(code_size=1, patch=np.int8(4))
    check_sizes(0, seed=0)
    with pytest.raises(ValueError, match="^patch 0 must be a whole number from 1 up$"):
        check_sizes(code_size=1, patch=0)
    with pytest.raises(ValueError, match="^seed -1 must be a whole number from 0 up$"):
        check_sizes(0, seed=-1)
    with pytest.raises(ValueError, match="^epochs '5' must be a whole number"):
        check_sizes(epochs="5")


def test_arrays_are_read_from_what_has_them():
    whole = np.arange(6.0).reshape(2, 3)
    assert read_array("x", whole) is whole
    assert read_array("x", whole.tolist()).tolist() == whole.tolist()
    unmasked = read_array("x", np.ma.MaskedArray(whole))
    assert type(unmasked) is np.ndarray and (unmasked == whole).all()

    class Tensor:  # as PyTorch's, which NumPy refuses while it carries a gradient
        dtype = "torch.bfloat16"

        def detach(self):
            return self

        cpu = detach

        def float(self):
            return whole

    assert read_array("x", Tensor()) is whole
    assert read_array("x", [whole, whole]).shape == (2, 2, 3)
    Tensor.ndim = 2
    assert read_array("x", [Tensor(), Tensor()]).shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ma.masked_equal([1, 2, 1], 1), "x has 2 masked values; .* x.filled"),
        ([np.ma.masked_equal([1, 2], 1), [3, 4]], "x has 1 masked value;"),
        (eye_array(3, format="csr"), r"x is sparse; give x.toarray\(\)"),
        ([[1, 2], [3]], "x has rows of unequal length"),
    ],
)
def test_what_is_no_whole_array_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        read_array("x", values)


def test_a_text_is_written_into_a_folder_that_is_made(tmp_path):
    path = tmp_path / "new" / "folder" / "file.txt"
    for text in ("28×28\n", "", "another\n"):
        write_whole(path, text)
        assert path.read_bytes() == text.encode()
    assert os.listdir(path.parent) == ["file.txt"]


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_others_may_read_what_was_written(tmp_path):
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "file.txt", "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file.txt").stat().st_mode) == 0o644


def test_the_old_text_stands_until_the_new_one_is_whole(tmp_path, monkeypatch):
    path, seen = tmp_path / "file.txt", []
    write_whole(path, "old")
    replace = os.replace

    def look(source, target):
        seen.append((Path(source).read_text(), Path(target).read_text()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", look)
    write_whole(path, "new")
    assert seen == [("new", "old")]
    assert path.read_text() == "new"


@pytest.mark.parametrize("step", ["write", "fsync", "chmod", "replace"])
def test_a_write_that_fails_leaves_the_old_text_and_nothing_else(
    tmp_path, monkeypatch, step
):
    path, text = tmp_path / "file.txt", "new"
    write_whole(path, "old")
    if step == "write":
        text = "new \ud800"  # half a character, which no file can hold
    else:

        def fail(*args):
            raise KeyboardInterrupt

        monkeypatch.setattr(os, step, fail)
    with pytest.raises((KeyboardInterrupt, UnicodeEncodeError)):
        write_whole(path, text)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file.txt"]


def test_parts_of_killed_writers_go_when_they_are_old(tmp_path, monkeypatch):
    path, unlink = tmp_path / "file.txt", os.unlink
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: 1 / 0)
        patch.setattr(os, "unlink", lambda _: None)  # as SIGKILL leaves it
        with pytest.raises(ZeroDivisionError):
            write_whole(path, "half")
    (part,) = tmp_path.iterdir()
    write_whole(path, "whole")  # the part could be that of a slow writer
    assert part.exists() and os.unlink is unlink
    now = part.stat().st_mtime
    os.utime(part, (now - 3700, now - 3700))
    write_whole(tmp_path / "other.txt", "")
    assert part.exists()
    write_whole(path, "again")
    assert sorted(os.listdir(tmp_path)) == ["file.txt", "other.txt"]
    (tmp_path / ".a.jsonl.1.part").touch()
    (tmp_path / ".a.json.1.part").touch()
    remove_parts(tmp_path, "*.jsonl")
    assert not (tmp_path / ".a.jsonl.1.part").exists()
    assert (tmp_path / ".a.json.1.part").exists()
