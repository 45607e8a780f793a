"""Damage done to images, which a network may learn to undo."""

import numpy as np

from .pixels import read_pixels

__all__ = ["CORRUPTIONS", "corrupt"]


def corrupt(images, kind, amount, seed=0):
    """Return damaged copies of images.

    Parameters
    ----------
    images : array_like or tensor
        Shape (n, height, width) or (n, height, width, channels), values in [0, 1].
    kind : {"gaussian", "salt and pepper", "block"}
        Normal noise added to each value; pixels that turn black or white, both as
        often; or a square that is missing, so black, anywhere in the image.
    amount : float
        The noise's standard deviation; the share of the pixels; or the square's side, as
        a share of the image's shorter one.
    seed : int or numpy.random.Generator, default 0
        A generator goes on where it is: images handed over in batches are damaged as
        if they had come at once.

    Returns
    -------
    ndarray of float32
        Of the shape of `images`, clipped to [0, 1].

    Raises
    ------
    ValueError
        If the kind is another one, the amount is none of that kind, or a value of an
        image is masked, outside [0, 1] or not a number.

    Examples
    --------
    >>> import numpy as np
    >>> from convae_lib import corrupt
    >>> grey = np.full((1, 4, 4), 0.5)
    >>> int((corrupt(grey, "block", 0.5) == 0).sum())
    4
    >>> bool((corrupt(grey, "gaussian", 0.1) == corrupt(grey, "gaussian", 0.1)).all())
    True
    """
    if kind not in CORRUPTIONS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(CORRUPTIONS)}")
    images = read_pixels("images", images).astype(np.float32)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"images of shape {images.shape} are no stack (n, height, width) or "
            "(n, height, width, channels)"
        )
    return CORRUPTIONS[kind](images, amount, np.random.default_rng(seed))


# Each draws its random numbers at once and image after image, so that it does not
# matter in which batches the images come.


def _gaussian(images, sigma, rng):
    _refuse_unless(sigma >= 0, "gaussian", sigma, "a standard deviation from 0 up")
    noise = rng.standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(sigma) * noise, 0, 1)


def _salt_and_pepper(images, share, rng):
    _refuse_unless(0 <= share <= 1, "salt and pepper", share, "a share from 0 to 1")
    n, height, width = images.shape[:3]
    drawn = rng.random((n, height, width), np.float32)
    drawn = drawn.reshape(n, height, width, *[1] * (images.ndim - 3))  # all channels
    images = np.where(drawn < share / 2, np.float32(0), images)
    return np.where(drawn >= 1 - share / 2, np.float32(1), images)


def _block(images, share, rng):
    _refuse_unless(0 <= share <= 1, "block", share, "a share from 0 to 1")
    n, height, width = images.shape[:3]
    side = round(share * min(height, width))
    corners = rng.random((n, 2)) * (height - side + 1, width - side + 1)
    top, left = corners.astype(int).T[..., None]  # each (n, 1)
    rows, columns = np.arange(height), np.arange(width)
    within = (rows >= top) & (rows < top + side)  # (n, height)
    across = (columns >= left) & (columns < left + side)  # (n, width)
    missing = within[:, :, None] & across[:, None, :]
    missing = missing.reshape(n, height, width, *[1] * (images.ndim - 3))
    return np.where(missing, np.float32(0), images)


def _refuse_unless(fits, kind, amount, valid):
    if not fits:
        raise ValueError(f"amount {amount!r} of {kind!r} must be {valid}")


CORRUPTIONS = {
    "gaussian": _gaussian,
    "salt and pepper": _salt_and_pepper,
    "block": _block,
}
