"""A graph that joins near neighbours, and labels that spread over it."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from ..checks import check_sizes

__all__ = ["join_nearest", "poisson_learning"]

NO_LABEL = -1


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


def poisson_learning(graph, places, labels, classes=10, tolerance=1e-6):
    """Spread a few labels over a graph by Poisson's equation.

    Each labelled place is a source of its class, from whose column of 0 and 1 the mean
    over the labelled places is taken; ``L u = sources`` is solved for the graph's
    Laplacian L, and each place gets the class whose value is largest, once the columns
    are divided by how often the labels have that class.

    Parameters
    ----------
    graph : scipy.sparse.csr_array, shape (n, n)
        Symmetric, as of `join_nearest`.
    places : ndarray of int, shape (m,)
        Of the labelled vectors.
    labels : ndarray of int, shape (m,)
        From 0 to ``classes - 1``.
    classes : int, default 10
    tolerance : float, default 1e-6
        Relative residual at which the solver stops.

    Returns
    -------
    ndarray of int, shape (n,)
        A label for each place; -1 in a part of the graph that has none. Parts that hang
        together by nothing are solved by themselves.

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
    Two pairs that hang together by a thread:

    >>> graph = csr_array([[0, 1, 0, 0], [1, 0, 0.1, 0], [0, 0.1, 0, 1], [0, 0, 1, 0]])
    >>> poisson_learning(graph, np.array([0, 3]), np.array([0, 1]), classes=2).tolist()
    [0, 0, 1, 1]
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
    laplacian = LinearOperator(graph.shape, lambda u: degrees * u - graph @ u)
    inverse = LinearOperator(graph.shape, lambda u: u / degrees)
    u = np.empty_like(sources)
    for column in range(classes):
        u[:, column], failed = cg(
            laplacian, sources[:, column], rtol=tolerance, maxiter=2_000, M=inverse
        )
        if failed:
            raise RuntimeError(f"no solution within {failed} steps")
    for column in u.T:  # of all solutions, the one whose weighted mean is 0
        means = np.bincount(of_part, column * degrees) / np.bincount(of_part, degrees)
        column -= means[of_part]
    alone = np.count_nonzero(given, axis=1) == 1
    u = np.where(alone[of_part, None], shares[of_part], u / counts)
    return np.where(given.any(axis=1)[of_part], u.argmax(axis=1), NO_LABEL)
