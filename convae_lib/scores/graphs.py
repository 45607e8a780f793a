"""A graph that joins near neighbours, and labels that spread over it."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ..checks import check_sizes

__all__ = ["join_nearest", "likeliest_labels", "poisson_learning", "poisson_potentials"]

NO_LABEL = -1
STEPS = 2_000  # of the solver, at most
ROUNDS = 300  # of balancing, at most


def join_nearest(places, distances, count=10):
    """Return the weights of a symmetric graph that joins each vector to its nearest.

    The weight of a neighbour at distance d is ``exp(-4 d² / d_k²)``, where d_k is the
    distance of the farthest of the `count` neighbours; of the two weights of a pair the
    mean is taken, 0 where one is no neighbour of the other.

    Parameters
    ----------
    places, distances : ndarray, shape (n, more than count)
        As `nearest` returns them for vectors that are gallery and queries.
    count : int, default 10
        Neighbours of each.

    Returns
    -------
    scipy.sparse.csr_array, shape (n, n)

    References
    ----------
    J. Calder et al., "Poisson learning: graph based semi-supervised learning at very low
    label rates", 2020, section 4, for the weights.

    Examples
    --------
    >>> from convae_lib import nearest
    >>> codes = [[0.0], [1.0], [5.0]]
    >>> graph = join_nearest(*nearest(codes, codes, count=2, distances=True), count=1)
    >>> graph.toarray().round(3).tolist()
    [[0.0, 0.018, 0.0], [0.018, 0.0, 0.009], [0.0, 0.009, 0.0]]
    """
    places, distances = places[:, : count + 1], distances[:, : count + 1]
    own = places == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True  # copies of it fill its place
    places = places[~own].reshape(-1, count)
    squares = distances[~own].reshape(-1, count) ** 2
    farthest = np.maximum(squares.max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    weights = np.exp(-4 * squares / farthest)
    starts = np.arange(0, places.size + 1, count)
    graph = csr_array(
        (weights.ravel(), places.ravel(), starts), shape=[len(places)] * 2
    )
    return csr_array((graph + graph.T) / 2)


def poisson_learning(graph, places, labels, classes=10, tolerance=1e-3):
    """Spread a few labels over a graph: each place gets the class of most potential.

    Parameters
    ----------
    graph, places, labels, classes, tolerance
        As in `poisson_potentials`.

    Returns
    -------
    ndarray of int, shape (n,)
        A label for each place; -1 in a part of the graph that has none.

    Raises
    ------
    ValueError, RuntimeError
        As in `poisson_potentials`.

    References
    ----------
    As for `poisson_potentials`.

    Examples
    --------
    Two pairs that hang together by a thread:

    >>> graph = csr_array([[0, 1, 0, 0], [1, 0, 0.1, 0], [0, 0.1, 0, 1], [0, 0, 1, 0]])
    >>> poisson_learning(graph, np.array([0, 3]), np.array([0, 1]), classes=2).tolist()
    [0, 0, 1, 1]
    """
    return likeliest_labels(
        poisson_potentials(graph, places, labels, classes, tolerance)
    )


def poisson_potentials(graph, places, labels, classes=10, tolerance=1e-3):
    """Return how much of each class reaches each place, by Poisson's equation.

    Each labelled place is a source of its class, from whose column of 0 and 1 the mean
    over the labelled places is taken; ``L u = sources`` is solved for the graph's
    Laplacian L, and the columns are divided by how often the labels have that class.

    Parameters
    ----------
    graph : scipy.sparse.csr_array, shape (n, n)
        Symmetric, as of `join_nearest`.
    places : ndarray of int, shape (m,)
        Of the labelled vectors.
    labels : ndarray of int, shape (m,)
        From 0 to ``classes - 1``.
    classes : int, default 10
    tolerance : float, default 1e-3
        Relative residual at which the solver stops.

    Returns
    -------
    ndarray, shape (n, classes)
        Not a number in a part of the graph that has no label. Parts that hang together
        by nothing are solved by themselves.

    Raises
    ------
    ValueError
        If a class has no label.
    RuntimeError
        If the solver does not get there.

    References
    ----------
    J. Calder et al., "Poisson learning: graph based semi-supervised learning at very low
    label rates", 2020, equation 2.1 and algorithm 1.

    Examples
    --------
    >>> graph = csr_array([[0, 1, 0, 0], [1, 0, 0.1, 0], [0, 0.1, 0, 1], [0, 0, 1, 0]])
    >>> u = poisson_potentials(graph, np.array([0, 3]), np.array([0, 1]), classes=2)
    >>> (u[:, 0] - u[:, 1]).round(2).tolist()
    [6.0, 5.0, -5.0, -6.0]
    """
    check_sizes(classes=classes)
    places, labels = np.asarray(places), np.asarray(labels)
    counts = np.bincount(labels, minlength=classes)
    if missing := np.flatnonzero(counts == 0).tolist():
        raise ValueError(f"no label is given for the classes {missing}")
    parts, of_part = connected_components(graph, directed=False)
    given = np.zeros((parts, classes))  # labels of each class, in each part by itself
    np.add.at(given, (of_part[places], labels), 1)
    shares = given / np.maximum(given.sum(axis=1, keepdims=True), 1)
    sources = np.zeros((graph.shape[0], classes))
    sources[places] = np.eye(classes)[labels] - shares[of_part[places]]
    degrees = graph.sum(axis=1)
    u = _solved(graph, degrees, sources, tolerance)
    for column in u.T:  # of all solutions, the one whose weighted mean is 0
        means = np.bincount(of_part, column * degrees) / np.bincount(of_part, degrees)
        column -= means[of_part]
    alone = np.count_nonzero(given, axis=1) == 1
    u = np.where(alone[of_part, None], shares[of_part], u / counts)
    return np.where(given.any(axis=1)[of_part, None], u, np.nan)


def likeliest_labels(potentials, shares=None):
    """Return the class of most potential, or labels that are as frequent as is known.

    If it is known how frequent each class is, a number is added to its potentials, the
    same everywhere, until the class has its share of the places.

    Parameters
    ----------
    potentials : ndarray, shape (n, classes)
        As of `poisson_potentials`.
    shares : array_like, shape (classes,), optional
        How frequent each class is; they sum to 1.

    Returns
    -------
    ndarray of int, shape (n,)
        -1 where a potential is not a number.

    Raises
    ------
    ValueError
        If the shares are not as many as the classes, or do not sum to 1.

    References
    ----------
    As for `poisson_potentials`, section 2.3, which keeps the sizes of classes so.

    Examples
    --------
    The first class is a little ahead everywhere:

    >>> u = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.5], [0.7, 0.6]])
    >>> likeliest_labels(u).tolist(), likeliest_labels(u, [0.5, 0.5]).tolist()
    ([0, 0, 0, 0], [0, 0, 1, 1])
    """
    unknown = np.isnan(potentials).any(axis=1)
    known = potentials[~unknown]
    if shares is not None:
        known = known + _balance(known, np.asarray(shares, np.float64))
    labels = np.full(len(potentials), NO_LABEL)
    labels[~unknown] = known.argmax(axis=1)
    return labels


def _balance(potentials, shares):
    """Return the number to add to each column so that the labels have their shares."""
    n, classes = potentials.shape
    if shares.shape != (classes,) or abs(shares.sum() - 1) > 1e-6:
        raise ValueError(
            f"shares {shares.tolist()} must be {classes} numbers that sum to 1"
        )
    added, step = np.zeros(classes), potentials.std()
    for turn in range(ROUNDS):
        told = (potentials + added).argmax(axis=1)
        over = np.bincount(told, minlength=classes) / n - shares
        if np.abs(over).max() < 0.5 / n:
            break
        added -= step / (1 + turn / 20) * over
    return added


def _solved(graph, degrees, sources, tolerance):
    """Solve ``L u = sources`` by conjugate gradients, preconditioned by the diagonal.

    All columns step at once, each with factors of its own, so that the graph is read
    once for all of them: that is what takes the time.
    """
    diagonal = np.where(degrees > 0, degrees, 1)[:, None]
    u, left = np.zeros_like(sources), sources.copy()
    aimed = tolerance * np.linalg.norm(sources, axis=0)
    way, before = 0, 1
    for _ in range(STEPS):
        if (np.linalg.norm(left, axis=0) <= aimed).all():
            return u
        scaled = left / diagonal
        now = (left * scaled).sum(axis=0)
        way = scaled + now / before * way
        image = degrees[:, None] * way - graph @ way
        bend = (way * image).sum(axis=0)
        far = now / np.where(bend > 0, bend, 1)  # 0 / 1 for a column that is solved
        u += far * way
        left -= far * image
        before = np.where(now > 0, now, 1)
    raise RuntimeError(f"no solution within {STEPS} steps")
