"""Binary cross-entropy, its floor, and the excess over it.

All losses are in nats per pixel: means over images and pixels of the binary
cross-entropy with natural logarithms, as Keras reports them.
"""

import numpy as np
from scipy.special import entr, xlogy

from ..checks import read_array
from .batches import batches, read_in_batches
from .pixels import read_pixels, refuse_other_shape

__all__ = ["binary_crossentropy", "entropy_floor", "excess_over_floor"]

EPSILON = 1e-7
"""Keras keeps predictions this far from 0 and 1 (``keras.config.epsilon()``)."""


def binary_crossentropy(x, reconstruction):
    """Return the mean binary cross-entropy between images and reconstructions.

    The same number that ``loss="binary_crossentropy"`` gives, in plain NumPy,
    for baselines that are no Keras model.

    Parameters
    ----------
    x : array_like, tensor, or what is read like one
        Images with values in [0, 1], of any shape, in grey or colour. Those of a
        folder are read a batch at a time.
    reconstruction : array_like, tensor, or what is read like one
        Values in [0, 1], of a shape that broadcasts to that of `x`: one mean
        image serves all images. Like Keras, it is clipped to
        ``[1e-7, 1 - 1e-7]``.

    Returns
    -------
    float
        Nats per pixel.

    Raises
    ------
    ValueError
        If a value is masked, lies outside [0, 1] or is not a number, or the
        reconstruction does not broadcast to `x`.

    Examples
    --------
    A grey pixel costs even when it is predicted exactly:

    >>> round(binary_crossentropy([0.5], [0.5]), 4)
    0.6931
    >>> round(binary_crossentropy([0.0, 1.0], [0.0, 1.0]), 4)
    0.0
    """
    if read_in_batches(x):
        return _mean_of_batches(binary_crossentropy, x, reconstruction)
    x = read_pixels("x", x)
    y = np.clip(read_pixels("reconstruction", reconstruction), EPSILON, 1 - EPSILON)
    try:
        y = np.broadcast_to(y, x.shape)
    except ValueError:
        refuse_other_shape(x.shape, y.shape)
    return float(-np.mean(xlogy(x, y) + xlogy(1 - x, 1 - y)))


def entropy_floor(x):
    """Return the smallest binary cross-entropy that any reconstruction of `x` has.

    It is reached where the reconstruction equals `x`, and it is the mean
    entropy of the pixels read as probabilities: zero only if every pixel is
    0 or 1.

    Parameters
    ----------
    x : array_like, tensor, or what is read like one
        Images with values in [0, 1], of any shape, as in `binary_crossentropy`.

    Returns
    -------
    float
        Nats per pixel, or per value of a colour: what Keras reports.

    Raises
    ------
    ValueError
        If a value is masked, lies outside [0, 1] or is not a number.

    Examples
    --------
    >>> round(entropy_floor([0.0, 0.5, 1.0, 0.5]), 4)
    0.3466
    """
    if read_in_batches(x):
        return _mean_of_batches(entropy_floor, x)
    x = read_pixels("x", x)
    return float(np.mean(entr(x) + entr(1 - x)))


def excess_over_floor(x, reconstruction):
    """Return how far a reconstruction is above the floor of `x`.

    ``binary_crossentropy(x, reconstruction) - entropy_floor(x)``: the mean
    Kullback-Leibler divergence from the reconstruction's pixels to those of
    `x`. Zero means perfect.

    Parameters
    ----------
    x, reconstruction : array_like or tensor
        As in `binary_crossentropy`.

    Returns
    -------
    float
        Nats per pixel, not negative (but for rounding).

    Raises
    ------
    ValueError
        As in `binary_crossentropy`.

    References
    ----------
    T. Cover and J. Thomas, "Elements of Information Theory", 2nd ed., section
    2.3, on the divergence.

    Examples
    --------
    >>> round(excess_over_floor([0.25, 0.75], [0.5, 0.5]), 4)
    0.1308
    """
    if read_in_batches(x):  # once, not once for each
        return _mean_of_batches(excess_over_floor, x, reconstruction)
    return binary_crossentropy(x, reconstruction) - entropy_floor(x)


def _mean_of_batches(score, x, *others):
    """Return the mean of a score over images that are read a batch at a time."""
    others = [
        y if hasattr(y, "shape") else read_array("reconstruction", y) for y in others
    ]
    total, start = 0.0, 0
    for batch in batches(x):
        rows = slice(start, start + len(batch))
        total += len(batch) * score(batch, *(_of_rows(y, rows, x) for y in others))
        start += len(batch)
    return total / len(x)


def _of_rows(y, rows, x):
    """Return what an array has for these images; all of it where one serves all."""
    one_each = len(y.shape) == len(x.shape) and y.shape[0] == len(x)
    return y[rows] if one_each else y
