"""What pictures of matrices show, read back from the figures."""

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse import csr_array

from convae_lib import (
    conv_matrix,
    conv_operator,
    show_matrices,
    show_matrix,
    show_sparsity,
)


def test_matrix_shows_its_numbers():
    matrix = np.array([[0, 1.23456], [20, -3]])
    for given in (matrix, csr_array(matrix)):
        texts = show_matrix(given).axes[0].texts
        places = {t.get_position(): t.get_text() for t in texts}
        assert places == {(1.5, 0.5): "1.23", (0.5, 1.5): "20", (1.5, 1.5): "-3"}


def test_large_whole_numbers_are_not_rounded():
    texts = show_matrix([[1234, 0]]).axes[0].texts
    assert [t.get_text() for t in texts] == ["1234"]


def drawn_cells(axis):
    """Return the colour of each cell, by the place of its middle on the screen."""
    (mesh,) = axis.collections
    middles = [path.vertices[:4].mean(axis=0) for path in mesh.get_paths()]
    mesh.update_scalarmappable()
    return {tuple(middle): c for middle, c in zip(middles, mesh.get_facecolors())}


def test_colours_tell_the_sign_and_stand_behind_their_numbers():
    matrix = np.array([[2, -1, 0], [0.5, -2, 1]])
    for dtype in (float, np.float32, np.int8):
        (axis,) = show_matrix(matrix.astype(dtype)).axes
        colours = drawn_cells(axis)
        assert axis.yaxis_inverted() and not axis.xaxis_inverted()
        for (row, column), number in np.ndenumerate(matrix.astype(dtype)):
            red, green, blue, _ = colours[column + 0.5, row + 0.5]
            if number:
                assert (red > blue) == (number > 0)  # orange, and blue below 0
            else:
                assert min(red, green, blue) > 0.95


@pytest.mark.parametrize(
    ("matrix", "limit", "texts"),
    [
        ([[True, False]], 1, ["1"]),
        (np.uint8([[255, 3]]), 255, ["255", "3"]),
        (np.int8([[-128, 3]]), 128, ["-128", "3"]),
        ([[np.nan, -2.5]], 2.5, ["nan", "-2.5"]),
        ([[np.inf, 0.5]], 0.5, ["inf", "0.5"]),
        ([[0, 0]], 1, []),
    ],
)
def test_a_colour_scale_is_as_wide_on_both_sides(matrix, limit, texts):
    (axis,) = show_matrix(matrix).axes
    assert axis.collections[0].get_clim() == (-limit, limit)
    assert [text.get_text() for text in axis.texts] == texts


def test_digits_are_significant():
    texts = show_matrix([[123.456, 0.0123456]], digits=2).axes[0].texts
    assert [t.get_text() for t in texts] == ["1.2e+02", "0.012"]
    texts = show_matrices({"a": [[0.123456]]}, digits=4).axes[0].texts
    assert [t.get_text() for t in texts] == ["0.1235"]


def test_blocks_are_ruled():
    for block, rows, columns in [(4, [4], [4, 8, 12]), ((2, 8), [2, 4, 6], [8])]:
        (axis,) = show_matrix(np.ones((8, 16)), block=block).axes
        ends = [line.get_xydata().tolist() for line in axis.lines]
        across = [[[0, row], [1, row]] for row in rows]
        down = [[[column, 0], [column, 1]] for column in columns]
        assert ends == across + down
    assert not show_matrix(np.ones((4, 4)), block=4).axes[0].lines


def test_matrices_show_zeros_and_share_a_scale():
    figure = show_matrices({"a": [[0, 2]], "b": np.eye(2)}, top=4)
    shown = [[t.get_text() for t in axis.texts] for axis in figure.axes]
    assert shown == [["0", "2"], ["1", "0", "0", "1"]]
    assert [a.collections[0].get_clim() for a in figure.axes] == [(-4, 4)] * 2
    figure = show_matrices({"a": [[0, 2]], "b": [[-3]]})
    limits = [a.collections[0].get_clim() for a in figure.axes]
    assert limits == [(-2, 2), (-3, 3)]  # each its own


def test_titles_stand_over_their_matrices():
    assert show_matrix([[1]], "one").axes[0].get_title() == "one"
    figure = show_matrices({"a": [[1]], "b": [[2]]})
    shown = {a.get_title(): a.texts[0].get_text() for a in figure.axes}
    assert shown == {"a": "1", "b": "2"}


def test_sparsity_draws_stored_zeros():
    axis = show_sparsity(conv_matrix(np.zeros((3, 3)), (6, 6))).axes[0]
    assert len(axis.lines[0].get_xdata()) == 144


def test_sparsity_counts_entries():
    axis = show_sparsity(conv_matrix(np.ones((3, 3)), (6, 6)), "six").axes[0]
    assert axis.get_xlabel() == "144 of 576 entries stored: 25.0 %"
    assert axis.get_title() == "six"
    axis = show_sparsity(csr_array(([1, 1], ([0, 1], [2, 40])), shape=(2, 1000))).axes[
        0
    ]
    assert axis.get_xlabel() == "2 of 2,000 entries stored: 0.1 %"
    assert sorted(map(tuple, axis.lines[0].get_xydata())) == [(2, 0), (40, 1)]
    assert axis.yaxis_inverted()


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: show_matrix(np.ones((2, 65))), r"\(2, 65\) is no matrix"),
        (lambda: show_matrix(np.ones(3)), r"shape \(3,\)"),
        (lambda: show_matrices({"a": np.ones(3)}), r"a of shape \(3,\) is no matrix"),
        (lambda: show_matrices({}), "matrices is empty"),
        (lambda: show_matrices([[[1]]]), "matrices is a list; give a dict"),
        (lambda: show_sparsity(csr_array((0, 3))), r"matrix is empty: .* \(0, 3\)"),
        (
            lambda: show_matrix(np.ones((0, 3))),
            r"matrix is empty: its shape is \(0, 3\)",
        ),
        (lambda: show_matrix([[1j]]), "matrix has dtype complex128; give real numbers"),
        (lambda: show_matrix([["a"]]), "matrix has dtype <U1; give real numbers"),
        (lambda: show_matrix([[1, 2], [3]]), "matrix has rows of unequal length"),
        (
            lambda: show_matrices({"a": np.ma.masked_equal([[1, 2]], 1)}),
            "a has 1 masked value",
        ),
        (
            lambda: show_matrix([[1]], block=0),
            "block 0 must be a whole number from 1 up",
        ),
        (lambda: show_matrix([[1]], block=(1, -2)), "block -2 must be a whole number"),
        (lambda: show_matrix([[1]], block=1.0), "block 1.0 must be a whole number"),
        (lambda: show_matrix([[1]], block=(1, 2, 3)), r"block \(1, 2, 3\) must be one"),
        (lambda: show_matrix([[1]], digits=0), "digits 0 must be a whole number"),
        (lambda: show_matrices({"a": [[1]]}, top=0), "top 0 must be positive"),
        (lambda: show_matrices({"a": [[1]]}, top=-1), "top -1 must be positive"),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


OPERATOR = conv_operator([1.0, 2.0], (4,))


@pytest.mark.parametrize(
    ("draw", "matrix", "what"),
    [
        (show_matrix, OPERATOR, "matrix is an operator"),
        (show_sparsity, OPERATOR, "matrix is an operator"),
        (show_sparsity, np.ones((2, 99)), "ndarray is no sparse matrix"),
    ],
)
def test_what_is_said_to_draw_it_draws_it(draw, matrix, what):
    with pytest.raises(ValueError, match=f"{what}; give ") as told:
        draw(matrix)
    remedy = str(told.value).split("give ")[1].split(", ")[0]
    draw(eval(remedy, {"matrix": matrix, "np": np, "scipy": scipy}))
