"""Images in three parts, of any size, in memory or in files."""

import pickle

import numpy as np
import pytest

from convae_lib.data import ImageFiles, Images


def parts(n=12, shape=(6, 5), seed=0):
    x = np.random.default_rng(seed).random((n, *shape), np.float32)
    return dict(train=x[: n // 2], valid=x[n // 2 : -2], test=x[-2:])


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 1), (6, 5, 3)])
def test_any_shape(shape):
    images = Images(**parts(shape=shape), name="noise")
    assert images.image_shape == shape
    kind = f"{shape[2]} channels" if len(shape) == 3 else "grey"
    assert str(images) == (
        f"noise: 6 training, 4 validation and 2 test images, 6×5, {kind}, in [0, 1]"
    )


def test_first_images_and_changed_ones(files):
    paths, x = files
    held = Images(train=x, valid=x, test=x, labels={"train": np.arange(6)})
    read = Images(train=ImageFiles(paths), valid=ImageFiles(paths), test=x)
    for images in (held, read):
        seen = images.first(4).map(lambda batch: 1 - batch)
        assert len(seen.train) == 4 and seen.train.shape == (4, 6, 5)
        assert len(seen.valid) == 6
        np.testing.assert_array_equal(seen.train[1:9], 1 - x[1:4])
        np.testing.assert_array_equal(seen.train[np.array([3, 0])], 1 - x[[3, 0]])
        np.testing.assert_array_equal(seen.test[:], 1 - x)
        with pytest.raises(ValueError, match="7 training images .* there are 6"):
            images.first(7)
        fewer = pickle.loads(pickle.dumps(images.first(2).map(np.square)))
        np.testing.assert_array_equal(fewer.train[:], x[:2] ** 2)
    assert list(held.first(4).labels["train"]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(train=np.zeros((0, 6, 5))), r"train of shape \(0, 6, 5\) holds no"),
        (dict(train=np.zeros((3, 30))), r"train of shape \(3, 30\) holds no images"),
        (dict(valid=np.zeros((3, 5, 5))), r"valid have shape \(5, 5\), those of train"),
        (dict(test=np.full((2, 6, 5), 255)), r"test has values from 255 .* \[0, 1\]"),
        (dict(test=np.full((2, 6, 5), np.nan)), "test has values from nan"),
        (dict(labels={"test": np.zeros(3)}), "3 labels do not fit 2 images of test"),
    ],
)
def test_what_are_no_images_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        Images(**(parts() | wrong))
