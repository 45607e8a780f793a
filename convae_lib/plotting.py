"""Pictures of images, and of how a training went.

Each function draws with Matplotlib, returns the figure and leaves showing it to
the notebook. Colours are Okabe and Ito's, which colour-blind readers can tell
apart [1]_.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design", 2008.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

__all__ = [
    "plot_excess",
    "plot_learning_curves",
    "show_images",
    "show_reconstructions",
]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
PURPLE, SKY = "#CC79A7", "#56B4E9"


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


def plot_excess(curves, *, xlabel="numbers in the code"):
    """Draw how far codes of different sizes are above the floor, log-log.

    Parameters
    ----------
    curves : dict
        Name -> (code sizes, excess, standard deviation or None): sequences of
        one length; the excess in nats per pixel. A deviation that is not a
        number, as that of a single run, draws no bar.
    xlabel : str
        What the sizes count.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no curve, or the numbers of one have several lengths.

    Examples
    --------
    >>> from convae_lib import plot_excess
    >>> figure = plot_excess({"PCA": ([30, 576], [0.0625, 0.0038], None)})
    """
    if not curves:
        raise ValueError("curves is empty; give at least one")
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    colors = [GREY, BLUE, ORANGE, GREEN, PURPLE, SKY]
    for place, (name, (sizes, excess, spread)) in enumerate(curves.items()):
        lengths = {
            len(numbers) for numbers in (sizes, excess, spread) if numbers is not None
        }
        if len(lengths) > 1:
            raise ValueError(f"the numbers of {name!r} have lengths {sorted(lengths)}")
        style = f"{'osD^vP'[place % 6]}{['-', '--', '-.', ':'][place % 4]}"
        axis.errorbar(
            sizes,
            excess,
            spread,
            fmt=style,
            color=colors[place % 6],
            label=name,
            markersize=5,
            linewidth=1.2,
            capsize=3,
        )
    axis.set(xscale="log", yscale="log")
    axis.set(xlabel=xlabel, ylabel="excess over the floor, nats per pixel")
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_locator(LogLocator(subs=(1, 2, 5)))
        scale.set_major_formatter("{x:g}")
        scale.set_minor_locator(NullLocator())
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    return figure


def _image_stack(name, images):
    images = np.asarray(images)
    if images.ndim != 3 or not len(images):
        raise ValueError(
            f"{name} of shape {images.shape} is no stack of grey images (n, h, w)"
        )
    return images


def _draw_image(axis, image):
    axis.imshow(image, cmap="gray", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
