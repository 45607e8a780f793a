"""What the pictures show, read back from the figures."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.sparse import csr_array

from convae_lib import (
    conv_matrix,
    plot_excess,
    plot_learning_curves,
    show_images,
    show_matrices,
    show_matrix,
    show_reconstructions,
    show_sparsity,
)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


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


def test_learning_curves():
    run = {"loss": [0.5, 0.4], "val_loss": [0.45, 0.35]}
    figure = plot_learning_curves({"a": run, "b": run}, levels={"floor": 0.24})
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert list(lines) == ["a", "a, training", "b", "b, training", "floor"]
    assert list(lines["a"].get_xdata()) == [1, 2]
    assert list(lines["a"].get_ydata()) == [0.45, 0.35]
    assert list(lines["a, training"].get_xdata()) == [0.5, 1.5]
    assert set(lines["floor"].get_ydata()) == {0.24}


def test_matrix_shows_its_numbers():
    matrix = np.array([[0, 1.23456], [20, -3]])
    for given in (matrix, csr_array(matrix)):
        texts = show_matrix(given).axes[0].texts
        places = {t.get_position(): t.get_text() for t in texts}
        assert places == {(1.5, 0.5): "1.23", (0.5, 1.5): "20", (1.5, 1.5): "-3"}


def test_large_whole_numbers_are_not_rounded():
    texts = show_matrix([[1234, 0]]).axes[0].texts
    assert [t.get_text() for t in texts] == ["1234"]


def test_blocks_are_ruled():
    figure = show_matrix(np.ones((4, 16)), block=4)
    assert len(figure.axes[0].lines) == 3
    assert len(show_matrix(np.ones((4, 6)), block=(2, 3)).axes[0].lines) == 1 + 1


def test_matrices_show_zeros_and_share_a_scale():
    figure = show_matrices({"a": [[0, 2]], "b": np.eye(2)}, top=4)
    shown = [[t.get_text() for t in axis.texts] for axis in figure.axes]
    assert shown == [["0", "2"], ["1", "0", "0", "1"]]
    assert [a.collections[0].get_clim() for a in figure.axes] == [(-4, 4)] * 2


def test_sparsity_draws_stored_zeros():
    axis = show_sparsity(conv_matrix(np.zeros((3, 3)), (6, 6))).axes[0]
    assert len(axis.lines[0].get_xdata()) == 144


def test_sparsity_counts_entries():
    axis = show_sparsity(conv_matrix(np.ones((3, 3)), (6, 6)), "six").axes[0]
    assert axis.get_xlabel() == "144 of 576 entries stored: 25.0 %"
    assert axis.get_title() == "six"


def test_excess_is_drawn_log_log_with_a_bar_for_each_deviation():
    curves = {
        "PCA": ([2, 30], [0.15, 0.06], None),
        "dense": ([30, 576], [0.03, 0.01], [0.001, float("nan")]),
    }
    axis = plot_excess(curves).axes[0]
    assert axis.get_xscale() == axis.get_yscale() == "log"
    _, names = axis.get_legend_handles_labels()
    assert names == list(curves)
    (x, y) = axis.containers[1].lines[0].get_data()
    assert list(x) == [30, 576] and list(y) == [0.03, 0.01]
    assert [bar.has_yerr for bar in axis.containers] == [False, True]


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
        (lambda: show_matrix(np.ones((2, 65))), r"\(2, 65\) is no matrix"),
        (lambda: show_matrix(np.ones(3)), r"shape \(3,\)"),
        (lambda: show_matrices({"a": np.ones(3)}), r"a of shape \(3,\) is no matrix"),
        (lambda: show_matrices({}), "matrices is empty"),
        (lambda: show_sparsity(np.ones((2, 2))), "ndarray is no sparse matrix"),
        (
            lambda: plot_learning_curves({"a": {"loss": [1.0]}}),
            "'a' has no 'val_loss', only",
        ),
        (lambda: plot_excess({}), "curves is empty"),
        (
            lambda: plot_excess({"a": ([1, 2], [0.1], None)}),
            r"the numbers of 'a' have lengths \[1, 2\]",
        ),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
