"""Whole pictures as files of codes: a file for each picture, all of its bytes counted."""

import numpy as np
import pytest

from convae_lib import PatchPCA
from convae_lib.data import Images
from convae_lib.scores.code_files import FILE_STEPS, read_codes, write_codes
from convae_lib.scores.picture_files import picture_file_scores

X = np.random.default_rng(0).random((60, 8, 8, 3), np.float32)
LABELS = np.array([7] * 4 + [2] * 6)
PICTURES = Images(train=X[:40], valid=X[40:50], test=X[50:], labels={"test": LABELS})


def test_each_picture_is_one_file_and_is_scored_by_itself():
    code = PatchPCA(patch=2, components=3).fit(PICTURES.train)
    found = picture_file_scores(PICTURES, code.encode, code.decode)
    assert found["picture_labels"] == [2, 7]
    assert found["picture_steps"] == [*FILE_STEPS]
    tables = code.encode(PICTURES.train).reshape(-1, 3)
    tiles = PICTURES.test[LABELS == 7]
    step = FILE_STEPS[2] * np.sqrt(tables.var(axis=0).mean())
    file = write_codes(code.encode(tiles).reshape(-1, 3), tables, step)
    y = code.decode(read_codes(file).reshape(4, 4, 4, 3))
    assert found["picture_bytes"][2][1] == len(file)
    expected = -10 * np.log10(np.mean((tiles - y) ** 2))
    assert found["picture_psnr"][2][1] == pytest.approx(expected)


def test_finer_steps_take_more_bytes_and_a_perfect_copy_has_no_infinite_score():
    flat = Images(
        train=X[:40], valid=X[40:50], test=np.ones_like(X[50:]), labels=PICTURES.labels
    )
    code = PatchPCA(patch=2, components=12).fit(flat.train)
    found = picture_file_scores(PICTURES, code.encode, code.decode)
    assert (np.diff(found["picture_bytes"], axis=0) > 0).all()
    assert (np.diff(found["picture_psnr"], axis=0) > 0).all()
    same = picture_file_scores(
        flat, code.encode, lambda codes: np.ones((10, 8, 8, 3))[: len(codes)]
    )
    assert np.max(same["picture_psnr"]) == 100


def test_without_labels_no_tile_is_of_a_picture():
    bare = Images(train=X[:40], valid=X[40:50], test=X[50:], name="bare")
    with pytest.raises(ValueError, match="the test images of bare have no labels"):
        picture_file_scores(bare, lambda x: x, lambda x: x)
