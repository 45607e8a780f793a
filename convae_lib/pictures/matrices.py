"""Pictures of matrices: small ones with their numbers, large ones by their pattern.

Each function draws with Matplotlib, returns the figure and leaves showing it to
the notebook.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ..checks import check_sizes, read_numbers
from .colours import BLUE, ORANGE
from .names import check_named

__all__ = ["show_matrices", "show_matrix", "show_sparsity"]

WEIGHTS = LinearSegmentedColormap.from_list(
    "weights",
    [tuple(0.55 + 0.45 * part for part in to_rgb(BLUE)), "white"]
    + [tuple(0.55 + 0.45 * part for part in to_rgb(ORANGE))],
    N=257,  # odd, so that 0 is white
)
"""Orange above zero, blue below, as weights are in the whole book; so pale that a black
number on it can be read."""


def show_matrix(matrix, title="", *, block=None, digits=3):
    """Draw a small matrix with its numbers in the cells.

    Parameters
    ----------
    matrix : array_like or scipy.sparse array, shape (m, n)
        At most 64 rows and columns.
    title : str, optional
    block : int or (int, int), optional
        Draw a line after every so many rows and columns: the width of the
        flattened images, for a convolution matrix.
    digits : int, default 3
        Significant digits of numbers that are not whole.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `matrix` is not two-dimensional, has masked values or is larger than 64
        either way: a picture of more numbers cannot be read; see `show_sparsity`.
        If `block` or `digits` is not positive.

    Examples
    --------
    >>> figure = show_matrix([[1, 0], [2, 3]])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1', '2', '3']
    """
    dense = _small_matrix("matrix", matrix)
    rows, columns = dense.shape
    figure, axis = plt.subplots(
        figsize=(0.42 * columns + 0.3, 0.42 * rows + (0.7 if title else 0.3))
    )
    _draw_numbers(axis, dense, title, digits=digits, zeros=False)
    if block is not None:
        block = (block, block) if np.ndim(block) == 0 else tuple(block)
        if len(block) != 2:
            raise ValueError(f"block {block!r} must be one whole number or two")
        for ends, every, draw in zip(dense.shape, block, (axis.axhline, axis.axvline)):
            check_sizes(block=every)
            for edge in range(every, ends, every):
                draw(edge, color="black", lw=1)
    figure.tight_layout(pad=0.3)
    return figure


def show_matrices(matrices, *, top=None, digits=3):
    """Draw small matrices side by side, every number in its cell, zeros too.

    Parameters
    ----------
    matrices : dict of str to array_like, shape (m, n)
        Title to matrix; at most 64 rows and columns each.
    top : float, optional
        End of one colour scale for all; without it each has its own.
    digits : int, default 3
        Significant digits of numbers that are not whole.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no matrix, or one is not as in `show_matrix`, or `top` or
        `digits` is not positive.

    Examples
    --------
    >>> figure = show_matrices({"x": [[1, 0]], "y": [[2], [3]]})
    >>> [axis.get_title() for axis in figure.axes]
    ['x', 'y']
    """
    check_named(matrices=matrices)
    pictures = {name: _small_matrix(name, m) for name, m in matrices.items()}
    if top is not None and not top > 0:
        raise ValueError(f"top {top!r} must be positive")
    widths = [dense.shape[1] for dense in pictures.values()]
    tallest = max(dense.shape[0] for dense in pictures.values())
    figure, axes = plt.subplots(
        1,
        len(pictures),
        width_ratios=widths,
        figsize=(0.44 * sum(widths) + 0.6, 0.44 * tallest + 0.5),
        squeeze=False,
    )
    for axis, (name, dense) in zip(axes[0], pictures.items()):
        _draw_numbers(axis, dense, name, digits=digits, zeros=True, top=top)
    figure.tight_layout(pad=0.4)
    return figure


def show_sparsity(matrix, title=""):
    """Draw where a large sparse matrix has entries, and count them.

    Parameters
    ----------
    matrix : scipy.sparse array, shape (m, n)
    title : str, optional
        Written above the counts.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `matrix` is not a two-dimensional sparse array, or has no row or column.

    Examples
    --------
    >>> from scipy.sparse import eye_array
    >>> show_sparsity(eye_array(4, format="csr")).axes[0].get_xlabel()
    '4 of 16 entries stored: 25.0 %'
    """
    if hasattr(matrix, "matmat"):
        raise ValueError(
            "matrix is an operator; give "
            "scipy.sparse.csr_array(matrix @ np.eye(matrix.shape[1]))"
        )
    if not hasattr(matrix, "nnz") or len(matrix.shape) != 2:
        raise ValueError(
            f"{type(matrix).__name__} is no sparse matrix; give "
            "scipy.sparse.csr_array(matrix), or show_matrix a small one"
        )
    rows, columns = matrix.shape
    entries = rows * columns
    if not entries:
        raise ValueError(f"matrix is empty: its shape is {matrix.shape}")
    longest = max(rows, columns)
    figure, axis = plt.subplots(
        figsize=(
            max(5.5 * columns / longest, 2.2),
            max(5.5 * rows / longest, 1.2) + 0.8,
        )
    )
    axis.spy(
        matrix,
        precision="present",
        markersize=max(0.15, 300 / longest),
        color=BLUE,
        rasterized=matrix.nnz > 10_000,  # a file of vectors would be large
    )
    axis.spines[:].set_visible(True)
    axis.tick_params(labelsize=8)
    axis.set_title(title, fontsize=10)
    share = 100 * matrix.nnz / entries
    axis.set_xlabel(f"{matrix.nnz:,} of {entries:,} entries stored: {share:.1f} %")
    figure.tight_layout(pad=0.3)
    return figure


def _small_matrix(name, matrix):
    dense = matrix.toarray() if hasattr(matrix, "toarray") else matrix
    dense = read_numbers(name, dense)
    if not dense.size:
        raise ValueError(f"{name} is empty: its shape is {dense.shape}")
    if dense.ndim != 2 or max(dense.shape) > 64:
        raise ValueError(
            f"{name} of shape {dense.shape} is no matrix whose numbers can be shown "
            "(64 by 64 at most); show_sparsity draws large sparse ones, as "
            "scipy.sparse.csr_array makes them"
        )
    return dense


def _draw_numbers(axis, dense, title, *, digits, zeros, top=None):
    check_sizes(digits=digits)
    limit = top or np.abs(dense[np.isfinite(dense)]).max(initial=0) or 1
    axis.pcolormesh(
        dense, cmap=WEIGHTS, vmin=-limit, vmax=limit, ec="0.85", lw=0.5, clip_on=False
    )
    axis.spines[:].set_visible(False)
    for (row, column), number in np.ndenumerate(dense):
        if number or zeros:
            text = f"{number:.0f}" if number.is_integer() else f"{number:.{digits}g}"
            axis.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=8)
    axis.set(aspect="equal", xticks=[], yticks=[])
    axis.invert_yaxis()
    axis.set_title(title, fontsize=10)
