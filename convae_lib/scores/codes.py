"""The codes of images, and what they are worth when their numbers are kept in a few bits."""

import numpy as np

from .batches import batches, mapped
from .losses import excess_over_floor

__all__ = ["BITS", "excess_by_bits", "labelled_codes"]

BITS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 16)


def excess_by_bits(images, encode, decode):
    """Return the excess on validation for codes rounded to each number of bits.

    Each code number gets ``2**bits`` evenly spaced levels between its smallest
    and its largest value on the training images.

    Parameters
    ----------
    images : Images
    encode, decode : callable
        From a batch of images to their codes, and back.

    Returns
    -------
    dict
        ``bits``: the numbers of bits; ``bits_excess``: for each the excess over
        the floor, in nats per pixel.
    """
    ends = [
        (codes.min(axis=0), codes.max(axis=0))
        for codes in map(encode, batches(images.train))
    ]
    low = np.min([least for least, _ in ends], axis=0)
    high = np.max([most for _, most in ends], axis=0)
    width = np.where(high > low, high - low, 1)
    excess = np.zeros(len(BITS))
    for x in batches(images.valid):
        place = np.clip((encode(x) - low) / width, 0, 1)
        for row, bits in enumerate(BITS):
            levels = 2**bits - 1
            codes = low + np.round(place * levels) / levels * width
            y = decode(codes.astype(np.float32))
            excess[row] += len(x) * excess_over_floor(x, y)
    return {"bits": list(BITS), "bits_excess": (excess / len(images.valid)).tolist()}


def labelled_codes(images, encode):
    """Return the codes of all images, for scores that ask for their classes.

    Parameters
    ----------
    images : Images
        With labels of all three parts.
    encode : callable
        From a batch of images to their codes.

    Returns
    -------
    dict of ndarray of float32, shape (n, numbers)
        By part: "train", "valid" and "test".

    Raises
    ------
    ValueError
        If a part has no labels.
    """
    parts = ("train", "valid", "test")
    if missing := sorted(set(parts) - set(images.labels)):
        raise ValueError(f"images of {images.name} have no labels of {missing[0]}")
    codes = {}
    for part in parts:
        rows = mapped(encode, getattr(images, part))
        codes[part] = rows.reshape(len(rows), -1).astype(np.float32)
    return codes
