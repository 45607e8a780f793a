"""The photographs that come with packages: all are there, and each has its licence."""

import dataclasses
import importlib.metadata
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convae_lib import (
    PHOTOGRAPHS,
    load_photographs,
    photograph_tiles,
    read_folder,
    write_photographs,
)
from convae_lib.data import photographs

PACKAGES = {
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "matplotlib": "matplotlib",
}
SAID = {  # by a package, in the words that it has
    "CC0": "CC0",
    "public domain": "public.domain",
    "no known restrictions": "No known copyright restrictions",
    "CC BY 2.0": "licenses/by/2.0",
}


@pytest.mark.parametrize("photograph", PHOTOGRAPHS, ids=lambda each: each.name)
def test_a_photograph_lies_in_the_wheel_of_its_package(photograph):
    package = photograph.file.partition("/")[0]
    files = importlib.metadata.files(PACKAGES[package])
    assert photograph.file in {str(file) for file in files}


@pytest.mark.parametrize("photograph", PHOTOGRAPHS, ids=lambda each: each.name)
def test_its_package_says_the_same_of_its_licence_and_of_whose_it_is(photograph):
    if photograph.told_by.startswith("skimage"):
        from skimage import data

        name = photograph.told_by.rpartition(".")[2]
        said = inspect.getdoc(getattr(data, name))
    elif photograph.told_by.endswith("README.txt"):
        folder = Path(importlib.metadata.distribution("scikit-learn").locate_file(""))
        both = (folder / photograph.told_by).read_text()
        said = both[both.index(f"Image: {photograph.name}") :]
    else:
        assert photograph.name == "hopper"  # told in a pull request of the package
        return
    assert re.search(SAID[photograph.licence], said)
    assert photograph.by in said


def test_photographs_are_in_colour_and_none_is_much_larger_than_others():
    found = load_photographs()
    assert len(found) >= 10 and [*found] == [each.name for each in PHOTOGRAPHS]
    for pixels in found.values():
        assert pixels.dtype == np.uint8 and pixels.shape[2] == 3
        assert 300 <= min(pixels.shape[:2]) and max(pixels.shape[:2]) <= 640
        assert (pixels[..., 0] != pixels[..., 2]).any()
    assert load_photographs(100)["china"].shape == (67, 100, 3)


def test_a_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    gone = dataclasses.replace(PHOTOGRAPHS[1], file="skimage/data/no_cat.png")
    monkeypatch.setattr(photographs, "PHOTOGRAPHS", (PHOTOGRAPHS[0], gone))
    told = "'chelsea', skimage/data/no_cat.png, is not there: skimage brings it no more"
    with pytest.raises(FileNotFoundError, match=told):
        write_photographs(tmp_path / "new")
    assert not (tmp_path / "new").exists()
    alien = dataclasses.replace(gone, file="no_such_package/a.png")
    monkeypatch.setattr(photographs, "PHOTOGRAPHS", (alien,))
    with pytest.raises(FileNotFoundError, match="no_such_package is not installed"):
        load_photographs()


@pytest.mark.parametrize("longest", [0, -1, 2.5, "640"])
def test_a_size_that_is_none_is_refused(longest):
    with pytest.raises(ValueError, match="longest"):
        load_photographs(longest)


def test_what_is_written_is_read_again_pixel_for_pixel(tmp_path):
    paths = write_photographs(tmp_path / "new" / "folder", longest=64)
    read = [np.asarray(Image.open(path)) for path in paths]
    for pixels, again in zip(load_photographs(64).values(), read, strict=True):
        assert np.array_equal(pixels, again)


def test_no_photograph_is_in_two_parts(tmp_path):
    images = photograph_tiles(size=96, seed=2)
    assert images.name == "photographs" and images.image_shape == (96, 96, 3)
    of = {part: {*labels.tolist()} for part, labels in images.labels.items()}
    assert sum(map(len, of.values())) == len(PHOTOGRAPHS)
    assert set.union(*of.values()) == {*range(len(PHOTOGRAPHS))}
    write_photographs(tmp_path)
    own, _ = read_folder(tmp_path, size=96, tiles=True, split=(0.6, 0.2, 0.2), seed=2)
    assert np.array_equal(own.test[:], images.test)
    place = own.test.name(0).removesuffix(".png")
    assert PHOTOGRAPHS[images.labels["test"][0]].name == place
