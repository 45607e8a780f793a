"""Images, a batch at a time: in memory or not, no score needs them all at once."""

import numpy as np

__all__ = ["batches", "mapped", "read_in_batches"]


def batches(images, size=500):
    """Yield the images in order, `size` at a time.

    Parameters
    ----------
    images : array_like or what is read like one
        Anything with a length whose slices are arrays.
    size : int, default 500

    Yields
    ------
    ndarray

    Examples
    --------
    >>> [len(batch) for batch in batches(range(7), 3)]
    [3, 3, 1]
    """
    for start in range(0, len(images), size):
        yield images[start : start + size]


def mapped(function, images):
    """Return what a function makes of images, a batch at a time, as one array.

    Parameters
    ----------
    function : callable
        From a batch of images to as many rows.
    images : array_like or what is read like one

    Returns
    -------
    ndarray

    Examples
    --------
    >>> mapped(lambda batch: batch + 1, np.arange(3)).tolist()
    [1, 2, 3]
    """
    return np.concatenate([np.asarray(function(batch)) for batch in batches(images)])


def read_in_batches(images):
    """Tell whether images are read from somewhere, and so better not all at once.

    Examples
    --------
    >>> read_in_batches(np.zeros((2, 3))), read_in_batches([0.5])
    (False, False)
    """
    held = hasattr(images, "__array__") or hasattr(images, "toarray")
    return not held and hasattr(images, "shape") and hasattr(images, "__len__")
