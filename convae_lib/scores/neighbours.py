"""How well the nearest neighbours of an image agree with it in class."""

import numpy as np

from ..checks import check_sizes, read_numbers
from .codes import labelled_codes

__all__ = ["NEIGHBOURS", "nearest", "neighbour_scores", "precision", "vote"]

NEIGHBOURS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)
"""Numbers of neighbours among which validation chooses."""


def nearest(gallery, queries, count, distances=False):
    """Return the places of the nearest vectors, by Euclidean distance.

    Parameters
    ----------
    gallery, queries : array_like or tensor
        Codes or images, (n, ...) and (m, ...); each is flattened.
    count : int
        How many of the gallery for each query.
    distances : bool, default False
        Whether to return those, too.

    Returns
    -------
    places : ndarray of int, shape (m, count)
        Nearest first.
    distances : ndarray of float32, shape (m, count)
        If asked for.

    Raises
    ------
    ValueError
        If the two have vectors of different lengths, or the gallery fewer than `count`.

    Examples
    --------
    >>> nearest([[0.0], [1.0], [5.0]], [[0.9], [4.0]], count=2).tolist()
    [[1, 0], [2, 1]]
    """
    from sklearn.neighbors import NearestNeighbors  # here: the rest does without it

    check_sizes(count=count)
    gallery, queries = (
        read_numbers(name, values).reshape(len(values), -1).astype(np.float32)
        for name, values in (("gallery", gallery), ("queries", queries))
    )
    if gallery.shape[1] != queries.shape[1]:
        raise ValueError(
            f"queries of {queries.shape[1]} numbers do not fit a gallery of "
            f"{gallery.shape[1]}"
        )
    if len(gallery) < count:
        raise ValueError(f"a gallery of {len(gallery)} has no {count} neighbours")
    index = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(gallery)
    found = index.kneighbors(queries)
    return (found[1], found[0]) if distances else found[1]


def vote(labels, count):
    """Return the label that most of the first `count` neighbours have.

    Parameters
    ----------
    labels : ndarray of int, shape (m, k)
        Those of the neighbours, nearest first.
    count : int
        From 1 to k.

    Returns
    -------
    ndarray of int, shape (m,)
        Of labels that are as frequent, the one whose first neighbour is nearest.

    Examples
    --------
    >>> vote(np.array([[3, 1, 1], [2, 0, 1]]), count=3).tolist()
    [1, 2]
    """
    labels = np.asarray(labels)[:, :count]
    votes = (labels[:, :, None] == labels[:, None, :]).sum(axis=2)  # (m, count)
    return labels[np.arange(len(labels)), votes.argmax(axis=1)]


def precision(labels, own, count=10):
    """Return the share of the first neighbours that have the query's own label.

    Parameters
    ----------
    labels : ndarray of int, shape (m, k)
    own : ndarray of int, shape (m,)
    count : int, default 10

    Returns
    -------
    float

    Examples
    --------
    >>> precision(np.array([[1, 1], [0, 1]]), np.array([1, 1]), count=2)
    0.75
    """
    return float(np.mean(np.asarray(labels)[:, :count] == np.asarray(own)[:, None]))


def neighbour_scores(images, encode):
    """Return how well neighbours in code agree in class, on validation and test images.

    The gallery are the training images; how many neighbours vote is chosen by the
    validation images.

    Parameters
    ----------
    images : Images
        With labels of all three parts.
    encode : callable
        From a batch of images to codes.

    Returns
    -------
    dict
        ``neighbours``, the number chosen; for "val" and "test" the accuracy of their
        vote and the ``precision_at_10``.

    Raises
    ------
    ValueError
        If a part has no labels.
    """
    codes = labelled_codes(images, encode)
    found, chosen = {}, None
    for part, short in (("valid", "val"), ("test", "test")):
        places = nearest(codes["train"], codes[part], max(NEIGHBOURS))
        labels, own = images.labels["train"][places], images.labels[part]
        right = {k: float(np.mean(vote(labels, k) == own)) for k in NEIGHBOURS}
        chosen = chosen or max(right, key=right.get)
        found[f"{short}_neighbour_accuracy"] = right[chosen]
        found[f"{short}_precision_at_10"] = precision(labels, own)
    return {"neighbours": chosen, **found}
