"""The pictures of the book.

Each function draws with Matplotlib, returns the figure and leaves showing it to
the notebook. Colours are Okabe and Ito's, which colour-blind readers can tell
apart [1]_.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
"""

import matplotlib.pyplot as plt
import numpy as np

__all__ = [
    "plot_learning_curves",
    "show_images",
    "show_matrices",
    "show_matrix",
    "show_reconstructions",
    "show_sparsity",
]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"


def show_images(images, titles=None, *, columns=10, scale=1.0):
    """Draw grey images in a grid.

    Parameters
    ----------
    images : array_like, shape (n, h, w)
        Values in [0, 1]; black is 0.
    titles : sequence of str, optional
        One title per image.
    columns : int, default 10
        Images in a row.
    scale : float, default 1.0
        Width of one image in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `images` is not an array of at least one two-dimensional image, or
        there are not as many titles as images.

    Examples
    --------
    >>> import numpy as np
    >>> len(show_images(np.zeros((3, 28, 28)), ["a", "b", "c"]).axes)
    3
    """
    images = _image_stack("images", images)
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(titles)} titles do not fit {len(images)} images")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = scale * (1.0 if titles is None else 1.25)
    figure = plt.figure(figsize=(columns * scale, rows * height))
    for place, image in enumerate(images):
        axis = figure.add_subplot(rows, columns, place + 1)
        _draw_image(axis, image)
        if titles is not None:
            axis.set_title(titles[place], fontsize=8)
    figure.tight_layout(pad=0.3)
    return figure


def show_reconstructions(images, reconstructions, *, names=("reconstruction",)):
    """Draw images in a row, and their reconstructions in rows below.

    Parameters
    ----------
    images : array_like, shape (n, h, w)
        The originals, values in [0, 1].
    reconstructions : array_like, shape (n, h, w), or a sequence of such arrays
        One array, or one per row.
    names : sequence of str, default ("reconstruction",)
        What to write beside each row of reconstructions.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a row has another shape than `images`, or there are not as many
        names as rows.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.zeros((5, 28, 28))
    >>> len(show_reconstructions(x, [x, x], names=["dense", "conv"]).axes)
    15
    """
    images = _image_stack("images", images)
    rows = np.asarray(reconstructions)
    rows = rows[None] if rows.ndim == images.ndim else rows
    if rows.shape[1:] != images.shape:
        raise ValueError(
            f"reconstructions of shape {rows.shape[1:]} do not fit images of shape "
            f"{images.shape}"
        )
    if len(names) != len(rows):
        raise ValueError(f"{len(names)} names do not fit {len(rows)} rows")
    figure, axes = plt.subplots(
        len(rows) + 1,
        len(images),
        figsize=(1.0 * len(images) + 1.2, len(rows) + 1.0),
        squeeze=False,
    )
    for line, row, name in zip(axes, [images, *rows], ["original", *names]):
        for axis, image in zip(line, row):
            _draw_image(axis, image)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    figure.tight_layout(pad=0.3)
    return figure


def plot_learning_curves(histories, *, levels=None, score="loss"):
    """Plot a score over epochs, with levels to read it against.

    Parameters
    ----------
    histories : dict of str to dict
        Name of a run to ``history.history`` of its ``fit``. Solid lines are
        the validation score, dotted ones that of training; Keras averages the
        latter *during* the epoch, so it is drawn half an epoch earlier.
    levels : dict of str to float, optional
        Horizontal lines: the floor, baselines, published values.
    score : str, default "loss"
        Key in the histories; its validation twin is ``"val_" + score``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a history lacks the score.

    Examples
    --------
    >>> run = {"loss": [0.30, 0.28], "val_loss": [0.29, 0.27]}
    >>> figure = plot_learning_curves({"a run": run}, levels={"floor": 0.24})
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['a run', 'a run, training', 'floor']
    """
    figure, axis = plt.subplots(figsize=(7, 4))
    for (name, history), colour, marker in zip(
        histories.items(), (BLUE, ORANGE, GREEN, GREY) * len(histories), "osD^v" * 9
    ):
        for key in (score, f"val_{score}"):
            if key not in history:
                raise ValueError(
                    f"the history {name!r} has no {key!r}, only {sorted(history)}"
                )
        epochs = np.arange(1, len(history[score]) + 1)
        style = dict(color=colour, marker=marker, markersize=5)
        axis.plot(epochs, history[f"val_{score}"], "-", label=name, **style)
        axis.plot(epochs - 0.5, history[score], ":", label=f"{name}, training", **style)
    for (name, level), style in zip(
        (levels or {}).items(), ("-", "--", "-.", (0, (1, 3)), (0, (5, 5))) * 9
    ):
        axis.axhline(level, color="black", lw=1, ls=style, label=name)
    axis.set_xlabel("epoch")
    axis.set_ylabel(f"{score} (nats per pixel)" if score == "loss" else score)
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    figure.tight_layout()
    return figure


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
        If `matrix` is not two-dimensional or is larger than 64 either way: a
        picture of more numbers cannot be read; see `show_sparsity`.

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
        for ends, every, draw in zip(
            dense.shape, np.broadcast_to(block, 2), (axis.axhline, axis.axvline)
        ):
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
        If there is no matrix, or one is not as in `show_matrix`.

    Examples
    --------
    >>> figure = show_matrices({"x": [[1, 0]], "y": [[2], [3]]})
    >>> [axis.get_title() for axis in figure.axes]
    ['x', 'y']
    """
    pictures = {name: _small_matrix(name, m) for name, m in matrices.items()}
    if not pictures:
        raise ValueError("matrices is empty; give at least one title and matrix")
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
        If `matrix` is not a two-dimensional sparse array.

    Examples
    --------
    >>> from scipy.sparse import eye_array
    >>> show_sparsity(eye_array(4, format="csr")).axes[0].get_xlabel()
    '4 of 16 entries stored: 25.0 %'
    """
    if not hasattr(matrix, "nnz") or len(matrix.shape) != 2:
        raise ValueError(
            f"{type(matrix).__name__} is no sparse matrix; show_matrix draws small "
            "dense ones"
        )
    rows, columns = matrix.shape
    entries = rows * columns
    longest = max(rows, columns)
    figure, axis = plt.subplots(
        figsize=(
            max(5.5 * columns / longest, 2.2),
            max(5.5 * rows / longest, 1.2) + 0.8,
        )
    )
    axis.spy(
        matrix, precision="present", markersize=max(0.15, 300 / longest), color=BLUE
    )
    axis.tick_params(labelsize=8)
    axis.set_title(title, fontsize=10)
    share = 100 * matrix.nnz / entries
    axis.set_xlabel(f"{matrix.nnz:,} of {entries:,} entries stored: {share:.1f} %")
    figure.tight_layout(pad=0.3)
    return figure


def _image_stack(name, images):
    images = np.asarray(images)
    if images.ndim != 3 or not len(images):
        raise ValueError(
            f"{name} of shape {images.shape} is no stack of grey images (n, h, w)"
        )
    return images


def _small_matrix(name, matrix):
    dense = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    if dense.ndim != 2 or max(dense.shape) > 64:
        raise ValueError(
            f"{name} of shape {dense.shape} is no matrix whose numbers can be shown "
            "(64 by 64 at most); show_sparsity draws large ones"
        )
    return dense


def _draw_numbers(axis, dense, title, *, digits, zeros, top=None):
    limit = top or np.abs(dense).max() or 1
    axis.pcolormesh(
        dense, cmap="PuOr", vmin=-limit, vmax=limit, alpha=0.5, ec="0.85", lw=0.5
    )
    for (row, column), number in np.ndenumerate(dense):
        if number or zeros:
            text = f"{number:.{digits}g}" if number % 1 else f"{number:.0f}"
            axis.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=8)
    axis.set(aspect="equal", xticks=[], yticks=[])
    axis.invert_yaxis()
    axis.set_title(title, fontsize=10)


def _draw_image(axis, image):
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
