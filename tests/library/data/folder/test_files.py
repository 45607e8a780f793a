"""Images that stay in their files until they are asked for."""

import pickle

import numpy as np
import pytest
from PIL import Image

from convae_lib.data import ImageFiles


def test_files_are_read_like_an_array(files):
    paths, x = files
    images = ImageFiles(paths)
    assert images.shape == (6, 6, 5) and len(images) == 6
    np.testing.assert_array_equal(images[:], x)
    np.testing.assert_array_equal(images[4:1:-2], x[4:1:-2])
    np.testing.assert_array_equal(images[[5, 5, 0]], x[[5, 5, 0]])
    np.testing.assert_array_equal(images[-1], x[-1])
    assert images[2:4].dtype == images[0].dtype == np.float32
    again = pickle.loads(pickle.dumps(images))
    np.testing.assert_array_equal(again[:2], x[:2])
    colour = ImageFiles(paths, mode="RGB")
    assert colour.shape == (6, 6, 5, 3)
    np.testing.assert_array_equal(colour[:1][..., 2], x[:1])


def test_files_that_do_not_fit_are_named(files, tmp_path):
    paths, _ = files
    with pytest.raises(ValueError, match="paths is empty"):
        ImageFiles([])
    for one in (str(paths[0]), paths[0], tmp_path):
        with pytest.raises(ValueError, match="is one path; give a list of files"):
            ImageFiles(one)
    with pytest.raises(ValueError, match="mode 'CMYK' is not one of"):
        ImageFiles(paths, mode="CMYK")
    larger = tmp_path / "larger.png"
    Image.new("L", (9, 9)).save(larger)
    images = ImageFiles([*paths, larger])
    with pytest.raises(ValueError, match=r"larger.png has shape \(9, 9\), the first"):
        images[5:]


def test_more_than_eight_bits_are_not_cut_off(tmp_path):
    for mode, values in (("16", np.uint16([[300]])), ("f", np.float32([[0.5]]))):
        path = tmp_path / f"{mode}.tif"
        Image.fromarray(values).save(path)
        with pytest.raises(ValueError, match=f"{mode}.tif .*more than 8 bits"):
            ImageFiles([path])


def test_a_file_that_pillow_does_not_convert_is_named(tmp_path):
    Image.new("LAB", (2, 2)).save(tmp_path / "lab.tif")
    with pytest.raises(ValueError, match="lab.tif cannot be read: conversion from LAB"):
        ImageFiles([tmp_path / "lab.tif"])


def test_damaged_files_are_named(files, tmp_path):
    paths, _ = files
    damaged = tmp_path / "damaged.png"
    for content in (b"", b"text", paths[0].read_bytes()[:60]):
        damaged.write_bytes(content)
        with pytest.raises(OSError, match="damaged.png cannot be read"):
            ImageFiles([*paths, damaged])[6:]
    with pytest.raises(FileNotFoundError, match="none.png cannot be read"):
        ImageFiles([tmp_path / "none.png"])
