"""How near repaired images come to the ones that were damaged."""

import numpy as np

from .batches import batches
from .corruptions import corrupt
from .pixels import read_pixels, refuse_other_shape

__all__ = ["DAMAGES", "psnr", "repair_scores", "ssim"]

DAMAGES = {
    "clean": ("gaussian", 0),
    "gaussian 0.2": ("gaussian", 0.2),
    "gaussian 0.5": ("gaussian", 0.5),
    "salt and pepper": ("salt and pepper", 0.2),
    "missing block": ("block", 0.36),  # 10 of 28 pixels
}
"""What is asked to be repaired: a kind of `corrupt`, and how much of it."""

SEEDS = {"val": 1, "test": 2}
"""Those of the damage, one for each part."""


def psnr(x, reconstruction):
    """Return the peak signal-to-noise ratio of each image, in decibels.

    Parameters
    ----------
    x, reconstruction : array_like or tensor
        Images with values in [0, 1], of one shape, (n, ...).

    Returns
    -------
    ndarray of float64, shape (n,)
        ``-10 log10`` of the mean squared error of each image; infinite for a perfect one.

    Raises
    ------
    ValueError
        If a value is masked, outside [0, 1] or not a number, or the shapes differ.

    Examples
    --------
    >>> psnr([[0.5, 0.5]], [[0.6, 0.4]]).round(3).tolist()
    [20.0]
    """
    x, y = _pair(x, reconstruction)
    with np.errstate(divide="ignore"):
        return -10 * np.log10(np.mean((x - y) ** 2, axis=tuple(range(1, x.ndim))))


def ssim(x, reconstruction):
    """Return the structural similarity of each image: 1 for a perfect one.

    That of scikit-image, with its default window of 7×7 pixels and a data range of 1.

    Parameters
    ----------
    x, reconstruction : array_like or tensor
        Images with values in [0, 1], of one shape, (n, height, width) or (n, height,
        width, channels).

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        As in `psnr`; also from scikit-image, if an image is smaller than the window.

    References
    ----------
    Z. Wang et al., "Image quality assessment: from error visibility to structural
    similarity", IEEE Transactions on Image Processing 13, 2004.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).random((2, 8, 8))
    >>> ssim(x, x).tolist()
    [1.0, 1.0]
    """
    from skimage.metrics import structural_similarity  # here: the rest does without it

    x, y = _pair(x, reconstruction)
    colour = {"channel_axis": -1} if x.ndim == 4 else {}
    similar = [
        structural_similarity(*pair, data_range=1, **colour) for pair in zip(x, y)
    ]
    return np.array(similar)


def repair_scores(part, images, repair, damages=DAMAGES, similar=True):
    """Return the mean PSNR and SSIM of repaired images, for each kind of damage.

    Parameters
    ----------
    part : {"val", "test"}
        Which decides the seed of the damage.
    images : ndarray or what is read like one
        The images as they were.
    repair : callable
        From a batch of damaged images to repaired ones; what it returns is clipped to
        [0, 1].
    damages : dict, default `DAMAGES`
    similar : bool, default True
        Whether SSIM is asked, which takes most of the time.

    Returns
    -------
    dict
        ``damages``, their names, and under names that begin with `part` a list of
        ``psnr`` and one of ``ssim``. A perfect image counts as 100 dB.
    """
    scores = {"psnr": lambda x, y: np.minimum(psnr(x, y), 100)}
    if similar:
        scores["ssim"] = ssim
    found = {name: [] for name in scores}
    for kind, amount in damages.values():
        rng = np.random.default_rng(SEEDS[part])
        sums = np.zeros(len(scores))
        for x in batches(images):
            y = np.clip(repair(corrupt(x, kind, amount, rng)), 0, 1)
            sums += [score(x, y).sum() for score in scores.values()]
        for name, total in zip(found, sums):
            found[name].append(total / len(images))
    return {
        "damages": list(damages),
        **{f"{part}_{name}": values for name, values in found.items()},
    }


def _pair(x, reconstruction):
    x = read_pixels("x", x)
    y = read_pixels("reconstruction", reconstruction)
    if x.shape != y.shape:
        refuse_other_shape(x.shape, y.shape)
    return x, y
