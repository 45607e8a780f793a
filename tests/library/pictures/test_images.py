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


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: show_images(np.ones((28, 28))), r"\(28, 28\) is no stack"),
        (lambda: show_images(np.ones((2, 4, 4)), ["a"]), "1 titles do not fit 2"),
        (
            lambda: show_reconstructions(np.ones((2, 4, 4)), np.ones((3, 4, 4))),
            r"shape \(3, 4, 4\) do not fit",
        ),
        (
            lambda: show_reconstructions(np.ones((2, 4, 4)), np.ones((3, 2, 4, 4))),
            "1 names do not fit 3 rows",
        ),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
