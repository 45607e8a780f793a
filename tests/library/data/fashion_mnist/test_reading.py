"""Official files are read whatever their wrapping, and no other passes."""

import gzip
import hashlib
import os
import tracemalloc

import numpy as np
import pytest

from convae_lib.data import load_fashion_mnist
from convae_lib.data.fashion_mnist.official import FILES
from tests.library.data.examples import KEYS, write


def test_another_gzip_wrapping_and_plain_files_are_accepted(tiny, tmp_path):
    official = write(tmp_path / "official", tiny, level=9)
    debian = write(tmp_path / "debian", tiny, level=1)
    for name in tiny:
        first, second = (
            hashlib.md5((folder / name).read_bytes()).hexdigest()
            for folder in (official, debian)
        )
        assert first != second
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, content in tiny.items():
        (plain / name.removesuffix(".gz")).write_bytes(content)
    images = [
        load_fashion_mnist(folder).x_train for folder in (official, debian, plain)
    ]
    assert np.array_equal(images[0], images[1])
    assert np.array_equal(images[0], images[2])


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_file_is_named(tiny, tmp_path, key):
    folder = write(tmp_path / "mine", tiny)
    (folder / FILES[key].name).unlink()
    with pytest.raises(FileNotFoundError, match=FILES[key].name) as error:
        load_fashion_mnist(folder)
    assert "holds 3 of the 4" in str(error.value)


@pytest.mark.parametrize("key", KEYS)
def test_a_flipped_byte_is_named(tiny, tmp_path, key):
    name = FILES[key].name
    content = bytearray(tiny[name])
    content[-1] ^= 1
    folder = write(tmp_path / "mine", {**tiny, name: bytes(content)})
    with pytest.raises(ValueError, match=f"{name} is not the official") as error:
        load_fashion_mnist(folder)
    assert FILES[key].sha256 in str(error.value)
    assert hashlib.sha256(content).hexdigest() in str(error.value)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_gzip_is_named(tiny, tmp_path, damage):
    path = write(tmp_path / "mine", tiny) / "t10k-images-idx3-ubyte.gz"
    raw = bytearray(path.read_bytes())
    if damage == "truncated":
        raw = raw[: len(raw) // 2]
    else:
        raw[len(raw) // 2] ^= 255
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="t10k-images-idx3-ubyte.gz"):
        load_fashion_mnist(path.parent)


@pytest.mark.parametrize("kind", ["compressed", "many members", "long"])
def test_no_more_is_read_than_an_official_file_has(tiny, tmp_path, kind):
    path = write(tmp_path / "mine", tiny) / "t10k-labels-idx1-ubyte.gz"
    if kind == "compressed":
        path.write_bytes(gzip.compress(bytes(2**25)))
    elif kind == "many members":
        path.write_bytes(gzip.compress(bytes(2**20)) * 32)
    else:
        os.truncate(path, 2**26)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="t10k-labels.* more than "):
            load_fashion_mnist(path.parent)
        assert tracemalloc.get_traced_memory()[1] < 2**22
    finally:
        tracemalloc.stop()


def test_a_web_page_in_place_of_a_file_is_named(tiny, tmp_path):
    folder = write(tmp_path / "mine", tiny)
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(b"<html>sign in</html>")
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte.gz is not the"):
        load_fashion_mnist(folder)


def test_a_good_file_beside_a_broken_one_of_its_name_is_read(tiny, tmp_path):
    for broken, ending in enumerate(("", ".gz")):
        folder = write(tmp_path / str(broken), tiny)
        content = tiny["train-labels-idx1-ubyte.gz"]
        (folder / "train-labels-idx1-ubyte").write_bytes(content)
        path = folder / f"train-labels-idx1-ubyte{ending}"
        path.write_bytes(path.read_bytes()[:-4])
        assert load_fashion_mnist(folder).source == f"official files in {folder}"
    (folder / "train-labels-idx1-ubyte").write_bytes(content[:-1])
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte is not the official"):
        load_fashion_mnist(folder)


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_link_loop(path):
    path.symlink_to(path)


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
@pytest.mark.parametrize("make", [a_folder, a_pipe, a_link_loop])
def test_what_lies_in_place_of_a_file_is_told(tiny, tmp_path, make):
    folder = write(tmp_path / "mine", tiny)
    (folder / "train-labels-idx1-ubyte.gz").unlink()
    make(folder / "train-labels-idx1-ubyte")
    told = r"missing, .*gz \(train-labels-idx1-ubyte: there, but no file"
    with pytest.raises(FileNotFoundError, match=told):
        load_fashion_mnist(folder)


def test_a_folder_of_folders_holds_no_files(tiny, tmp_path):
    for name in tiny:
        (tmp_path / "mine" / name).mkdir(parents=True)
    told = (
        r"no Fashion-MNIST files \(train-images-idx3-ubyte.gz, .*: there, but no file"
    )
    with pytest.raises(FileNotFoundError, match=told):
        load_fashion_mnist(tmp_path / "mine")
