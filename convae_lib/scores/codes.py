"""What a code is worth when each of its numbers is kept in a few bits."""

import numpy as np

from .batches import batches
from .losses import excess_over_floor

__all__ = ["BITS", "excess_by_bits"]

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
