"""Binary cross-entropy, its floor, and the excess over it.

All losses are in nats per pixel: means over images and pixels of the binary
cross-entropy with natural logarithms, as Keras reports them.
"""

import numpy as np
from scipy.special import entr, xlogy

__all__ = ["binary_crossentropy", "entropy_floor", "excess_over_floor"]

EPSILON = 1e-7
"""Keras keeps predictions this far from 0 and 1 (``keras.config.epsilon()``)."""


def binary_crossentropy(x, reconstruction):
    """Return the mean binary cross-entropy between images and reconstructions.

    The same number that ``loss="binary_crossentropy"`` gives, in plain NumPy,
    for baselines that are no Keras model.

    Parameters
    ----------
    x : array_like
        Images with values in [0, 1], of any shape.
    reconstruction : array_like
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
        If a value lies outside [0, 1] or is not a number.

    Examples
    --------
    A grey pixel costs even when it is predicted exactly:

    >>> round(binary_crossentropy([0.5], [0.5]), 4)
    0.6931
    >>> round(binary_crossentropy([0.0, 1.0], [0.0, 1.0]), 4)
    0.0
    """
    x = _in_unit_interval("x", x)
    y = _in_unit_interval("reconstruction", reconstruction)
    y = np.broadcast_to(np.clip(y, EPSILON, 1 - EPSILON), x.shape)
    return float(-np.mean(xlogy(x, y) + xlogy(1 - x, 1 - y)))


def entropy_floor(x):
    """Return the smallest binary cross-entropy that any reconstruction of `x` has.

    It is reached where the reconstruction equals `x`, and it is the mean
    entropy of the pixels read as probabilities: zero only if every pixel is
    0 or 1.

    Parameters
    ----------
    x : array_like
        Images with values in [0, 1], of any shape.

    Returns
    -------
    float
        Nats per pixel.

    Raises
    ------
    ValueError
        If a value lies outside [0, 1] or is not a number.

    Examples
    --------
    >>> round(entropy_floor([0.0, 0.5, 1.0, 0.5]), 4)
    0.3466
    """
    x = _in_unit_interval("x", x)
    return float(np.mean(entr(x) + entr(1 - x)))


def excess_over_floor(x, reconstruction):
    """Return how far a reconstruction is above the floor of `x`.

    ``binary_crossentropy(x, reconstruction) - entropy_floor(x)``: the mean
    Kullback-Leibler divergence from the reconstruction's pixels to those of
    `x`. Zero means perfect.

    Parameters
    ----------
    x, reconstruction : array_like
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
    return binary_crossentropy(x, reconstruction) - entropy_floor(x)


def _in_unit_interval(name, values):
    values = np.asarray(values, dtype=np.float64)
    if not values.size:
        raise ValueError(f"{name} is empty: its shape is {values.shape}")
    low, high = values.min(), values.max()
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"{name} has values from {low:.4g} to {high:.4g}; they must lie in "
            "[0, 1] (divide grey levels by 255)"
        )
    return values
