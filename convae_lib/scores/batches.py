"""Images, a batch at a time: in memory or not, no score needs them all at once."""

__all__ = ["batches"]


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
