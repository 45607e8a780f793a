"""Curves: how a training went, and what codes of different sizes reach.

Each function draws with Matplotlib, returns the figure and leaves showing it to
the notebook.
"""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, NullLocator
from scipy.optimize import isotonic_regression

from ..checks import read_numbers
from .colours import COLOURS, GREY, PURPLE, kind_of
from .names import check_named

__all__ = ["name_lines", "plot_excess", "plot_learning_curves"]


def plot_learning_curves(histories, *, levels=None, score="loss"):
    """Plot a score over epochs, with levels to read it against.

    Parameters
    ----------
    histories : dict of str to dict
        Name of a run to ``history.history`` of its ``fit``; one that begins with a
        kind of `COLOURS` has that kind's colour. Solid lines are
        the validation score, dotted ones that of training; Keras averages the
        latter *during* the epoch, so it is drawn half an epoch earlier.
    levels : dict of str to float, optional
        Horizontal lines: the floor, baselines, published values. Each line, and each run,
        has its name at its right end.
    score : str, default "loss"
        Key in the histories; its validation twin is ``"val_" + score``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no history, or one lacks the score, or has it of other epochs than
        its validation twin.

    Examples
    --------
    >>> run = {"loss": [0.30, 0.28], "val_loss": [0.29, 0.27]}
    >>> figure = plot_learning_curves({"a run": run}, levels={"floor": 0.24})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['floor', 'a run']
    """
    check_named(histories=histories)
    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    others = cycle((PURPLE, GREY, "black"))
    for (name, history), marker in zip(histories.items(), cycle("osD^v")):
        kind = kind_of(name)
        colour = COLOURS[kind] if kind else next(others)
        for key in (score, f"val_{score}"):
            if key not in history:
                raise ValueError(
                    f"the history {name!r} has no {key!r}, only {sorted(history)}"
                )
        epochs = np.arange(1, len(history[score]) + 1)
        if len(epochs) != len(history[f"val_{score}"]):
            raise ValueError(
                f"the history {name!r} has {len(epochs)} epochs of {score!r} and "
                f"{len(history[f'val_{score}'])} of 'val_{score}'; fit with "
                "validation_freq=1"
            )
        style = dict(color=colour, marker=marker, markersize=5)
        axis.plot(epochs, history[f"val_{score}"], "-", label=name, **style)
        axis.plot(epochs - 0.5, history[score], ":", **style)
    for (name, level), style in zip(
        (levels or {}).items(), cycle(("-", "--", "-.", (0, (1, 3)), (0, (5, 5))))
    ):
        axis.axhline(level, color="black", lw=1, ls=style, label=name)
    axis.set_xlabel("epoch")
    axis.set_ylabel(f"{score} (nats per pixel)" if score == "loss" else score)
    axis.spines[["top", "right"]].set_visible(False)
    name_lines(axis)
    return figure


def plot_excess(curves, *, xlabel="numbers in the code"):
    """Draw how far codes of different sizes are above the floor, log-log.

    Parameters
    ----------
    curves : dict
        Name -> (code sizes, excess, standard deviation or None): sequences of
        one length; the excess in nats per pixel. A deviation that is not a
        number, as that of a single run, draws no bar. A name that begins with a kind of
        `COLOURS`, such as "dense", has that kind's colour, and one with the word
        "published" a dashed line. Its name stands at its right end.
    xlabel : str
        What the sizes count.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no curve, or the numbers of one have several lengths or are not
        positive, which both logarithmic axes need.

    Examples
    --------
    >>> from convae_lib import plot_excess
    >>> figure = plot_excess({"PCA": ([30, 576], [0.0625, 0.0038], None)})
    """
    check_named(curves=curves)
    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    others = cycle((PURPLE, "black"))
    for place, (name, curve) in enumerate(curves.items()):
        if not isinstance(curve, list | tuple) or len(curve) != 3:
            raise ValueError(
                f"curve {name!r} is {curve!r:.60}; give (code sizes, excess, standard "
                "deviation or None)"
            )
        sizes, excess, spread = curve
        lengths = {
            len(numbers) for numbers in (sizes, excess, spread) if numbers is not None
        }
        if len(lengths) > 1:
            raise ValueError(f"the numbers of {name!r} have lengths {sorted(lengths)}")
        for numbers in (sizes, excess):
            numbers = read_numbers(f"curve {name!r}", numbers)
            if not numbers.size or not (numbers > 0).all():
                raise ValueError(
                    f"curve {name!r} has {numbers.tolist()}; give positive numbers, for "
                    "both axes are logarithmic"
                )
        kind = kind_of(name)
        dash = "--" if "published" in name else "-"
        axis.errorbar(
            sizes,
            excess,
            spread,
            fmt=f"{'osD^vP'[place % 6]}{dash}",
            color=COLOURS[kind] if kind else next(others),
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
    axis.spines[["top", "right"]].set_visible(False)
    name_lines(axis)
    return figure


LINE = 11.0
"""Points from one name to the next."""
EDGE = 0.9
"""Share of the axes' width from which on a line ends at the right edge."""


def name_lines(axis):
    """Write the name of each line beside its right end, in place of a legend.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        With all that it shows, and with the limits that it will have. A line without a
        label is left alone. Names of lines that end at the right edge stand in a column
        beside the axes, none over another: their places are the ones in order, a line of
        text apart at least, with the least squared distances to the ends.

    Raises
    ------
    ValueError
        If no line has a label.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from convae_lib import name_lines
    >>> figure, axis = plt.subplots()
    >>> lines = axis.plot([1, 2], [3, 3.01], label="a") + axis.plot([1, 2], [3, 3], label="b")
    >>> name_lines(axis)
    >>> [text.get_text() for text in axis.texts]
    ['b', 'a']
    """
    named = _named(axis)
    if not named:
        raise ValueError("no line of the axis has a label; plot with label=…")
    lines, names = zip(*named)
    axis.figure.draw_without_rendering()  # or the height of the axes is not known
    ends = [_right_end(axis, line) for line in lines]
    places = axis.transAxes.inverted().transform(axis.transData.transform(ends))
    beside = [n for n in np.argsort(places[:, 1], kind="stable") if places[n, 0] > EDGE]
    for n in sorted({*range(len(lines))} - {*beside}):
        where = dict(textcoords="offset points", ha="right", va="bottom", size=9)
        axis.annotate(names[n], ends[n], (0, 3), **where)
    if not beside:
        return
    steps = LINE * axis.figure.dpi / 72 / axis.bbox.height * np.arange(len(beside))
    heights = isotonic_regression(places[beside, 1] - steps).x + steps
    for n, height in zip(beside, heights):
        colour = lines[n].get_color()
        axis.annotate(
            names[n],
            ends[n],
            (1.03, height),
            textcoords="axes fraction",
            va="center",
            size=9,
            arrowprops=dict(arrowstyle="-", color=colour, lw=0.8, shrinkA=1, shrinkB=4),
        )


def _named(axis):
    """Return the lines of an axis with their labels, those of error bars, too."""
    bars = {bar.lines[0]: bar.get_label() for bar in axis.containers if bar.lines}
    named = [(line, bars.get(line, line.get_label())) for line in axis.lines]
    return [(line, name) for line, name in named if not name.startswith("_")]


def _right_end(axis, line):
    """Return the point of a line farthest to the right, in the axes' own units."""
    x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
    if line.get_transform() != axis.transData:  # a level goes through from edge to edge
        return axis.get_xlim()[1], y[-1]
    return x[x.argmax()], y[x.argmax()]
