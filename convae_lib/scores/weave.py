"""The pattern that a network draws on cloth that has none."""

import numpy as np

from .pixels import read_pixels, refuse_other_shape

__all__ = ["PERIODS", "weave"]

PERIODS = (2, 4, 8)
"""Pixels after which a pattern repeats that one, two or three strides of 2 make."""

FLAT, BRIGHT = 0.02, 0.4
"""What counts as flat cloth, in grey levels from 0 to 1."""


def weave(x, reconstruction):
    """Return how strong the patterns of period 2, 4 and 8 on flat cloth are.

    A strided layer may treat even and odd places unlike, and so draw a pattern that
    is no part of the image. It is looked for where it shows: along each row and each
    column, at pixels of `x` brighter than 0.4 whose two neighbours differ from them by
    less than 0.02. The *bend* of the error ``e = reconstruction - x`` at
    place j, ``e[j-1] - 2 e[j] + e[j+1]``, is averaged over all such pixels with the
    same ``j % 8``. What these eight means share with a wave that repeats after 2, 4 or
    8 pixels is divided by the bend of a wave of amplitude 1, ``2 - 2 cos(2 pi / period)``.

    Parameters
    ----------
    x, reconstruction : array_like or tensor
        Images with values in [0, 1], of one shape ``(n, height, width)`` or with
        channels behind.

    Returns
    -------
    dict of int to float
        Period in pixels to the amplitude of the wave, in grey levels from 0 to 1: the
        root of the mean square over rows and columns. Not a number where no cloth is
        flat.

    Raises
    ------
    ValueError
        As in `binary_crossentropy`; also if the shapes differ or hold no images.

    Notes
    -----
    An error without any pattern has waves as well, small ones: compare with a
    reconstruction that has an error as large and no windows, such as PCA's.

    Examples
    --------
    Cloth with a ripple of 0.01 that repeats after four columns:

    >>> import numpy as np
    >>> cloth = np.full((1, 16, 16), 0.5)
    >>> ripple = 0.01 * np.cos(2 * np.pi * np.arange(16) / 4)
    >>> {period: round(wave, 4) for period, wave in weave(cloth, cloth + ripple).items()}
    {2: 0.0, 4: 0.0071, 8: 0.0}

    The ripple is there along the rows only, hence the root of a half.
    """
    x, y = read_pixels("x", x), read_pixels("reconstruction", reconstruction)
    if x.shape != y.shape:
        refuse_other_shape(x.shape, y.shape)
    if x.ndim < 3:
        raise ValueError(f"x has shape {x.shape}; give images, (n, height, width)")
    squares = np.mean([_waves(x, y, axis) ** 2 for axis in (1, 2)], axis=0)
    return dict(zip(PERIODS, np.sqrt(squares).tolist()))


def _waves(x, y, axis):
    """Return the amplitudes of the waves along one axis, in the order of `PERIODS`."""
    x, error = (np.moveaxis(values, axis, -1) for values in (x, y - x))
    level = np.abs(np.diff(x)) < FLAT
    cloth = level[..., :-1] & level[..., 1:] & (x[..., 1:-1] > BRIGHT)
    bends = np.where(cloth, np.diff(error, n=2), 0)
    sums, counts = (
        values.reshape(-1, cloth.shape[-1]).sum(0) for values in (bends, cloth)
    )
    place = np.arange(1, 1 + len(sums)) % 8
    totals, many = (np.bincount(place, v, minlength=8) for v in (sums, counts))
    with np.errstate(invalid="ignore"):
        means = totals / many  # nan where a place has no flat cloth
    part = 2 * np.abs(np.fft.rfft(means)) / 8  # of 0 to 4 waves in eight pixels
    part[4] /= 2  # whose mirror image is itself
    waves = np.arange(1, 5)
    part = part[1:] / (2 - 2 * np.cos(2 * np.pi * waves / 8))
    return np.array([part[3], part[1], np.hypot(part[0], part[2])])
