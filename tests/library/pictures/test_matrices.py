"""What pictures of matrices show, read back from the figures."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from convae_lib import conv_matrix, show_matrices, show_matrix, show_sparsity


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


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: show_matrix(np.ones((2, 65))), r"\(2, 65\) is no matrix"),
        (lambda: show_matrix(np.ones(3)), r"shape \(3,\)"),
        (lambda: show_matrices({"a": np.ones(3)}), r"a of shape \(3,\) is no matrix"),
        (lambda: show_matrices({}), "matrices is empty"),
        (lambda: show_sparsity(np.ones((2, 2))), "ndarray is no sparse matrix"),
    ],
)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
