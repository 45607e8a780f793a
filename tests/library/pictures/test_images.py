"""What pictures of images show, read back from the figures."""

import numpy as np
import pytest

from convae_lib import show_images, show_reconstructions


def test_images_are_drawn_as_they_are():
    images = np.random.default_rng(0).random((7, 5, 4))
    figure = show_images(images, list("abcdefg"), columns=3)
    drawn = [axis.images[0] for axis in figure.axes]
    assert all((d.get_array() == i).all() for d, i in zip(drawn, images))
    assert all(d.get_clim() == (0, 1) for d in drawn)
    assert [axis.get_title() for axis in figure.axes] == list("abcdefg")


def test_reconstructions_stand_under_their_originals():
    x = np.random.default_rng(1).random((4, 6, 6))
    figure = show_reconstructions(x, [x**2, x**3], names=["square", "cube"])
    drawn = np.array([axis.images[0].get_array() for axis in figure.axes])
    assert np.array_equal(drawn, np.concatenate([x, x**2, x**3]))
    assert [axis.get_ylabel() for axis in figure.axes[::4]] == [
        "original",
        "square",
        "cube",
    ]


def test_black_is_0_and_white_is_1():
    for draw in (show_images, lambda x: show_reconstructions(x, x)):
        for axis in draw([[[0, 0.5, 1, -3, 2.5]]]).axes:
            (image,) = axis.images
            colours = image.to_rgba(image.get_array())[0]
            assert colours[:, :3] == pytest.approx(
                np.array([[0] * 3, [0.5] * 3, [1] * 3, [0] * 3, [1] * 3]), abs=0.01
            )
            x, y = axis.transData.transform([(0, 0), (4, 0)])
            assert x[0] < y[0]  # the first pixel is at the left
            down = axis.transData.transform([(0, 1)])[0]
            assert down[1] < x[1]  # and rows go down


def test_colours_are_red_green_and_blue(caplog):
    x = np.random.default_rng(2).random((3, 5, 4, 3))
    for axis, image in zip(show_images(x).axes, x):
        assert axis.images[0].to_rgba(axis.images[0].get_array())[
            ..., :3
        ] == pytest.approx(image, abs=0.01)
    (axis,) = show_images([[[[2, -1, 0.5]]]]).axes
    assert axis.images[0].get_array().tolist() == [[[1, 0, 0.5]]]
    assert not caplog.records
    for rows, names in ((x**2, ["conv"]), ([x**2, x**3], ["conv", "dense"])):
        figure = show_reconstructions(x, rows, names=names)
        drawn = [axis.images[0].get_array() for axis in figure.axes]
        below = np.concatenate([x, *([rows] if len(names) == 1 else rows)])
        np.testing.assert_allclose(drawn, below)


def test_truth_values_and_lists_are_images():
    black_and_white = np.array([[[True, False], [False, False]]])
    for images in (
        black_and_white,
        np.uint8(black_and_white),
        black_and_white.tolist(),
    ):
        (axis,) = show_images(images).axes
        assert axis.images[0].get_array().tolist() == [[1, 0], [0, 0]]
        (_, axis) = show_reconstructions(images, images).axes
        assert axis.images[0].get_array().tolist() == [[1, 0], [0, 0]]


def test_images_fill_rows_of_so_many_columns():
    figure = show_images(np.ones((5, 2, 2)), columns=3, scale=2)
    assert figure.get_size_inches().tolist() == [6, 4]
    places = [axis.get_subplotspec() for axis in figure.axes]
    assert [(p.rowspan.start, p.colspan.start) for p in places] == [
        *[(0, 0), (0, 1), (0, 2)],
        *[(1, 0), (1, 1)],
    ]
    assert show_images(np.ones((2, 2, 2))).get_size_inches().tolist() == [2, 1]


ONES = np.ones((2, 4, 4))


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: show_images(ONES[0]),
            r"\(4, 4\) is no stack .*give images\[None\] for",
        ),
        (lambda: show_images(ONES[..., None]), r"is no stack .*give images\[..., 0\]"),
        (
            lambda: show_images(np.ones((2, 4, 4, 2))),
            r"grey images \(n, h, w\) or of colour images \(n, h, w, 3\)$",
        ),
        (
            lambda: show_reconstructions(np.ones((2, 4, 4, 3)), ONES),
            r"shape \(2, 4, 4\) do not fit images of shape \(2, 4, 4, 3\)",
        ),
        (lambda: show_images(ONES[:0]), "is no stack"),
        (lambda: show_images(ONES, ["a"]), "1 titles do not fit 2 images"),
        (
            lambda: show_images(np.uint8(128 * ONES)),
            "up to 128; .* divide grey levels by 255",
        ),
        (lambda: show_images(255 * ONES), "up to 255; white is 1"),
        (
            lambda: show_images(np.linspace(0, 255, 32).reshape(2, 4, 4)),
            "up to 255; white is 1: divide grey levels by 255",
        ),
        (lambda: show_images(4095 * ONES), "by 4095 or 65535, whichever is white"),
        (lambda: show_images(ONES * np.inf), "images has 32 of 32 values that are NaN"),
        (lambda: show_images(ONES * np.nan), "images has 32 of 32 values that are NaN"),
        (lambda: show_images(ONES * 1j), "images has dtype complex128; give real"),
        (
            lambda: show_images(np.ma.masked_equal(ONES, 1)),
            "images has 32 masked values",
        ),
        (
            lambda: show_images(ONES, columns=0),
            "columns 0 must be a whole number from 1",
        ),
        (lambda: show_images(ONES, columns=2.5), "columns 2.5 must be a whole number"),
        (lambda: show_images(ONES, scale=0), "scale 0 must be a positive number"),
        (
            lambda: show_reconstructions(ONES, np.ones((3, 4, 4))),
            r"shape \(3, 4, 4\) do not fit images of shape \(2, 4, 4\)",
        ),
        (
            lambda: show_reconstructions(ONES, ONES[..., None]),
            r"shape \(2, 4, 4, 1\) do not fit .*; leave out the last axis, as y\[\.\.\., 0",
        ),
        (
            lambda: show_reconstructions(ONES, [ONES[..., None]] * 2, names="ab"),
            r"shape \(2, 4, 4, 1\) do not fit .*; leave out the last axis",
        ),
        (
            lambda: show_reconstructions(ONES, [ONES, ONES[:1]], names="ab"),
            r"shape \(1, 4, 4\) do not fit",
        ),
        (
            lambda: show_reconstructions(ONES, np.ones((3, 2, 4, 4))),
            "1 names do not fit 3 rows",
        ),
        (lambda: show_reconstructions(ONES, []), "1 names do not fit 0 rows"),
        (
            lambda: show_reconstructions(ONES, [np.ma.masked_equal(ONES, 1)]),
            "reconstructions has 32 masked values",
        ),
        (
            lambda: show_reconstructions(ONES, np.uint8(7 * ONES)),
            "reconstructions has values up to 7; white is 1",
        ),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
