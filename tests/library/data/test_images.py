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
        f"noise: 6 training, 4 validation, 2 test images, 6×5, {kind}, in [0, 1]"
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
        for count in (0, -1, 2.5, True):
            with pytest.raises(ValueError, match=f"count {count!r} must be a whole"):
                images.first(count)
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
        (
            dict(test=np.full((2, 6, 5), np.nan)),
            "test has 60 of 60 values that are NaN",
        ),
        (dict(train=np.zeros((3, 6, 5)) * 1j), "train has dtype complex128; give real"),
        (dict(test=np.full((2, 6, 5), np.float32(1.0000001))), r"to 1.00000\d+; they"),
        (dict(test=np.ma.masked_less(np.ones((2, 6, 5)), 2)), "test has 60 masked"),
        (dict(labels={"test": np.zeros(3)}), "3 labels do not fit 2 images of test"),
        (dict(labels={"training": [1]}), "labels of 'training' are of none of"),
    ],
)
def test_what_are_no_images_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        Images(**(parts() | wrong))


def test_grey_levels_alone_are_told_to_be_divided():
    for high, told in ((255, "255"), (1e4, "65535"), (1.5, None)):
        with pytest.raises(ValueError, match="must lie in") as error:
            Images(**(parts() | dict(test=np.full((2, 6, 5), high))))
        hint = f" (divide grey levels by {told})" if told else "[0, 1]"
        assert str(error.value).endswith(hint)


def test_lists_are_arrays():
    images = Images(**{name: part.tolist() for name, part in parts().items()})
    np.testing.assert_allclose(images.train, parts()["train"])
    assert images.first(2).train.shape == (2, 6, 5)


@pytest.mark.parametrize("where", ["memory", "files"])
def test_all_parts_are_changed_alike_and_keep_their_order(files, where):
    paths, x = files
    read = (
        (lambda rows: x[rows])
        if where == "memory"
        else (lambda rows: ImageFiles(paths[rows]))
    )
    images = Images(
        train=read(slice(0, 3)),
        valid=read(slice(3, 5)),
        test=read(slice(5, 6)),
        labels={"train": [0, 1, 2], "valid": [3, 4], "test": [5]},
    )
    order = np.random.default_rng(0).permutation(30)
    shuffled = images.map(
        lambda batch: batch.reshape(-1, 30)[:, order].reshape(-1, 6, 5)
    )
    for part, rows in (("train", [0, 1, 2]), ("valid", [3, 4]), ("test", [5])):
        expected = x[rows].reshape(-1, 30)[:, order].reshape(-1, 6, 5)
        np.testing.assert_array_equal(getattr(shuffled, part)[:], expected)
        np.testing.assert_array_equal(getattr(images, part)[:], x[rows])
        assert list(shuffled.labels[part]) == rows


def test_rows_of_a_view_are_those_of_an_array(files):
    paths, x = files
    images = Images(train=ImageFiles(paths), valid=x, test=x).first(4)
    few, changed = images.train, images.map(lambda batch: batch[:, ::-1]).train
    for rows in (
        slice(None, None, -1),
        slice(-3, None),
        slice(1, 99, 2),
        -1,
        [-1, 0],
        np.array([True, False, True, False]),
        [True, False, True, False],
        [],
    ):
        rows = np.array(rows, int) if isinstance(rows, list) and not rows else rows
        np.testing.assert_array_equal(few[rows], x[:4][rows])
        np.testing.assert_array_equal(changed[rows], x[:4, ::-1][rows])
        np.testing.assert_array_equal(ImageFiles(paths[:4])[rows], x[:4][rows])
    for rows in ([4], [-5]):
        with pytest.raises(IndexError):
            few[rows]


def test_only_one_class_is_learned_and_all_are_tested():
    x = np.arange(12, dtype=np.float32)[:, None, None] / 12 + np.zeros((12, 2, 2), "f4")
    labels = {
        "train": np.arange(6) % 2,
        "valid": np.arange(3) % 2,
        "test": np.arange(3),
    }
    images = Images(train=x[:6], valid=x[6:9], test=x[9:], labels=labels)
    one = images.only(1)
    assert np.array_equal(one.train, x[[1, 3, 5]]) and np.array_equal(one.valid, x[[7]])
    assert np.array_equal(one.test, x[9:])
    assert one.labels["train"].tolist() == [1, 1, 1]
    assert one.labels["test"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="no image of train has the label 2"):
        images.only(2)
    with pytest.raises(ValueError, match="the images of test have no labels"):
        Images(train=x, valid=x, test=x).only(0)
